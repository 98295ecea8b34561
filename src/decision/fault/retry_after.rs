//! `retry-after`.

use std::time::Duration;

use super::{
    Fault,
    spec::{Area, Needs, Role, Sets, Show, Spec, TermKind},
    value::{Takes, Value},
};
use crate::decision::answer::RetryAfter;

/// What these terms set.
pub(super) const SETS: Sets<'static> = Sets::Header("retry-after");

pub(super) static SPEC: Spec = Spec {
    name: "retry-after",
    area: Area::Reply,
    takes: Takes::Seconds(|duration, draft| draft.answer.retry_after = Some(RetryAfter::In(duration))),
    kind: TermKind::Modifier,
    role: Role::Reply,
    needs: Needs::Names(&["status"]),
    sets: SETS,
    summary: "tell the client to come back after this long",
    example: "status=503 retry-after=2s",
    shows: &[
        Show { entry: "status=503 retry-after=2s", wire: "GET reply(503){retry-after: 2} open" },
        Show { entry: "status=429 retry-after=1m30s", wire: "GET reply(429){retry-after: 90} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `retry-after=DURATION`: tells the client to come back after this long.
    ///
    /// It modifies [`status`](Self::status). The header counts whole seconds (RFC 9110 §10.2.3): `2s`, `1m30s`; anything
    /// else is an error when the schedule is built. [`retry_after_date`](Self::retry_after_date) tells a date, and
    /// [`retry_after_text`](Self::retry_after_text) what is neither.
    ///
    /// # On the wire
    ///
    /// A `Retry-After` header with the number of seconds.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::retry_after(Duration::from_secs(2)).to_string(), "retry-after=2s");
    /// ```
    pub fn retry_after(duration: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{plan, whole};
    use crate::decision::RetryAfter;

    #[test]
    fn the_plan_has_the_seconds() {
        let plan = plan("status=503 retry-after=1m30s", whole(20));
        assert_eq!(plan.retry_after(), Some(&RetryAfter::In(Duration::from_secs(90))));
    }
}
