//! `http10`.

use crate::decision::form::StartLine;

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "http10",
    area: Area::Head,
    takes: Takes::Nothing(|draft| draft.form.start = StartLine::Http10),
    against: |other| other.makes_chunks().then_some("`http10` knows no chunks"),
    sets: Sets::Other("what the head begins with"),
    summary: "answer in HTTP/1.0: the connection ends behind the reply",
    example: "http10",
    shows: &[
        Show { entry: "http10", wire: r#"GET "HTTP/1.0 200 OK\r\n" headers body FIN"# },
        Show { entry: "http10 framing=close", wire: r#"GET "HTTP/1.0 200 OK\r\n" headers{-content-length} body FIN"# },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `http10`: answers as an HTTP/1.0 server does.
    ///
    /// # On the wire
    ///
    /// `HTTP/1.0` in the status line, the headers and the body, and then a FIN: without `Connection: keep-alive` that is how
    /// HTTP/1.0 goes (RFC 9112 §9.3). There are no chunks.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::http10().to_string(), "http10");
    /// ```
    pub fn http10() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{
        StartLine,
        plan::Step::{End, Head},
    };

    #[test]
    fn it_is_the_status_line_alone_that_is_planned() {
        let plan = plan("http10", whole(9));
        assert_eq!((plan.steps(), plan.form().start()), (&[Head, End][..], &StartLine::Http10));
    }
}
