//! What is to be thought of the pauses before retries.

use std::time::Duration;

use crate::audit::{Finding, Level, Verdict};
use crate::wire::{Pause, together};

/// Who comes back in this time may not have waited at all: a busy machine makes that long of nothing.
const HASTY: Duration = Duration::from_millis(250);

/// Whoever waits at all waits longer than that as a rule.
const AT_ONCE: Duration = Duration::from_millis(100);

/// Where many come back together, their pauses have to be so long: within shorter ones, what is meant to differ cannot be
/// told from what a busy machine does.
const LONG_ENOUGH: Duration = Duration::from_millis(900);

/// Whether a downloader came back at once, more often than not.
pub(super) fn is_hasty(pauses: &[Pause]) -> bool {
    pauses.len() > 1 && median(pauses.iter().map(|pause| pause.known)) < HASTY
}

/// The pauses, for people.
pub(super) fn in_words(pauses: &[Pause]) -> String {
    pauses.iter().map(|pause| format!("{:.1?}", pause.known)).collect::<Vec<_>>().join(", ")
}

/// The middle one; of an even number the shorter one of the two. Zero if there is none.
fn median(pauses: impl Iterator<Item = Duration>) -> Duration {
    let mut pauses: Vec<_> = pauses.collect();
    pauses.sort_unstable();
    pauses.get(pauses.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Whether these pauses, of all runs of a kind, are those of a downloader that does not wait. In a single run a pause may
/// be short by chance, where chance is what it waits by.
pub(crate) fn never_waits(pauses: impl Iterator<Item = Duration>) -> bool {
    median(pauses) < AT_ONCE
}

/// Whether so many come back together that it is no chance: three of four within a twentieth of their longest pause.
pub(crate) fn lockstep(pauses: &[Pause]) -> Option<Finding> {
    let (clients, longest) = (pauses.len(), pauses.iter().map(|pause| pause.known).max()?);
    if clients < 4 || longest < LONG_ENOUGH {
        return None;
    }
    let window = longest / 20;
    let together = together(pauses, window);
    let says = format!("{together} of {clients} come back within {window:.1?} of each other, after {longest:.1?}");
    let level = Verdict::Lockstep.level(Level::Policy);
    (together * 4 > clients * 3).then_some(Finding { verdict: Verdict::Lockstep, level, says })
}
