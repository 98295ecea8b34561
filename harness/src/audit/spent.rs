//! What the time went to.

use std::time::Duration;

use crate::Outcome;

/// What the time of an audit, or of one run, went to. Runs that went on at the same time count each for itself.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Spent {
    /// From the downloader's start to its end.
    pub total: Duration,
    /// In that, attempts went on: what the server was told to wait is in here, too.
    pub attempts: Duration,
    /// In that, it waited between its attempts.
    pub between: Duration,
    /// Starting and stopping servers, comparing files, judging.
    pub ours: Duration,
}

impl Spent {
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let all = outcome.all_targets();
        let mut spans: Vec<_> = all.exchanges().iter().map(|it| (it.at, it.ended_at.unwrap_or(it.at))).collect();
        spans.sort_unstable();
        let (mut attempts, mut between, mut end) = (Duration::ZERO, Duration::ZERO, None);
        for (from, to) in spans {
            let reached = end.unwrap_or(from);
            between += from.saturating_sub(reached);
            attempts += to.saturating_sub(from.max(reached));
            end = Some(reached.max(to));
        }
        Self { total: outcome.wall_time(), attempts, between, ours: Duration::ZERO }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            attempts: self.attempts + other.attempts,
            between: self.between + other.between,
            ours: self.ours + other.ours,
        }
    }

    /// Neither in an attempt nor between two: it started, computed, and ended.
    pub fn rest(&self) -> Duration {
        self.total.saturating_sub(self.attempts + self.between)
    }
}
