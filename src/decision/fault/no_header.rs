//! `no-header`.

use std::sync::Arc;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "no-header",
    area: Area::Reply,
    takes: Takes::Name(|name, draft| draft.answer.left_out.extend([name])),
    repeats: true,
    changes_content: |fault| matches!(&fault.value, Value::Name(name) if &**name == "content-range"),
    summary: "leave this header out of the reply, as somebody who does not know what it says",
    example: "no-header=etag",
    shows: &[
        Show { entry: "no-header=etag", wire: "GET head{-etag} body open" },
        Show {
            entry: "no-header=etag no-header=last-modified",
            wire: "GET{range: bytes=500-; if-range: Sun, 06 Nov 1994 08:49:37 GMT} reply(200 body){-etag; -last-modified} open",
        },
        Show { entry: "no-header=content-range", wire: "GET{range: bytes=500-} head{-content-range} body[500..] open" },
        Show {
            entry: "no-header=content-range unsatisfiable",
            wire: "GET{range: bytes=500-} reply(416){-content-range} open",
        },
        Show { entry: "no-header=x-none", wire: "GET head body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `no-header=NAME`: leaves this header out of the reply.
    ///
    /// An entry may have several. The server does not know then what the header would say: without `etag` no entity tag of
    /// a request matches, without `last-modified` no date does, and `If-Range` with one gets the whole (RFC 9110 §13.1.5).
    /// A 206 or a 416 without `content-range` is none that a client can use (§15.3.7.1, §15.5.17). Names know no case, and
    /// are written in lower case. `content-length`, `transfer-encoding`, `connection` and `date` are an error when the
    /// schedule is built, and so is what is no name. It does not apply to a reply that has no such header.
    ///
    /// # On the wire
    ///
    /// The reply as it would be without that information. What terms such as [`header_line`](Self::header_line) add is no
    /// part of it, nor are the heads of several parts.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::no_header("ETag").to_string(), "no-header=etag");
    /// ```
    pub fn no_header(name: &str) -> Self {
        Self::new(&SPEC, Value::Name(Arc::from(name.to_ascii_lowercase())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{Entry, Fault};

    #[test]
    fn names_are_in_lower_case() {
        let entry: Entry = "no-header=ETag no-header=Content-Type".parse().unwrap();
        assert_eq!(entry.to_string(), "no-header=etag no-header=content-type");
        assert_eq!(Entry::new([Fault::no_header("ETag")]).unwrap().as_str(), "no-header=etag");
        let answer = plan(entry.as_str(), whole(20)).answer().clone();
        assert_eq!(answer.left_out().collect::<Vec<_>>(), ["content-type", "etag"]);
        let error = "no-header=etag no-header=ETAG".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`no-header` stands here twice");
    }

    #[test]
    fn headers_of_the_message_are_an_error() {
        let error = "no-header=Content-Length".parse::<Entry>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`content-length` is not a header of the file\n  no-header=Content-Length\n            ^^^^^^^^^^^^^^\n  \
             `framing=close` and `framing=chunked` do without it"
        );
        for name in ["", "a b", "a:", "ä"] {
            assert!(Entry::new([Fault::no_header(name)]).is_err(), "{name:?}");
        }
    }

    #[test]
    fn a_header_that_is_left_out_says_nothing() {
        for (name, says) in [
            ("content-range", "unknown-total"),
            ("content-type", "content-type=a"),
            ("etag", "etag=a"),
            ("etag", "weak-etag"),
            ("accept-ranges", "accept-ranges=none"),
        ] {
            let error = format!("no-header={name} {says}").parse::<Entry>().unwrap_err();
            let term = says.split('=').next().unwrap();
            let why = format!("`no-header` and `{term}` cannot stand together: each sets the `{name}` header");
            assert_eq!(error.message(), why);
            assert!(format!("no-header=x {says}").parse::<Entry>().is_ok());
        }
        let error = "http09 no-header=etag".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`http09` and `no-header` cannot stand together: `http09` sends no head");
    }
}
