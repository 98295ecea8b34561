//! `second-content-length`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Length, Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "second-content-length",
    area: Area::Head,
    takes: Takes::Length(|length, draft| draft.second_content_length(length)),
    summary: "add a second Content-Length line with this length",
    example: "second-content-length=50%",
    shows: &[
        Show {
            entry: "second-content-length=50%",
            wire: "GET head{content-length: 1000; content-length: 500} body open",
        },
        Show {
            entry: "second-content-length=end",
            wire: "GET head{content-length: 1000; content-length: 1000} body open",
        },
        Show {
            entry: "content-length=50% second-content-length=end",
            wire: "GET head{content-length: 500; content-length: 1000} body open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `second-content-length=LENGTH`: adds a second `Content-Length` line behind the first.
    ///
    /// `end` repeats the right one; anything else conflicts with it. With [`content_length`](Self::content_length) beside it, the
    /// first is wrong, too.
    ///
    /// # On the wire
    ///
    /// Two `Content-Length` lines, and a body of the right length. If they differ, the client must not trust any of them, and
    /// close the connection (RFC 9112 §6.3 item 5); the same length twice it may take.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::second_content_length(Offset::END).to_string(), "second-content-length=end");
    /// ```
    pub fn second_content_length(length: impl Into<Length>) -> Self {
        Self::new(&SPEC, Value::Length(length.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};

    #[test]
    fn it_stands_behind_the_first() {
        for (entry, lengths) in [
            ("second-content-length=50%", ["1000", "500"]),
            ("second-content-length=end content-length=-1", ["-1", "1000"]),
            ("content-length=-1 second-content-length=end", ["-1", "1000"]),
        ] {
            assert_eq!(plan(entry, whole(1_000)).form().lengths().collect::<Vec<_>>(), lengths);
        }
    }
}
