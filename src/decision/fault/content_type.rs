//! `content-type`.

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value, bytes, encoded, in_a_header},
};

pub(super) static SPEC: Spec = Spec {
    name: "content-type",
    area: Area::Reply,
    takes: Takes::Text(|text, draft| draft.answer.content_type = Some(bytes(text).into())),
    valid: in_a_header,
    sets: Sets::Header("content-type"),
    summary: "say this in the `Content-Type` header; nothing else changes",
    example: "content-type=text/html",
    shows: &[Show { entry: "content-type=text/html", wire: "GET head{content-type: text/html} body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `content-type=TEXT`: says this in the `Content-Type` header, and changes nothing else.
    ///
    /// In a script the text is percent-encoded: `text/html;%20charset=utf-8`. Line ends, NUL and other control characters
    /// but the tab are an error when the schedule is built. Beside [`status`](Self::status) it is said of that reply.
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
    /// let fault = Fault::content_type("text/html; charset=utf-8");
    /// assert_eq!(fault.to_string(), "content-type=text/html;%20charset=utf-8");
    /// ```
    pub fn content_type(value: impl AsRef<[u8]>) -> Self {
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
            check("content-type=text/html", facts, &[Head, End], true);
        }
        let answer = plan("content-type=a%2C%20b%FF status=503", whole(20)).answer().clone();
        assert_eq!(answer.content_type(), Some(b"a, b\xff".as_slice()));
    }

    #[test]
    fn what_no_header_can_say_is_an_error() {
        check_header_value(|value| Fault::content_type(value));
    }
}
