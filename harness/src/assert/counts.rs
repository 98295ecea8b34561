//! How many attempts there were.

use super::{Assert, AssertionError, Times, panicking};
use crate::Effort;
use crate::claim::Count;
use crate::effort::Multiplied;
use crate::told::Range;
use crate::wire::Span;

/// What is counted.
#[derive(Clone, Copy, Debug)]
enum Counted {
    Attempts,
    Retries,
}

impl Assert<'_> {
    panicking! {
        /// There were this many attempts, with or without resends: `3`, `2..=4`.
        attempts, try_attempts, times: impl Into<Times>
    }

    /// The twin of [`attempts`](Self::attempts).
    ///
    /// # Errors
    ///
    /// If no such count fits.
    pub fn try_attempts(self, times: impl Into<Times>) -> Result<Self, AssertionError> {
        let attempts = self.outcome.attempts();
        let resends = self.outcome.wire().resends();
        self.count(Counted::Attempts, Span { least: attempts.saturating_sub(resends), most: attempts }, times.into())
    }

    panicking! {
        /// There were this many retries: attempts less the first one for each target. What may be none, a resend or a
        /// request after a complete response, counts or does not.
        retries, try_retries, times: impl Into<Times>
    }

    /// The twin of [`retries`](Self::retries).
    ///
    /// # Errors
    ///
    /// If no such count fits.
    pub fn try_retries(self, times: impl Into<Times>) -> Result<Self, AssertionError> {
        self.count(Counted::Retries, self.outcome.wire().span(), times.into())
    }

    panicking! {
        /// Each target was asked for once, or again only where that is no retry: right for what is not transient, and
        /// wrong for what is.
        did_not_retry, try_did_not_retry
    }

    /// The twin of [`did_not_retry`](Self::did_not_retry).
    ///
    /// # Errors
    ///
    /// If there were no attempts, or retries.
    pub fn try_did_not_retry(self) -> Result<Self, AssertionError> {
        let attempts = self.outcome.attempts();
        let retries = self.outcome.wire().span().least;
        // Who leaves in mid body, asks again and fails has retried, though nothing was wrong there.
        let repeats = retries + if self.outcome.succeeded() { 0 } else { self.outcome.wire().returns() };
        let got = || if attempts == 0 { "no attempt".to_owned() } else { Count::Retries(repeats).to_string() };
        let nearest = || {
            let mut lines = self.elsewhere();
            if repeats > retries {
                lines.push("nothing was wrong on the wire: it retries what is no matter of the network".to_owned());
            }
            lines
        };
        self.check_wire(attempts > 0 && repeats == 0, || "one attempt, and no retry".to_owned(), got, nearest)
    }

    panicking! {
        /// It failed, and not before it had used up its budget: this many retries for a target, no fewer and no more.
        ///
        /// Fewer are *skipped* or *stopped short*, more are *exceeded*; the report says which, and shows the arithmetic
        /// of nested loops.
        exhausted, try_exhausted, budget: u64
    }

    /// The twin of [`exhausted`](Self::exhausted).
    ///
    /// # Errors
    ///
    /// If it succeeded, or made fewer retries, or more.
    pub fn try_exhausted(self, budget: u64) -> Result<Self, AssertionError> {
        let effort = self.outcome.effort(budget);
        let expected = || format!("failure after all of {}: exhausted", Count::Retries(budget));
        self.check_wire(effort == Effort::Exhausted, expected, || effort.to_string(), || self.elsewhere())
    }

    fn count(self, what: Counted, span: Span, times: Times) -> Result<Self, AssertionError> {
        let expected = || {
            let scope = self.outcome.scope_name();
            let one = times == Times::from(1);
            match what {
                Counted::Attempts if one => format!("1 attempt at {scope}"),
                Counted::Attempts => format!("{times} attempts at {scope}"),
                Counted::Retries if one => format!("1 retry for {scope}"),
                Counted::Retries => format!("{times} retries for {scope}"),
            }
        };
        let got = || Range(span.least, span.most).to_string();
        self.check_wire(times.overlap(span.least, span.most), expected, got, || self.explain_count(what, times))
    }

    /// What may be behind a wrong count.
    fn explain_count(self, what: Counted, times: Times) -> Vec<String> {
        let mut lines = Vec::new();
        let attempts = self.outcome.attempts();
        // The budget that was meant, if a single number was expected.
        let budget = times.single().and_then(|n| match what {
            Counted::Attempts => n.checked_sub(1),
            Counted::Retries => Some(n),
        });
        if let Some(budget) = budget {
            if attempts == 1 && budget > 0 && !self.outcome.succeeded() {
                lines.push(self.outcome.effort(budget).to_string());
            }
            if let Some(multiplied) = Multiplied::explain(attempts, budget) {
                lines.push(format!("multiplied: {multiplied}"));
            }
        }
        lines.extend(self.elsewhere());
        lines
    }

    /// Where there were attempts, if there were none here.
    fn elsewhere(self) -> Vec<String> {
        if self.outcome.attempts() > 0 {
            return Vec::new();
        }
        let mut seen: Vec<(String, u64)> = Vec::new();
        for exchange in self.outcome.all_targets().exchanges() {
            let name = format!("{} {}", exchange.method(), exchange.path_and_query());
            match seen.iter_mut().find(|(target, _)| *target == name) {
                Some((_, count)) => *count += 1,
                None => seen.push((name, 1)),
            }
        }
        match seen.as_slice() {
            [] => vec!["it asked the server for nothing at all".to_owned()],
            seen => seen
                .iter()
                .take(5)
                .map(|(target, count)| format!("there were attempts for {target}: {count}"))
                .collect(),
        }
    }
}
