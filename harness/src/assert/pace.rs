//! When retries came.

use std::time::Duration;

use super::{Assert, AssertionError, Backoff, panicking};
use crate::wire::{Pause, together};

impl Assert<'_> {
    panicking! {
        /// It retried, with pauses like these: for each target by itself. Resends come at once, and do not count, and
        /// neither does what follows a reply with which nothing was wrong.
        backed_off, try_backed_off, backoff: Backoff
    }

    /// The twin of [`backed_off`](Self::backed_off).
    ///
    /// # Errors
    ///
    /// If there was no retry, or a pause that is not as it should be.
    pub fn try_backed_off(self, backoff: Backoff) -> Result<Self, AssertionError> {
        let sequences = self.outcome.wire().pauses();
        let wrong = match sequences.as_slice() {
            [] => Some("no retry".to_owned()),
            sequences => sequences.iter().find_map(|pauses| backoff.check(pauses).err()),
        };
        let got = || wrong.clone().unwrap_or_default();
        let nearest = || sequences.iter().map(|pauses| format!("the pauses: {}", list(pauses))).collect();
        self.check_wire(wrong.is_none(), || backoff.to_string(), got, nearest)
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
        let pauses = self.outcome.wire().asked_pauses();
        let early = pauses.iter().find(|(asked, pause)| pause.at_most < *asked);
        let got = || match early {
            Some((asked, pause)) => format!("a retry after {:.1?}, where {asked:?} were asked for", pause.known),
            None if self.outcome.wire().all().iter().any(|attempt| attempt.retry_after.is_some()) => {
                "no retry after a `Retry-After`".to_owned()
            }
            None => "no reply with a `Retry-After`".to_owned(),
        };
        let holds = early.is_none() && !pauses.is_empty();
        self.check_wire(holds, || "no retry before `Retry-After` says".to_owned(), got, Vec::new)
    }

    panicking! {
        /// Clients that failed together did not come back together: of the first retries of several targets, not more
        /// than three in four come within this share of the longest pause. Give each client a target of its own, such
        /// as `{url}?client=1`.
        ///
        /// A busy machine spreads them as well: take pauses of seconds, ten clients or more, and a share of 0.2 at most.
        spread_out, try_spread_out, share: f64
    }

    /// The twin of [`spread_out`](Self::spread_out).
    ///
    /// # Errors
    ///
    /// If more of them come that close to each other, or if fewer than two targets were retried.
    pub fn try_spread_out(self, share: f64) -> Result<Self, AssertionError> {
        let all = self.outcome.all_targets();
        let mut pauses = all.wire().first_pauses();
        pauses.sort_by_key(|pause| pause.known);
        let longest = pauses.last().map_or(Duration::ZERO, |pause| pause.known);
        let window = longest.mul_f64(share.clamp(0.0, 1.0));
        let together = together(&pauses, window);
        let got = || match pauses.len() {
            0 | 1 => "fewer than two targets that were retried".to_owned(),
            clients => format!("in lockstep: {together} of {clients} within {window:.1?}, after {longest:.1?}"),
        };
        self.check_wire(
            pauses.len() >= 2 && together * 4 <= pauses.len() * 3,
            || format!("clients that come back at different times, {:.0} % of their pauses apart", share * 100.0),
            got,
            || vec![format!("the pauses: {}", list(&pauses))],
        )
    }
}

fn list(pauses: &[Pause]) -> String {
    match pauses {
        [] => "none".to_owned(),
        pauses => pauses.iter().map(|pause| format!("{:.1?}", pause.known)).collect::<Vec<_>>().join(", "),
    }
}
