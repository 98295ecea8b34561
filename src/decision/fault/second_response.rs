//! `second-response`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "second-response",
    area: Area::Body,
    takes: Takes::Nothing(|draft| draft.behind_end(Step::SecondResponse)),
    summary: "send another response behind the reply, which nobody asked for",
    example: "second-response",
    shows: &[Show {
        entry: "second-response",
        wire: r#"GET head body "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 26\r\n\r\nNobody has asked for this." open"#,
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `second-response`: sends another response behind the reply.
    ///
    /// If something ends the reply before its end, it does not apply.
    ///
    /// # On the wire
    ///
    /// A whole reply, and right behind it a whole response with status 200 and a text of 26 bytes. A client that takes it for the
    /// answer to its next request is out of step from then on; it should close the connection instead (RFC 9112 §9.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::second_response().to_string(), "second-response");
    /// ```
    pub fn second_response() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Extra, Head, Rst, SecondResponse};

    #[test]
    fn it_comes_behind_all_else() {
        check("second-response", whole(9), &[Head, End, SecondResponse], true);
        check("second-response extra-bytes=1", whole(9), &[Head, End, Extra(1), SecondResponse], true);
        check("second-response reset-after=5", whole(9), &[Head, Body(5), Drain, Rst], false);
    }
}
