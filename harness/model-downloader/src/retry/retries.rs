//! What all loops of a download share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Backoff, Budget, Loop, Spent};
use crate::policy::Retrying;

/// What all loops of a download share: one budget, and the pauses.
#[derive(Debug)]
pub(crate) struct Retries {
    backoff: Backoff,
    /// What a server may ask for at most; `None` if nobody listens.
    max_wait: Option<Duration>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    budget: Budget,
    /// What the latest reply asked for.
    asked: Option<Duration>,
}

impl Retries {
    pub(crate) fn new(policy: &Retrying) -> Self {
        let state = State { budget: Budget::new(policy.retries), asked: None };
        let max_wait = policy.obey_retry_after.then_some(policy.max_wait);
        Self { backoff: policy.backoff, max_wait, state: Mutex::new(state) }
    }

    /// The pause before another attempt. `None` if there is to be none: the budget is used up.
    pub(crate) fn next(&self, by: Loop) -> Option<Duration> {
        let mut state = self.state();
        let asked = state.asked.take();
        let before = state.budget.draw(by)?;
        Some(self.pause(before, asked, fastrand::f64()))
    }

    /// Our own pause comes on top of what was asked for: all who were told "2" must not be back in the same moment.
    fn pause(&self, before: u32, asked: Option<Duration>, chance: f64) -> Duration {
        let asked = asked.zip(self.max_wait).map_or(Duration::ZERO, |(asked, most)| asked.min(most));
        asked.saturating_add(self.backoff.pause(before, chance))
    }

    /// Notes what a reply asked for, until the next attempt.
    pub(crate) fn note(&self, asked: Option<Duration>) {
        self.state().asked = asked;
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

    fn retries(max_wait: u64, obey: bool) -> Retries {
        let backoff = Backoff { jitter: Jitter::None, ..Backoff::default() };
        let max_wait = Duration::from_secs(max_wait);
        Retries::new(&Retrying { backoff, max_wait, obey_retry_after: obey, ..Retrying::default() })
    }

    #[track_caller]
    fn check(retries: &Retries, asked: Duration, expected: u64) {
        retries.note(Some(asked));
        assert_eq!(retries.next(Loop::Request), Some(Duration::from_millis(expected)));
    }

    #[test]
    fn what_was_asked_for_comes_first_and_then_our_own_pause() {
        let retries = retries(60, true);
        check(&retries, Duration::from_secs(2), 2_500);
        // It was asked for once.
        assert_eq!(retries.next(Loop::Download), Some(Duration::from_secs(1)));
        check(&retries, Duration::ZERO, 2_000);
        assert_eq!(retries.next(Loop::Download), None);
        assert_eq!(retries.spent().total(), 3);
    }

    #[test]
    fn it_is_bounded() {
        check(&retries(60, true), Duration::MAX, 60_500);
    }

    #[test]
    fn it_can_be_ignored() {
        check(&retries(60, false), Duration::from_secs(2), 500);
    }
}
