//! When retries came.

use std::time::Duration;

use super::{Assert, AssertionError, Backoff, panicking};
use crate::wire::{Attempt, Pause};

impl Assert<'_> {
    panicking! {
        /// It retried, with pauses like these. Resends come at once, and do not count.
        backed_off, try_backed_off, backoff: Backoff
    }

    /// The twin of [`backed_off`](Self::backed_off).
    ///
    /// # Errors
    ///
    /// If there was no retry, or a pause that is not as it should be.
    pub fn try_backed_off(self, backoff: Backoff) -> Result<Self, AssertionError> {
        let pauses = self.pauses();
        let wrong = match pauses.as_slice() {
            [] => Some("no retry".to_owned()),
            pauses => backoff.check(pauses).err(),
        };
        let got = || wrong.clone().unwrap_or_default();
        let nearest = || vec![format!("the pauses: {}", list(&pauses))];
        self.check(wrong.is_none(), || backoff.to_string(), got, nearest)
    }

    panicking! {
        /// Each retry of an attempt that was answered with `Retry-After` came no earlier than that says (RFC 9110
        /// §10.2.3), and there was such a retry.
        obeyed_retry_after, try_obeyed_retry_after
    }

    /// The twin of [`obeyed_retry_after`](Self::obeyed_retry_after).
    ///
    /// # Errors
    ///
    /// If one came too early; if there was no `Retry-After`, or no retry of an attempt that had one.
    pub fn try_obeyed_retry_after(self) -> Result<Self, AssertionError> {
        let asked = |pair: [&Attempt; 2]| Some((pair[0].retry_after?, Attempt::pause(pair)));
        let pauses: Vec<(Duration, Pause)> = self.outcome.wire().pairs().filter_map(asked).collect();
        let early = pauses.iter().find(|(asked, pause)| pause.at_most < *asked);
        let got = || match early {
            Some((asked, pause)) => format!("a retry after {:.1?}, where {asked:?} were asked for", pause.known),
            None if self.outcome.wire().all().iter().any(|attempt| attempt.retry_after.is_some()) => {
                "no retry after a `Retry-After`".to_owned()
            }
            None => "no reply with a `Retry-After`".to_owned(),
        };
        let holds = early.is_none() && !pauses.is_empty();
        self.check(holds, || "no retry before `Retry-After` says".to_owned(), got, Vec::new)
    }

    fn pauses(self) -> Vec<Pause> {
        self.outcome.wire().pairs().filter(|[_, later]| !later.resend).map(Attempt::pause).collect()
    }
}

fn list(pauses: &[Pause]) -> String {
    match pauses {
        [] => "none".to_owned(),
        pauses => pauses.iter().map(|pause| format!("{:.1?}", pause.known)).collect::<Vec<_>>().join(", "),
    }
}
