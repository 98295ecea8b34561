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
        let spans = all.exchanges().iter().map(|it| (it.at, it.ended_at.unwrap_or(it.at))).collect();
        let (attempts, between) = split(spans);
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

/// How long something went on, and how long nothing did in between.
fn split(mut spans: Vec<(Duration, Duration)>) -> (Duration, Duration) {
    spans.sort_unstable();
    let (mut busy, mut idle, mut end) = (Duration::ZERO, Duration::ZERO, None);
    for (from, to) in spans {
        let reached = end.unwrap_or(from);
        idle += from.saturating_sub(reached);
        busy += to.saturating_sub(from.max(reached));
        end = Some(reached.max(to));
    }
    (busy, idle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(spans: &[(u64, u64)], busy: u64, idle: u64) {
        let ms = Duration::from_millis;
        let spans = spans.iter().map(|(from, to)| (ms(*from), ms(*to))).collect();
        assert_eq!(split(spans), (ms(busy), ms(idle)));
    }

    #[test]
    fn what_overlaps_counts_once() {
        check(&[], 0, 0);
        check(&[(5, 7)], 2, 0);
        check(&[(0, 2), (5, 7)], 4, 3);
        check(&[(0, 10), (5, 7)], 10, 0);
        check(&[(0, 10), (5, 12), (20, 21)], 13, 8);
        check(&[(5, 7), (0, 2)], 4, 3);
    }

    #[test]
    fn the_rest_is_what_is_left() {
        let ms = Duration::from_millis;
        let spent = Spent { total: ms(10), attempts: ms(3), between: ms(4), ours: ms(9) };
        assert_eq!((spent.rest(), spent.and(spent).rest()), (ms(3), ms(6)));
    }
}
