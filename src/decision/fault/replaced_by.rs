//! `replaced-by`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "replaced-by",
    area: Area::Body,
    takes: Takes::Path(|path, draft| draft.answer.version.replaced_by = Some(path)),
    role: Role::Revision,
    sets: Sets::Other("which file it has become"),
    changes_content: |_| true,
    summary: "answer as if the file under this path had taken its place: other bytes, length and ETag",
    example: "replaced-by=/other.tar.gz",
    shows: &[
        Show {
            entry: "replaced-by=/other",
            wire: r#"GET head{content-length: 300; etag: .."; last-modified: Mon, 07 Nov 1994 08:49:37 GMT} other[..300] open"#,
        },
        Show {
            entry: "replaced-by=/other",
            wire: "GET{range: bytes=500-} reply(416){content-range: bytes */300} open",
        },
        Show { entry: "replaced-by=/absent", wire: "GET head body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `replaced-by=PATH`: answers as if the fixture under this path had taken the place of this one.
    ///
    /// The length, the bytes, the entity tag and the time of modification are its own, and ranges, preconditions and
    /// `If-Range` are held against those: a real swap between two attempts, or a mirror that is being updated. The media
    /// type is that of the path that was asked for, as a server tells it by the name. The path is one as for
    /// [`location`](Self::location); a query counts for nothing. Where there is no such fixture, the reply is correct, and
    /// the exchange's note says why. It does not apply to a path without a fixture.
    ///
    /// # On the wire
    ///
    /// The correct answer for that fixture.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::replaced_by("/other.tar.gz").to_string(), "replaced-by=/other.tar.gz");
    /// ```
    pub fn replaced_by(path: &str) -> Self {
        Self::new(&SPEC, Value::Path(path.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::{
        Entry, Fault,
        plan::Step::{End, Head},
    };

    #[test]
    fn the_answer_is_from_another_fixture() {
        check("replaced-by=/b", whole(20), &[Head, End], true);
        let answer = plan("replaced-by=/b", whole(20)).answer().clone();
        assert_eq!((answer.version().replaced_by(), answer.revision()), (Some("/b"), 1));
        assert!(Entry::new([Fault::replaced_by("b")]).is_err());
        let error = "revision=2 replaced-by=/b".parse::<Entry>().unwrap_err();
        let why = "`revision` and `replaced-by` cannot stand together: each sets which file it has become";
        assert_eq!(error.message(), why);
    }
}
