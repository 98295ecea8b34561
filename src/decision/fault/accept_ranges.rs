//! `accept-ranges`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value, bytes, encoded, in_a_header},
};

pub(super) static SPEC: Spec = Spec {
    name: "accept-ranges",
    area: Area::Range,
    takes: Takes::Text(|text, draft| draft.answer.accept_ranges = Some(bytes(text).into())),
    valid: in_a_header,
    role: Role::Revision,
    sets: Sets::Header("accept-ranges"),
    summary: "say this in the `Accept-Ranges` header; ranges are answered all the same",
    example: "accept-ranges=none",
    shows: &[
        Show { entry: "accept-ranges=none", wire: "GET head{accept-ranges: none} body open" },
        Show { entry: "accept-ranges=none", wire: "GET{range: bytes=500-} head{accept-ranges: none} body[500..] open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `accept-ranges=TEXT`: says this in the `Accept-Ranges` header, and changes nothing else.
    ///
    /// `none` advises a client not to ask for ranges (RFC 9110 §14.3), and one that heeds it starts over where it could
    /// have resumed. Who asks all the same gets what was asked for, unless [`ignore_range`](Self::ignore_range) stands
    /// beside it. In a script the text is percent-encoded. Line ends, NUL and other control characters but the tab are an
    /// error when the schedule is built. It does not apply to replies that have no such header: 304, 416 and other errors.
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
    /// assert_eq!(Fault::accept_ranges("none").to_string(), "accept-ranges=none");
    /// ```
    pub fn accept_ranges(value: impl AsRef<[u8]>) -> Self {
        Self::new(&SPEC, Value::Text(encoded(value.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_header_value, plan, whole};
    use crate::decision::{
        Fault,
        plan::Step::{End, Head},
    };

    #[test]
    fn the_answer_says_so() {
        check("accept-ranges=none", whole(20), &[Head, End], true);
        assert_eq!(plan("accept-ranges=none", whole(20)).answer().accept_ranges(), Some(b"none".as_slice()));
    }

    #[test]
    fn what_no_header_can_say_is_an_error() {
        check_header_value(|value| Fault::accept_ranges(value));
    }
}
