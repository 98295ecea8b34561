//! `same-last-modified`.

use super::{
    Fault, TermKind,
    spec::{Area, Needs, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "same-last-modified",
    area: Area::Body,
    takes: Takes::Nothing(|draft| draft.answer.version.same_last_modified = true),
    kind: TermKind::Modifier,
    role: Role::Revision,
    needs: Needs::Names(&["replaced-by", "revision"]),
    against: |other| (other.sets() == Sets::Header("last-modified")).then_some("then no time is told"),
    summary: "leave the file its time of modification although it has changed",
    example: "revision=2 same-last-modified",
    shows: &[
        Show { entry: "revision=2 same-last-modified", wire: r#"GET head{etag: ..-r2"} revised open"# },
        Show {
            entry: "revision=2 same-last-modified",
            wire: r#"GET{range: bytes=500-; if-range: Sun, 06 Nov 1994 08:49:37 GMT} head{etag: ..-r2"} revised[500..] open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `same-last-modified`: leaves the fixture its time of modification, although it has changed.
    ///
    /// It needs [`revision`](Self::revision) or [`replaced_by`](Self::replaced_by) beside it. So it is with a file that
    /// has changed twice within a second, or was put there with the time of another one: a date is a weak validator (RFC
    /// 9110 §8.8.2.2), and `If-Range` with it does not see the change. It does not apply to a fixture without such a time,
    /// such as one in memory, nor to replies that do not tell it.
    ///
    /// # On the wire
    ///
    /// The correct answer for the file as it is now, but for the time, against which preconditions and `If-Range` are held.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::same_last_modified().to_string(), "same-last-modified");
    /// ```
    pub fn same_last_modified() -> Self {
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
    fn the_time_stays() {
        check("revision=2 same-last-modified", whole(20), &[Head, End], true);
        assert!(plan("replaced-by=/b same-last-modified", whole(20)).answer().version().has_same_last_modified());
    }

    #[test]
    fn it_is_about_a_change() {
        let error = "same-last-modified".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`same-last-modified` needs `replaced-by` or `revision` beside it");
        assert!("revision=2 same-last-modified no-header=last-modified".parse::<Entry>().is_err());
        assert!("revision=2 same-last-modified same-etag no-header=x".parse::<Entry>().is_ok());
    }
}
