//! `content-encoding`.

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value, bytes, encoded, in_a_header},
};

pub(super) static SPEC: Spec = Spec {
    name: "content-encoding",
    area: Area::Reply,
    takes: Takes::Text(|text, draft| draft.answer.content_encoding = Some(bytes(text).into())),
    valid: in_a_header,
    sets: Sets::Header("content-encoding"),
    summary: "say this in the `Content-Encoding` header; nothing else changes",
    example: "content-encoding=gzip",
    shows: &[Show { entry: "content-encoding=gzip", wire: "GET head{content-encoding: gzip} body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `content-encoding=TEXT`: says this in the `Content-Encoding` header, and changes nothing else.
    ///
    /// `content-encoding=gzip` says that the body is gzip-coded where it is not. Beside [`gzip`](Self::gzip) it is this that
    /// is said. In a script the text is percent-encoded: `gzip%2C%20br`. Line ends, NUL and other control characters but the
    /// tab are an error when the schedule is built. Beside [`status`](Self::status) it is said of that reply.
    ///
    /// # On the wire
    ///
    /// The reply as it would be, with this value in the header.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::content_encoding("gzip, br").to_string(), "content-encoding=gzip%2C%20br");
    /// ```
    pub fn content_encoding(value: impl AsRef<[u8]>) -> Self {
        Self::new(&SPEC, Value::Text(encoded(value.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_header_value, plan, whole};
    use crate::decision::{
        Fault,
        plan::Step::{End, Head},
    };

    #[test]
    fn the_answer_says_so() {
        for facts in [whole(20), bodiless(20)] {
            check("content-encoding=gzip", facts, &[Head, End], true);
        }
        let answer = plan("content-encoding=a%2C%20b%FF status=503", whole(20)).answer().clone();
        assert_eq!(answer.content_encoding(), Some(b"a, b\xff".as_slice()));
    }

    #[test]
    fn what_no_header_can_say_is_an_error() {
        check_header_value(|value| Fault::content_encoding(value));
    }
}
