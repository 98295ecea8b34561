//! What is to be thought of the pauses before retries.

use std::time::Duration;

use crate::audit::case::LEAST_IN_A_CROWD;
use crate::audit::{Finding, Level, Verdict};
use crate::wire::{Pause, together};

/// Who comes back in this time may not have waited at all: a busy machine makes that long of nothing.
const HASTY: Duration = Duration::from_millis(250);

/// Whoever waits at all waits longer than that as a rule.
const AT_ONCE: Duration = Duration::from_millis(100);

/// The median of so many of them is no chance.
const ENOUGH: usize = 8;

/// And of fewer, each has to be shorter than that: who waits for a time between nothing and a second comes back soon now and
/// then, and not each time.
const NO_TIME: Duration = Duration::from_millis(50);

/// Where many come back together, their pauses have to be so long: within shorter ones, what is meant to differ cannot be
/// told from what a busy machine does.
const LONG_ENOUGH: Duration = Duration::from_millis(900);

/// Whether a downloader came back at once, more often than not.
pub(super) fn is_hasty(waits: &[Duration]) -> bool {
    waits.len() > 1 && median(waits) < HASTY
}

/// The pauses, for people.
pub(super) fn in_words(waits: &[Duration]) -> String {
    waits.iter().map(|wait| format!("{wait:.1?}")).collect::<Vec<_>>().join(", ")
}

/// The middle one; of an even number the shorter one of the two. Zero if there is none.
fn median(waits: &[Duration]) -> Duration {
    let mut waits = waits.to_vec();
    waits.sort_unstable();
    waits.get(waits.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Whether these pauses, of all runs of a kind, are those of a downloader that does not wait. In a single run a pause may
/// be short by chance, where chance is what it waits by.
pub(crate) fn never_waits(waits: &[Duration]) -> bool {
    let longest = waits.iter().max();
    if waits.len() < ENOUGH { longest.is_some_and(|longest| *longest < NO_TIME) } else { median(waits) < AT_ONCE }
}

/// Whether so many come back together that it is no chance: nine of ten at once, or within a twentieth of their longest pause.
pub(crate) fn lockstep(pauses: &[Pause]) -> Option<Finding> {
    let (clients, longest) = (pauses.len(), pauses.iter().map(|pause| pause.known).max()?);
    if clients < LEAST_IN_A_CROWD as usize {
        return None;
    }
    let level = Verdict::Lockstep.level(Level::Policy);
    let found = |says| Some(Finding { verdict: Verdict::Lockstep, level, says });
    let waits: Vec<_> = pauses.iter().map(|pause| pause.at_most).collect();
    if never_waits(&waits) {
        return found(format!("all {clients} come back at once, after {:.1?} as a rule", median(&waits)));
    }
    let window = longest / 20;
    let together = together(pauses, window);
    if longest < LONG_ENOUGH || together * 10 < clients * 9 {
        return None;
    }
    found(format!("{together} of {clients} come back within {window:.1?} of each other, after {longest:.1?}"))
}
