//! Counters for each target: exact, and bounded in memory.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::decision::Target;

/// Counters for each target, `None` standing for heads that never were complete.
#[derive(Debug)]
pub(super) struct Counts {
    limit: usize,
    by_target: BTreeMap<Option<Target>, Count>,
    /// The sum over all targets that came when `by_target` was full.
    others: Count,
}

/// What is counted for one target.
#[derive(Clone, Debug, Default)]
pub(super) struct Count {
    pub(super) attempts: u64,
    pub(super) resends: u64,
    /// Attempts that still go on.
    pub(super) open: u64,
    pub(super) last_end: Option<Duration>,
    /// The last attempt to end did so on a reused connection before any byte of a response.
    pub(super) last_died_unanswered: bool,
}

impl Count {
    /// One of the attempts has ended; `unanswered` if it died on a reused connection before any byte of a response.
    pub(super) fn end(&mut self, now: Duration, unanswered: bool) {
        self.open = self.open.saturating_sub(1);
        self.last_end = Some(now);
        self.last_died_unanswered = unanswered;
    }
}

impl Counts {
    pub(super) fn new(limit: usize) -> Self {
        Self { limit, by_target: BTreeMap::new(), others: Count::default() }
    }

    pub(super) fn of(&mut self, target: Option<&Target>) -> &mut Count {
        // Looked up twice because a key that is only borrowed cannot be inserted.
        let key = target.cloned();
        if self.by_target.len() >= self.limit && !self.by_target.contains_key(&key) {
            return &mut self.others;
        }
        self.by_target.entry(key).or_default()
    }

    /// The sum over all targets for which `select` holds.
    pub(super) fn sum(&self, select: impl Fn(Option<&Target>) -> bool) -> Count {
        let mut sum = Count::default();
        for (_, count) in self.by_target.iter().filter(|(target, _)| select(target.as_ref())) {
            sum.attempts += count.attempts;
            sum.resends += count.resends;
        }
        sum
    }

    pub(super) fn others(&self) -> &Count {
        &self.others
    }
}
