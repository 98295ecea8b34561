//! `same-etag`.

use super::{
    Fault, TermKind,
    spec::{Area, Needs, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "same-etag",
    area: Area::Body,
    takes: Takes::Nothing(|draft| draft.answer.version.same_etag = true),
    kind: TermKind::Modifier,
    role: Role::Revision,
    needs: Needs::Names(&["replaced-by", "revision"]),
    against: |other| {
        let is_another = other.sets() == Sets::Header("etag") && other.spec.name != super::weak_etag::SPEC.name;
        is_another.then_some("then it is another entity tag")
    },
    summary: "leave the file its entity tag although it has changed",
    example: "revision=2 same-etag",
    shows: &[
        Show {
            entry: "revision=2 same-etag",
            wire: "GET head{last-modified: Sun, 06 Nov 1994 08:49:38 GMT} revised open",
        },
        Show {
            entry: "replaced-by=/other same-etag same-last-modified",
            wire: "GET head{content-length: 300} other[..300] open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `same-etag`: leaves the fixture its entity tag, although it has changed.
    ///
    /// It needs [`revision`](Self::revision) or [`replaced_by`](Self::replaced_by) beside it. Such a server is broken: a
    /// strong tag is never the same for other bytes (RFC 9110 §8.8.1), and a client that resumes with `If-Range` puts two
    /// files together without a chance to notice. It does not apply to replies without an entity tag.
    ///
    /// # On the wire
    ///
    /// The correct answer for the file as it is now, but for the entity tag, against which preconditions and `If-Range` are
    /// held.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::same_etag().to_string(), "same-etag");
    /// ```
    pub fn same_etag() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::{
        Entry,
        plan::Step::{End, Head},
    };

    #[test]
    fn the_tag_stays() {
        check("revision=2 same-etag", whole(20), &[Head, End], true);
        assert!(plan("replaced-by=/b same-etag", whole(20)).answer().version().has_same_etag());
    }

    #[test]
    fn it_is_about_a_change() {
        let error = "same-etag".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`same-etag` needs `replaced-by` or `revision` beside it");
        for other in ["etag=a", "no-header=etag"] {
            assert!(format!("revision=2 same-etag {other}").parse::<Entry>().is_err(), "{other}");
        }
        assert!("revision=2 same-etag weak-etag no-header=x".parse::<Entry>().is_ok());
    }
}
