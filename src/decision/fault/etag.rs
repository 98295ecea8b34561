//! `etag`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value, bytes, encoded, in_a_header},
};
use crate::decision::said::EntityTag;

pub(super) static SPEC: Spec = Spec {
    name: "etag",
    area: Area::Reply,
    takes: Takes::Text(|text, draft| draft.answer.etag = Some(EntityTag::Text(bytes(text).into()))),
    valid: in_a_header,
    role: Role::Revision,
    sets: Sets::Header("etag"),
    summary: "give the file this entity tag, quotes and all; its bytes stay as they are",
    example: "etag=%22v2%22",
    shows: &[
        Show { entry: "etag=%22v2%22", wire: r#"GET head{etag: "v2"} body open"# },
        Show {
            entry: "etag=%22v2%22",
            wire: r#"GET{range: bytes=500-; if-range: "v1"} reply(200 body){etag: "v2"; -content-range} open"#,
        },
        Show {
            entry: "etag=%22v2%22",
            wire: r#"GET{range: bytes=500-; if-range: "v2"} reply(206 body[500..]){etag: "v2"} open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `etag=TEXT`: gives the file this entity tag, and leaves its bytes as they are.
    ///
    /// Two servers behind one name that make their tags in different ways do so. Preconditions and `If-Range` are held
    /// against it (RFC 9110 §13). Its quotes are part of it: in a script, in which the text is percent-encoded,
    /// `etag=%22v2%22`, or `etag=W/%22v2%22` for a weak one. What is no entity tag goes out as it is, and matches nothing.
    /// Line ends, NUL and other control characters but the tab are an error when the schedule is built. It does not apply
    /// to replies without an entity tag.
    ///
    /// # On the wire
    ///
    /// The correct reply for that tag. A 304 has it as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::etag("\"v2\"").to_string(), "etag=\"v2\"");
    /// assert_eq!("etag=%22v2%22".parse::<Fault>()?.to_string(), "etag=%22v2%22");
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn etag(value: impl AsRef<[u8]>) -> Self {
        Self::new(&SPEC, Value::Text(encoded(value.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_header_value, plan, whole};
    use crate::decision::{
        Fault,
        plan::Step::{End, Head},
        said::EntityTag,
    };

    #[test]
    fn the_answer_has_the_tag() {
        for entry in ["etag=%22a%22", "etag=\"a\""] {
            check(entry, whole(20), &[Head, End], true);
            let tag = EntityTag::Text(b"\"a\"".as_slice().into());
            assert_eq!(plan(entry, whole(20)).answer().etag(), Some(&tag));
        }
    }

    #[test]
    fn what_no_header_can_say_is_an_error() {
        check_header_value(|value| Fault::etag(value));
    }
}
