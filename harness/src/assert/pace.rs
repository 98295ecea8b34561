//! When retries came.

use std::collections::BTreeMap;
use std::time::Duration;

use flaky_server::Target;

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

    panicking! {
        /// Clients that failed together did not come back together: for the first retries of several targets, the
        /// pauses differ by at least this share of the longest one. Give each client a target of its own, such as
        /// `{url}?client=1`.
        ///
        /// A busy machine spreads them as well: take pauses of a second, ten clients, and a share of 0.2 at most.
        spread_out, try_spread_out, share: f64
    }

    /// The twin of [`spread_out`](Self::spread_out).
    ///
    /// # Errors
    ///
    /// If they differ by less, or if fewer than two targets were retried.
    pub fn try_spread_out(self, share: f64) -> Result<Self, AssertionError> {
        let mut firsts: BTreeMap<&Target, Pause> = BTreeMap::new();
        for pair in self.outcome.wire().pairs().filter(|[_, later]| !later.resend) {
            if let Some(target) = &pair[1].target {
                firsts.entry(target).or_insert_with(|| Attempt::pause(pair));
            }
        }
        let pauses: Vec<Pause> = firsts.into_values().collect();
        let known = || pauses.iter().map(|pause| pause.known);
        let longest = known().max().unwrap_or_default();
        let apart = longest - known().min().unwrap_or_default();
        let got = || match pauses.len() {
            0 | 1 => "fewer than two targets that were retried".to_owned(),
            clients => format!("in lockstep: {clients} of them within {apart:.1?}, after {longest:.1?}"),
        };
        self.check(
            pauses.len() >= 2 && apart >= longest.mul_f64(share.clamp(0.0, 1.0)) && !longest.is_zero(),
            || format!("clients that come back at different times, {:.0} % of their pauses apart", share * 100.0),
            got,
            || vec![format!("the pauses: {}", list(&pauses))],
        )
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
