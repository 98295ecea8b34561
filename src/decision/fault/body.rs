//! `body`.

use super::{
    Fault,
    spec::{Needs, Sets, Show, Spec, TermKind},
    value::{Takes, Value, bytes, encoded},
};
use crate::decision::answer::Body;

pub(super) static SPEC: Spec = Spec {
    name: "body",
    takes: Takes::Text(|text, draft| draft.answer.body = Some(Body::Text(bytes(text).into()))),
    kind: TermKind::Modifier,
    needs: Needs::Names(&["status"]),
    against: has_no_body,
    sets: Sets::Other("the body"),
    summary: "send this text in the place of the short body that names the status; `%20` is a space",
    example: "status=503 body=try%20later",
    shows: &[
        Show {
            entry: "status=503 body=try%20later",
            wire: r#"GET reply(503 "try later"){content-length: 9; "content-type: text/plain; charset=utf-8"} open"#,
        },
        Show {
            entry: "status=429 content-type=application/json header-line=x-limit:%200 body={\"left\":0}",
            wire: r#"GET reply(429 "{\"left\":0}"){content-type: application/json; x-limit: 0; -etag} open"#,
        },
    ],
    ..Spec::FAULT
};

/// Some statuses end with the head (RFC 9112 §6.3), or have no content (RFC 9110 §15.3.6).
pub(super) fn has_no_body(other: &Fault) -> Option<&'static str> {
    matches!(other.value, Value::Status(204 | 205 | 304)).then_some("a reply with this status has no body")
}

impl Fault {
    /// `body=TEXT`: sends this text in the place of the short body.
    ///
    /// It modifies [`status`](Self::status), but for 204, 205 and 304, whose replies have no body. In a script the text is
    /// percent-encoded, as for [`header_line`](Self::header_line). With [`content_type`](Self::content_type) and
    /// `header_line` beside it, any status has any body and any headers; with [`short_body`](Self::short_body) of 0 in its
    /// place, any status has none.
    ///
    /// # On the wire
    ///
    /// These bytes as the body, and their number as its length. Unless `content-type` says otherwise they are said to be
    /// `text/plain; charset=utf-8`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::body("try later").to_string(), "body=try%20later");
    /// ```
    pub fn body(text: impl AsRef<[u8]>) -> Self {
        Self::new(&SPEC, Value::Text(encoded(text.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::{
        Body, Entry,
        plan::Step::{End, Head},
    };

    #[test]
    fn the_answer_has_it() {
        check("status=503 body=a%FF", whole(20), &[Head, End], true);
        let answer = plan("status=503 body=a%FF", whole(20)).answer().clone();
        assert_eq!(answer.body(), Some(&Body::Text(b"a\xff".as_slice().into())));
    }

    #[test]
    fn some_replies_have_no_body() {
        for (status, is_right) in [(200, true), (204, false), (205, false), (206, true), (304, false), (404, true)] {
            for term in ["body=a", "problem=a", "login-page"] {
                let entry = format!("status={status} {term}").parse::<Entry>();
                assert_eq!(entry.is_ok(), is_right, "{status} {term}");
            }
        }
        let error = "status=304 body=a".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`status` and `body` cannot stand together: a reply with this status has no body");
    }
}
