//! `location`.

use super::{
    Fault,
    spec::{Needs, Sets, Show, Spec, TermKind},
    value::{Location, Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "location",
    takes: Takes::Location(|location, draft| draft.answer.location = Some(location.clone())),
    kind: TermKind::Modifier,
    needs: Needs::Names(&["status"]),
    sets: Sets::Header("location"),
    summary: "tell the client to go there: to a path, a URL, `{mirror}{path}`, `{dead}/`, `{target}`",
    example: "status=302 location=/app.tar.gz",
    shows: &[
        Show { entry: "status=302 location=/other", wire: "GET reply(302){location: /other} open" },
        Show { entry: "status=307 location={target}", wire: "GET reply(307){location: /file} open" },
        Show {
            entry: "status=308 location={path}?signature={attempt}",
            wire: "GET reply(308){location: /file?signature=1} open",
        },
        Show {
            entry: "status=301 location=https://example.org/a",
            wire: "GET reply(301){location: https://example.org/a} open",
        },
        Show { entry: "status=302 location={mirror}{path}", wire: "GET reply(302){location: ../file} open" },
        Show { entry: "status=303 location={dead}/", wire: "GET reply(303){location: ../} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `location=LOCATION`: tells the client to go there (RFC 9110 §10.2.2).
    ///
    /// It modifies [`status`](Self::status), 301, 302, 303, 307 or 308 for a redirect (§15.4). It is a path of the server,
    /// with a query or without; a URL with `http://` or `https://`; or a text with placeholders, which begins with one that
    /// stands for either:
    ///
    /// | placeholder | what it becomes |
    /// |---|---|
    /// | `{base}` | the base URL of the server |
    /// | `{mirror}` | that of the [second port](crate::FlakyServerBuilder::mirror) |
    /// | `{dead}` | that of a port that refuses connections, as long as the server lives |
    /// | `{path}` | the path of the request |
    /// | `{target}` | its path and query: the redirect is a loop |
    /// | `{attempt}` | the number of the attempt for its target: each redirect leads to another URL |
    ///
    /// What comes from the request is normalised as a [`Target`](crate::Target) is: there is no control character in it. What
    /// is no printable ASCII is to be percent-encoded, and so are commas and spaces, which mean something in a script.
    /// Anything else is an error when the schedule is built, and so is `{mirror}` when a server without a second port starts.
    ///
    /// Other references, such as `../b`, `?x` and `//host/b` (RFC 3986 §4.2), go out as a
    /// [`header-line`](Self::header_line): `status=302 header-line=location:%20../b`. Attempts are counted for each target
    /// here, whatever `per` says.
    ///
    /// # On the wire
    ///
    /// A `Location` header.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::location("{mirror}{path}").to_string(), "location={mirror}{path}");
    /// ```
    pub fn location(location: &str) -> Self {
        Self::new(&SPEC, Value::Location(Location::unchecked(location)))
    }

    /// Whether it can only happen where there is a second port.
    pub(in crate::decision) fn needs_mirror(&self) -> bool {
        matches!(&self.value, Value::Location(location) if location.has(super::Placeholder::Mirror))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{Entry, Fault};

    #[test]
    fn the_answer_has_it() {
        let plan = plan("status=302 location=/a?b=c", whole(20));
        assert_eq!(plan.answer().location(), Some(&"/a?b=c".parse().unwrap()));
    }

    #[test]
    fn what_is_no_location_is_an_error() {
        for location in ["", "a", "{attempt}", "//h/a", "/a b", "/a,b", "/\u{e4}", "/a\r\nb: c", "{bas}"] {
            assert!(Entry::new([Fault::status(302), Fault::location(location)]).is_err(), "{location:?}");
        }
        let error = "status=302 location={miror}/a".parse::<Entry>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "unknown placeholder `{miror}`\n  status=302 location={miror}/a\n                      ^^^^^^^^^\n  \
             did you mean `{mirror}`?"
        );
    }
}
