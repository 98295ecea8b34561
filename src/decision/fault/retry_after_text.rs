//! `retry-after-text`.

use super::{
    Fault,
    retry_after::SETS,
    spec::{Needs, Show, Spec, TermKind},
    value::{Takes, Value, bytes, encoded, in_a_header},
};
use crate::decision::answer::RetryAfter;

pub(super) static SPEC: Spec = Spec {
    name: "retry-after-text",
    takes: Takes::Text(|text, draft| draft.answer.retry_after = Some(RetryAfter::Text(bytes(text).into()))),
    valid: in_a_header,
    kind: TermKind::Modifier,
    needs: Needs::Names(&["status"]),
    sets: SETS,
    summary: "say this in the `Retry-After` header, be it a time or not",
    example: "status=503 retry-after-text=soon",
    shows: &[
        Show { entry: "status=503 retry-after-text=soon", wire: "GET reply(503){retry-after: soon} open" },
        Show { entry: "status=429 retry-after-text=-5", wire: "GET reply(429){retry-after: -5} open" },
        Show {
            entry: "status=503 retry-after-text=99999999999999999999",
            wire: "GET reply(503){retry-after: 99999999999999999999} open",
        },
        Show { entry: "status=503 retry-after-text=1e9", wire: "GET reply(503){retry-after: 1e9} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `retry-after-text=TEXT`: says this in the `Retry-After` header, be it a time (RFC 9110 §10.2.3) or not.
    ///
    /// It modifies [`status`](Self::status). In a script the text is percent-encoded, as for
    /// [`content_type`](Self::content_type), and what cannot stand in a header is an error when the schedule is built.
    ///
    /// # On the wire
    ///
    /// A `Retry-After` header with this value.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::retry_after_text("in a while").to_string(), "retry-after-text=in%20a%20while");
    /// ```
    pub fn retry_after_text(text: impl AsRef<[u8]>) -> Self {
        Self::new(&SPEC, Value::Text(encoded(text.as_ref())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{Entry, RetryAfter};

    #[test]
    fn the_plan_has_the_text() {
        let plan = plan("status=503 retry-after-text=a%20b", whole(20));
        assert_eq!(plan.retry_after(), Some(&RetryAfter::Text(b"a b".as_slice().into())));
    }

    #[test]
    fn there_is_one_header_and_it_is_one() {
        for other in ["retry-after=1s", "retry-after-date=1s"] {
            let error = format!("status=503 retry-after-text=a {other}").parse::<Entry>().unwrap_err();
            assert!(error.message().ends_with("each sets the `Retry-After` header"), "{error}");
        }
        let error = "status=503 retry-after-text=a%0Ab".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`a%0Ab` cannot stand in a header");
    }
}
