//! How many attempts there were.

use super::{Assert, AssertionError, Times, panicking};
use crate::Effort;
use crate::effort::{Multiplied, plural};

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
    /// If neither count fits.
    pub fn try_attempts(self, times: impl Into<Times>) -> Result<Self, AssertionError> {
        self.count(Counted::Attempts, self.outcome.attempts(), times.into())
    }

    panicking! {
        /// There were this many retries, with or without resends: attempts less the first one for each target.
        retries, try_retries, times: impl Into<Times>
    }

    /// The twin of [`retries`](Self::retries).
    ///
    /// # Errors
    ///
    /// If neither count fits.
    pub fn try_retries(self, times: impl Into<Times>) -> Result<Self, AssertionError> {
        self.count(Counted::Retries, self.outcome.retries(), times.into())
    }

    panicking! {
        /// There was one attempt, or one that only a resend followed: right for what is not transient, and wrong for
        /// what is.
        did_not_retry, try_did_not_retry
    }

    /// The twin of [`did_not_retry`](Self::did_not_retry).
    ///
    /// # Errors
    ///
    /// If there were none, or retries.
    pub fn try_did_not_retry(self) -> Result<Self, AssertionError> {
        let attempts = self.outcome.attempts();
        let retries = self.outcome.retries().saturating_sub(self.outcome.wire().resends());
        let got = || if attempts == 0 { "no attempt".to_owned() } else { format!("{retries} {}", plural(retries)) };
        let nearest = || {
            let mut lines = self.elsewhere();
            if self.outcome.effort(retries) == Effort::Unprovoked && attempts > 0 {
                lines.push("nothing was wrong on the wire: it retries what is no matter of the network".to_owned());
            }
            lines
        };
        self.check(attempts > 0 && retries == 0, || "one attempt, and no retry".to_owned(), got, nearest)
    }

    panicking! {
        /// It failed, and not before it had used up its budget: this many retries, no fewer and no more.
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
        let expected = || format!("failure after all of {budget} {}: exhausted", plural(budget));
        self.check(effort == Effort::Exhausted, expected, || effort.to_string(), || self.elsewhere())
    }

    fn count(self, what: Counted, with: u64, times: Times) -> Result<Self, AssertionError> {
        let resends = self.outcome.wire().resends();
        let without = with.saturating_sub(resends);
        let complete = self.outcome.facts().dropped == 0;
        let holds = complete && (times.include(with) || times.include(without));
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
        let got = || match resends {
            _ if !complete => format!("{with}, and more that the journal has dropped"),
            0 => with.to_string(),
            _ => format!("{with}, or {without} without resends"),
        };
        self.check(holds, expected, got, || self.explain_count(what, times))
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
