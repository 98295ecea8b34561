//! `content-length`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Length, Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "content-length",
    area: Area::Head,
    takes: Takes::Length(|length, draft| draft.content_length(length)),
    // A short one cuts it, and of the others none is its length.
    changes_content: |_| true,
    summary: "say that this is the length of the body, which is sent as it is",
    example: "content-length=50%",
    shows: &[
        Show { entry: "content-length=50%", wire: "GET head{content-length: 500} body open" },
        Show { entry: "content-length=end-1", wire: "GET head{content-length: 999} body open" },
        Show { entry: "content-length=end+1", wire: "GET head{content-length: 1001} body open" },
        Show { entry: "content-length=-1", wire: "GET head{content-length: -1} body open" },
        Show {
            entry: "content-length=99999999999999999999",
            wire: "GET head{content-length: 99999999999999999999} body open",
        },
        Show {
            entry: "content-length=end framing=chunked",
            wire: "GET head{transfer-encoding: chunked} chunk(body) last-chunk open",
        },
        Show { entry: "content-length=50% truncate-after=end", wire: "GET head{content-length: 500} body FIN" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `content-length=LENGTH`: says that this is the length of the body.
    ///
    /// An [`Offset`](crate::Offset) in the body (`50%`, `end-1`) is too short, `end+1kB` too long; digits, with a sign or
    /// without, are sent as they are, whether or not any number has so many. With `framing=chunked`, or with `framing=close`, it
    /// stands where no `Content-Length` should.
    ///
    /// # On the wire
    ///
    /// A reply whose `Content-Length` is this. The body is sent whole, and the connection lives on: what a short length leaves of
    /// it is no response to anything (RFC 9112 §6.3), and a long one lets the client wait. Beside `Transfer-Encoding`, the length
    /// does not count (RFC 9112 §6.3 item 3).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::content_length(Offset::percent(50)).to_string(), "content-length=50%");
    /// ```
    pub fn content_length(length: impl Into<Length>) -> Self {
        Self::new(&SPEC, Value::Length(length.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn it_stands_in_the_place_of_the_proper_one() {
        for (text, value) in [("50%", "500"), ("end+1", "1001"), ("-1", "-1"), ("007", "007")] {
            let plan = plan(&format!("content-length={text}"), whole(1_000));
            assert_eq!((plan.steps(), plan.applied()), (&[Head, End][..], true));
            assert_eq!(plan.form().lengths().collect::<Vec<_>>(), [value]);
        }
    }
}
