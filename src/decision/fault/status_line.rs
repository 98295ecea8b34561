//! `status-line`.

use crate::decision::form::StartLine;

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value, bytes},
};

pub(super) static SPEC: Spec = Spec {
    name: "status-line",
    area: Area::Head,
    takes: Takes::Text(|text, draft| draft.form.start = StartLine::Text(bytes(text).into())),
    sets: Sets::Other("what the head begins with"),
    summary: "send this in the place of the status line; `%20` is a space",
    example: "status-line=HTTP/2%20200",
    shows: &[
        Show { entry: "status-line=garbage", wire: r#"GET "garbage\r\n" headers body open"# },
        Show { entry: "status-line=HTTP/2%20200%20OK", wire: r#"GET "HTTP/2 200 OK\r\n" headers body open"# },
        Show { entry: "status-line=%00", wire: r#"GET "\0\r\n" headers body open"# },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `status-line=TEXT`: sends these bytes in the place of the status line.
    ///
    /// `%` and two hexadecimal digits stand for a byte; only printable ASCII without commas stands for itself. What cannot
    /// be read is an error when the schedule is built.
    ///
    /// # On the wire
    ///
    /// The bytes and a line end, where `HTTP/1.1 200 OK` should stand (RFC 9112 §4). Headers and body follow as they should,
    /// and the connection lives on. The journal has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::status_line("garbage").to_string(), "status-line=garbage");
    /// ```
    pub fn status_line(text: &str) -> Self {
        Self::new(&SPEC, Value::Text(text.into()))
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
    fn it_stands_in_the_place_of_the_status_line() {
        let plan = plan("status-line=a%20b", whole(9));
        assert_eq!(plan.steps(), [Head, End]);
        assert_eq!(plan.form().start(), &StartLine::Text(b"a b"[..].into()));
        assert!(plan.is_raw());
    }
}
