//! `weak-etag`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::said::EntityTag;

pub(super) static SPEC: Spec = Spec {
    name: "weak-etag",
    area: Area::Reply,
    takes: Takes::Nothing(|draft| draft.answer.etag = Some(EntityTag::Weak)),
    role: Role::Revision,
    sets: Sets::Header("etag"),
    summary: "make the entity tag a weak one, which is good for no range",
    example: "weak-etag",
    shows: &[
        Show { entry: "weak-etag", wire: r#"GET head{etag: W/"d5efe75cf03379f37ac669adce31d457"} body open"# },
        Show {
            entry: "weak-etag",
            wire: r#"GET{if-none-match: "d5efe75cf03379f37ac669adce31d457"} head{etag: W/"d5efe75cf03379f37ac669adce31d457"} open"#,
        },
        Show {
            entry: "weak-etag",
            wire: r#"GET{range: bytes=500-; if-range: W/"d5efe75cf03379f37ac669adce31d457"} reply(200 body){-content-range} open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `weak-etag`: makes the entity tag a weak one: `W/"..."`.
    ///
    /// It is for versions that are as good as each other, but not the same byte for byte. `If-None-Match` still finds that
    /// nothing has changed; `If-Match` and `If-Range` never match, and a client must not even send the tag in an
    /// `If-Range` (RFC 9110 §8.8.3.2, §13.1.5): who does gets the whole. It does not apply to replies without an entity tag.
    ///
    /// # On the wire
    ///
    /// The correct reply with a weak tag. A 304 has it as well.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::weak_etag().to_string(), "weak-etag");
    /// ```
    pub fn weak_etag() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::{
        Entry,
        plan::Step::{End, Head},
        said::EntityTag,
    };

    #[test]
    fn the_tag_is_weak() {
        check("weak-etag", whole(20), &[Head, End], true);
        assert_eq!(plan("weak-etag", whole(20)).answer().etag(), Some(&EntityTag::Weak));
        let error = "weak-etag etag=a".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`weak-etag` and `etag` cannot stand together: each sets the `etag` header");
        assert!("weak-etag status=503".parse::<Entry>().is_err());
    }
}
