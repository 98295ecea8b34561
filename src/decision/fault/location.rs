//! `location`.

use super::{
    Fault,
    spec::{Area, Needs, Role, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "location",
    area: Area::Reply,
    takes: Takes::Path(|path, draft| draft.answer.location = Some(path)),
    kind: TermKind::Modifier,
    role: Role::Reply,
    sets: "the `location` header",
    needs: Needs::Names(&["status"]),
    summary: "tell the client to go to this path of the server",
    example: "status=302 location=/app.tar.gz",
    shows: &[Show { entry: "status=302 location=/other", wire: "GET reply(302){location: /other} open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `location=PATH`: tells the client to go to this path of the server.
    ///
    /// It modifies [`status`](Self::status), 301, 302, 303, 307 or 308 for a redirect (RFC 9110 §15.4). A redirect to
    /// the path itself is a loop, for as long as the script says so. The path begins with a slash, and may have a query;
    /// what is no printable ASCII is to be percent-encoded, and so are commas and spaces, which mean something in a
    /// script. Anything else is an error when the schedule is built.
    ///
    /// # On the wire
    ///
    /// A `Location` header with the path.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::location("/b.tar.gz").to_string(), "location=/b.tar.gz");
    /// ```
    pub fn location(path: &str) -> Self {
        Self::new(&SPEC, Value::Path(path.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{Entry, Fault};

    #[test]
    fn the_answer_has_the_path() {
        let plan = plan("status=302 location=/a?b=c", whole(20));
        assert_eq!(plan.answer().location(), Some("/a?b=c"));
    }

    #[test]
    fn a_path_is_a_path() {
        for path in ["", "a", "http://h/", "//h/a", "/a b", "/a,b", "/\u{e4}", "/a\r\nb: c"] {
            assert!(Entry::new([Fault::status(302), Fault::location(path)]).is_err(), "{path:?}");
        }
    }
}
