//! `retry-after-date`.

use super::{
    Fault,
    retry_after::SETS,
    spec::{Needs, Show, Spec, TermKind},
    value::{RetryDate, Takes, Value},
};
use crate::decision::answer::RetryAfter;

pub(super) static SPEC: Spec = Spec {
    name: "retry-after-date",
    takes: Takes::RetryDate(|date, draft| draft.answer.retry_after = Some(RetryAfter::At(date))),
    kind: TermKind::Modifier,
    needs: Needs::Names(&["status"]),
    sets: SETS,
    summary: "tell the client to come back at a date, so long after now (to the next second), or before",
    example: "status=503 retry-after-date=3s",
    shows: &[
        Show { entry: "status=503 retry-after-date=3s", wire: "GET reply(503){retry-after: date(3s)} open" },
        Show {
            entry: "status=503 retry-after-date=3s/rfc850",
            wire: "GET reply(503){retry-after: date(3s/rfc850)} open",
        },
        Show {
            entry: "status=503 retry-after-date=3s/asctime",
            wire: "GET reply(503){retry-after: date(3s/asctime)} open",
        },
        Show { entry: "status=503 retry-after-date=-1m", wire: "GET reply(503){retry-after: date(-1m)} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `retry-after-date=[-]DURATION[/FORM]`: tells the client to come back at a date (RFC 9110 §10.2.3).
    ///
    /// It modifies [`status`](Self::status). The date is so long after now, or with `-` before, when the reply goes out. It is
    /// written as the `imf` form has it, or as `rfc850` or `asctime` have: a recipient has to read all three (RFC 9110
    /// §5.6.7). More than 49 years are an error when the schedule is built.
    ///
    /// # On the wire
    ///
    /// A `Retry-After` header with the date, in whole seconds: rounded up, or down if it is past, so that it is at least so
    /// far away. The `Date` header of the reply is the now that it goes by.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::{DateForm, Fault, RetryDate};
    ///
    /// let seconds = Duration::from_secs(3);
    /// assert_eq!(Fault::retry_after_date(seconds).to_string(), "retry-after-date=3s");
    /// let date = RetryDate::before(seconds).form(DateForm::Rfc850);
    /// assert_eq!(Fault::retry_after_date(date).to_string(), "retry-after-date=-3s/rfc850");
    /// ```
    pub fn retry_after_date(date: impl Into<RetryDate>) -> Self {
        Self::new(&SPEC, Value::RetryDate(date.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{plan, whole};
    use crate::decision::{Entry, Fault, RetryAfter, RetryDate};

    #[test]
    fn the_plan_has_the_distance() {
        let plan = plan("status=503 retry-after-date=-3s", whole(20));
        assert_eq!(plan.retry_after(), Some(&RetryAfter::At(RetryDate::before(Duration::from_secs(3)))));
    }

    #[test]
    fn what_constructors_let_through_is_checked() {
        let far = Fault::retry_after_date(Duration::MAX);
        assert!(Entry::new([Fault::status(503), far]).is_err());
    }
}
