//! What all loops of a download share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::{Backoff, Budget, Loop, Spent, after};
use crate::policy::{OnRetryAfter, Retrying};

/// What all loops of a download share: one budget, and the pauses.
#[derive(Debug)]
pub(crate) struct Retries {
    backoff: Backoff,
    on_retry_after: OnRetryAfter,
    /// What a server may ask for at most.
    max_wait: Duration,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    /// What the latest reply asked for.
    asked: Option<Duration>,
    /// It asked in words that are the end.
    choked: bool,
}

impl Retries {
    pub(crate) fn new(policy: &Retrying) -> Self {
        let &Retrying { backoff, on_retry_after, max_wait, .. } = policy;
        let state = State { budget: Budget::new(policy.retries), asked: None, choked: false };
        Self { backoff, on_retry_after, max_wait, state: Mutex::new(state) }
    }

    /// The pause before another attempt. `None` if there is to be none: the budget is used up.
    pub(crate) fn next(&self, by: Loop) -> Option<Duration> {
        let mut state = self.state();
        let asked = state.asked.take();
        if state.choked {
            return None;
        }
        let before = state.budget.draw(by)?;
        Some(self.pause(before, asked, fastrand::f64()))
    }

    /// Our own pause comes on top of what was asked for: all who were told "2" must not be back in the same moment.
    fn pause(&self, before: u32, asked: Option<Duration>, chance: f64) -> Duration {
        asked.unwrap_or_default().min(self.max_wait).saturating_add(self.backoff.pause(before, chance))
    }

    /// Notes what a reply asks for, until the next attempt.
    pub(crate) fn note(&self, headers: &HeaderMap) {
        let seconds = after::asked_in_seconds(headers);
        let mut state = self.state();
        state.asked = match self.on_retry_after {
            OnRetryAfter::Obey => after::asked(headers),
            OnRetryAfter::ObeySeconds | OnRetryAfter::NeedSeconds => seconds,
            OnRetryAfter::Ignore => None,
        };
        let unreadable = headers.contains_key(RETRY_AFTER) && seconds.is_none();
        state.choked = unreadable && self.on_retry_after == OnRetryAfter::NeedSeconds;
    }

    /// See [`Budget::refill`].
    pub(crate) fn refill(&self) {
        self.state().budget.refill();
    }

    pub(crate) fn spent(&self) -> Spent {
        self.state().budget.spent()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Jitter;

    /// With a pause of half a second, which doubles.
    fn retries(on_retry_after: OnRetryAfter) -> Retries {
        let backoff = Backoff { jitter: Jitter::None, ..Backoff::default() };
        Retries::new(&Retrying { backoff, on_retry_after, ..Retrying::default() })
    }

    fn reply(retry_after: &str) -> HeaderMap {
        HeaderMap::from_iter([(RETRY_AFTER, retry_after.parse().unwrap())])
    }

    #[track_caller]
    fn check(retries: &Retries, asked: &str, expected: u64) {
        retries.note(&reply(asked));
        assert_eq!(retries.next(Loop::Request), Some(Duration::from_millis(expected)), "{asked}");
    }

    #[test]
    fn what_was_asked_for_comes_first_and_then_our_own_pause() {
        let retries = retries(OnRetryAfter::Obey);
        check(&retries, "2", 2_500);
        // It was asked for once.
        assert_eq!(retries.next(Loop::Download), Some(Duration::from_secs(1)));
        check(&retries, "0", 2_000);
        assert_eq!(retries.next(Loop::Download), None);
        assert_eq!(retries.spent().total(), 3);
    }

    #[test]
    fn what_asks_for_nothing_leaves_our_own_pause() {
        for asked in ["soon", "-5", "1.5", "Sun, 06 Nov 1994 08:49:37 GMT"] {
            check(&retries(OnRetryAfter::Obey), asked, 500);
        }
    }

    #[test]
    fn it_is_bounded() {
        for asked in ["1000000000", "99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
            check(&retries(OnRetryAfter::Obey), asked, 60_500);
        }
    }

    #[test]
    fn it_can_be_ignored_and_half_of_it_as_well() {
        const LATE: &str = "Fri, 31 Dec 9999 23:59:59 GMT";
        check(&retries(OnRetryAfter::Ignore), "2", 500);
        check(&retries(OnRetryAfter::ObeySeconds), "2", 2_500);
        check(&retries(OnRetryAfter::ObeySeconds), LATE, 500);
        let retries = retries(OnRetryAfter::NeedSeconds);
        check(&retries, "2", 2_500);
        retries.note(&reply(LATE));
        assert_eq!((retries.next(Loop::Request), retries.next(Loop::Download)), (None, None));
        // It is about that reply.
        retries.note(&HeaderMap::new());
        assert!(retries.next(Loop::Request).is_some());
    }
}
