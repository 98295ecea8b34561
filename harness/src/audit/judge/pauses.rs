//! What is to be thought of the pauses before retries.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::audit::case::LEAST_IN_A_CROWD;
use crate::audit::{Finding, Level, Verdict};
use crate::wire::{Behind, Pause, Wait, together};

/// Whoever waits at all waits longer than that as a rule.
const AT_ONCE: Duration = Duration::from_millis(100);

/// The median of so many pauses is no chance. Of fewer each has to be short: who waits for a time between nothing and a second
/// comes back soon now and then, and not each time.
const ENOUGH: usize = 8;

/// Where many come back together, their pauses have to be so long: within shorter ones, what is meant to differ cannot be
/// told from what a busy machine does.
const LONG_ENOUGH: Duration = Duration::from_millis(900);

/// The middle one; of an even number the shorter one of the two. Zero if there is none.
fn median(waits: &[Duration]) -> Duration {
    let mut waits = waits.to_vec();
    waits.sort_unstable();
    waits.get(waits.len().saturating_sub(1) / 2).copied().unwrap_or_default()
}

/// Whether there are some, and each is short.
fn are_short(waits: &[Duration]) -> bool {
    waits.iter().max().is_some_and(|longest| *longest < AT_ONCE)
}

/// The pauses behind one kind of failure.
#[derive(Debug, Default)]
struct Pauses {
    all: Vec<Duration>,
    /// But for those before first retries, which many clients do without.
    later: Vec<Duration>,
}

impl Pauses {
    fn are_hasty(&self) -> bool {
        let Self { all, later } = self;
        if later.len() < ENOUGH { !later.is_empty() && are_short(all) } else { median(later) < AT_ONCE }
    }
}

/// Which runs came back at once, again and again, of runs with these pauses. What is behind the same failure is looked at for
/// all of them together: in a single run a pause may be short by chance, or long because the machine is busy.
pub(crate) fn no_backoff(runs: &[&[Wait]]) -> Vec<Option<Finding>> {
    let mut kinds: BTreeMap<Behind, Pauses> = BTreeMap::new();
    for wait in runs.iter().copied().flatten() {
        let pauses = kinds.entry(wait.behind).or_default();
        pauses.all.push(wait.at_most);
        pauses.later.extend((!wait.is_first).then_some(wait.at_most));
    }
    let is_hasty = |wait: &Wait| kinds.get(&wait.behind).is_some_and(Pauses::are_hasty);
    let judge = |waits: &&[Wait]| {
        let level = Verdict::NoBackoff.level(Level::Policy);
        let found = waits.len() > 1 && waits.iter().all(is_hasty);
        let says = || format!("the pauses before its retries: {} at most", in_words(waits));
        found.then(|| Finding { verdict: Verdict::NoBackoff, level, says: says() })
    };
    runs.iter().map(judge).collect()
}

/// Pauses, for people.
fn in_words(waits: &[Wait]) -> String {
    waits.iter().map(|wait| format!("{:.1?}", wait.at_most)).collect::<Vec<_>>().join(", ")
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
    if are_short(&waits) || waits.len() >= ENOUGH && median(&waits) < AT_ONCE {
        return found(format!("all {clients} come back at once, after {:.1?} as a rule", median(&waits)));
    }
    let window = longest / 20;
    let together = together(pauses, window);
    if longest < LONG_ENOUGH || together * 10 < clients * 9 {
        return None;
    }
    found(format!("{together} of {clients} come back within {window:.1?} of each other, after {longest:.1?}"))
}
