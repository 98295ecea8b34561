//! `problem`.

use super::{
    Fault,
    body::has_no_body,
    spec::{Needs, Sets, Show, Spec, TermKind},
    value::{Takes, Value, bytes, encoded, in_utf_8},
};
use crate::decision::answer::Body;

pub(super) static SPEC: Spec = Spec {
    name: "problem",
    takes: Takes::Text(|text, draft| {
        let detail = String::from_utf8_lossy(&bytes(text)).into();
        draft.answer.body = Some(Body::Problem(detail));
    }),
    valid: in_utf_8,
    kind: TermKind::Modifier,
    needs: Needs::Names(&["status"]),
    against: has_no_body,
    sets: Sets::Other("the body"),
    summary: "send a body that tells of a problem in JSON (RFC 9457), with this detail",
    example: "status=503 problem=try%20later",
    shows: &[
        Show {
            entry: "status=503 problem=try%20later",
            wire: concat!(
                r#"GET reply(503 "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,"#,
                r#"\"detail\":\"try later\"}"){content-type: application/problem+json} open"#,
            ),
        },
        Show {
            entry: "status=599 problem=%22%0A%5C",
            wire: concat!(
                r#"GET reply(599 "{\"type\":\"about:blank\",\"status\":599,\"detail\":\"\\\"\\n\\\\\"}")"#,
                "{content-type: application/problem+json} open",
            ),
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `problem=TEXT`: sends a body that tells of a problem in JSON, with this detail.
    ///
    /// It modifies [`status`](Self::status), as [`body`](Self::body) does. In a script the text is percent-encoded UTF-8;
    /// anything else is an error when the schedule is built.
    ///
    /// # On the wire
    ///
    /// `application/problem+json` (RFC 9457 §3): an object of `type`, which is `about:blank`; `title`, the reason that
    /// belongs to the status, if there is one (§4.2.1); `status`; and `detail`, the text.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::problem("try later").to_string(), "problem=try%20later");
    /// ```
    pub fn problem(detail: &str) -> Self {
        Self::new(&SPEC, Value::Text(encoded(detail.as_bytes())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{Body, Entry};

    #[test]
    fn the_answer_has_it() {
        let answer = plan("status=503 problem=%C3%A4", whole(20)).answer().clone();
        assert_eq!(answer.body(), Some(&Body::Problem("\u{e4}".into())));
    }

    #[test]
    fn json_is_utf_8() {
        let error = "status=503 problem=a%FF".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`a%FF` is not UTF-8");
    }

    #[test]
    fn there_is_one_body() {
        let error = "status=503 problem=a body=b".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`problem` and `body` cannot stand together: each sets the body");
    }
}
