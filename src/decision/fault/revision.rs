//! `revision`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "revision",
    area: Area::Body,
    takes: Takes::Number(|number, draft| draft.revision(number)),
    role: Role::Revision,
    sets: Sets::Other("which file it has become"),
    changes_content: |_| true,
    summary: "answer from another revision of the file: other bytes of the same length, another ETag",
    example: "revision=2",
    shows: &[
        Show {
            entry: "revision=2",
            wire: r#"GET head{etag: ..-r2"; last-modified: Sun, 06 Nov 1994 08:49:38 GMT} revised open"#,
        },
        Show {
            entry: "revision=2",
            wire: r#"GET{range: bytes=500-; if-range: "x"} reply(200 revised){etag: ..-r2"; -content-range} open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `revision=N`: answers from another revision of the fixture, as if it had changed between two attempts.
    ///
    /// Revision 1 is the fixture itself. Each other one has the same length, other bytes than it (no archive any more, but
    /// where it is a [generated](crate::Generated) one; after 255 revisions they are used again), another entity tag, and,
    /// where the fixture has a time of modification, one that is a second later for each revision; preconditions and
    /// `If-Range` are held against those. [`same_etag`](Self::same_etag) and
    /// [`same_last_modified`](Self::same_last_modified) leave them as they are, and
    /// [`ignore_if_range`](Self::ignore_if_range) holds nothing against them. What changes once, changes for good in a script that ends in it:
    /// `reset-after=50%, revision=2 x*`.
    ///
    /// # On the wire
    ///
    /// The correct answer for that revision.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::revision(2).to_string(), "revision=2");
    /// ```
    pub fn revision(number: u32) -> Self {
        Self::new(&SPEC, Value::Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::{
        Entry, Fault,
        plan::{
            ReplyFacts,
            Step::{Body, Drain, End, Head, Rst},
        },
    };

    #[test]
    fn the_answer_has_the_revision() {
        check("revision=2", whole(20), &[Head, End], true);
        check("revision=2 reset-after=5", whole(20), &[Head, Body(5), Drain, Rst], true);
        assert_eq!(plan("revision=2", whole(20)).answer().revision(), 2);
        assert_eq!(plan("ok", whole(20)).answer().revision(), 1);
    }

    #[test]
    fn what_is_not_of_the_fixture_has_no_revision() {
        check("revision=2", ReplyFacts { start: u64::MAX - 20, ..whole(20) }, &[Head, End], false);
    }

    #[test]
    fn revisions_count_from_1() {
        let error = Entry::new([Fault::revision(0)]).unwrap_err();
        assert_eq!(error.message(), "`0` is not a number from 1 to 4294967295");
    }
}
