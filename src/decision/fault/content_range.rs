//! `content-range`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value, bytes, encoded, in_a_header},
};
use crate::decision::said::ContentRange;

pub(super) static SPEC: Spec = Spec {
    name: "content-range",
    area: Area::Range,
    takes: Takes::Text(|text, draft| draft.content_range(ContentRange::Text(bytes(text).into()))),
    valid: in_a_header,
    role: Role::Revision,
    sets: Sets::Header("content-range"),
    changes_content: |_| true,
    summary: "say this in the `Content-Range` header of a 206 or a 416; nothing else changes",
    example: "content-range=bytes%20*/1000",
    shows: &[
        Show {
            entry: "content-range=bytes%200-499/1000",
            wire: "GET{range: bytes=500-} head{content-range: bytes 0-499/1000} body[500..] open",
        },
        Show {
            entry: "content-range=nonsense unsatisfiable",
            wire: "GET{range: bytes=500-} reply(416){content-range: nonsense} open",
        },
        Show { entry: "content-range=bytes%200-999/1000", wire: "GET head{-content-range} body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `content-range=TEXT`: says this in the `Content-Range` header of a 206 or a 416, and changes nothing else.
    ///
    /// In a script the text is percent-encoded: `bytes%20*/1000`. Line ends, NUL and other control characters but the tab
    /// are an error when the schedule is built. Of several parts, each says so. A range that is another one than was asked
    /// for, or is none at all, is to be refused by the client (RFC 9110 §14.4, §15.3.7). It does not apply to other replies.
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
    /// assert_eq!(Fault::content_range("bytes 0-9/*").to_string(), "content-range=bytes%200-9/*");
    /// ```
    pub fn content_range(value: impl AsRef<[u8]>) -> Self {
        Self::new(&SPEC, Value::Text(encoded(value.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_header_value, part, plan, whole};
    use crate::decision::{
        Fault,
        plan::Step::{End, Head},
        said::ContentRange,
    };

    #[test]
    fn the_answer_says_so() {
        check("content-range=x", part(5, 10, 20), &[Head, End], true);
        check("content-range=x", whole(20), &[Head, End], false);
        let said = plan("content-range=a%FF", part(5, 10, 20)).answer().content_range().cloned();
        assert_eq!(said, Some(ContentRange::Text(b"a\xff".as_slice().into())));
    }

    #[test]
    fn what_no_header_can_say_is_an_error() {
        check_header_value(|value| Fault::content_range(value));
    }
}
