//! What is to be thought of the pauses before retries.

use std::collections::{BTreeMap, BTreeSet};
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
    let hasty: BTreeSet<_> = kinds.iter().filter(|(_, of)| of.are_hasty()).map(|(behind, _)| *behind).collect();
    let judge = |waits: &&[Wait]| {
        let level = Verdict::NoBackoff.level(Level::Policy);
        let found = waits.len() > 1 && waits.iter().all(|wait| hasty.contains(&wait.behind));
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
    let all: Vec<_> = pauses.iter().map(|pause| pause.at_most).collect();
    let usual = median(&all);
    // Each has one pause, and none is let off as the first.
    if (Pauses { later: all.clone(), all }).are_hasty() {
        return found(format!("all {clients} come back at once, after {usual:.1?} as a rule"));
    }
    let window = longest / 20;
    let together = together(pauses, window);
    if longest < LONG_ENOUGH || together * 10 < clients * 9 {
        return None;
    }
    found(format!("{together} of {clients} come back within {window:.1?} of each other, after {longest:.1?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pause(ms: u64) -> Pause {
        Pause { known: Duration::from_millis(ms), at_most: Duration::from_millis(ms) }
    }

    /// Which of these runs came back at once.
    #[track_caller]
    fn check_waits(runs: &[&[(Behind, u64)]], expected: &[bool]) {
        let wait = |(at, (behind, ms)): (usize, &(Behind, u64))| Wait {
            behind: *behind,
            is_first: at == 0,
            at_most: Duration::from_millis(*ms),
        };
        let runs: Vec<Vec<_>> = runs.iter().map(|run| run.iter().enumerate().map(wait).collect()).collect();
        let runs: Vec<_> = runs.iter().map(Vec::as_slice).collect();
        let found: Vec<_> = no_backoff(&runs).iter().map(Option::is_some).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn it_waits() {
        use Behind::{ResetInBody, Status};
        check_waits(&[&[(Status, 0), (Status, 99)]], &[true]);
        check_waits(&[&[(Status, 0), (Status, 100)]], &[false]);
        // One may be short by chance, or be a silent resend.
        check_waits(&[&[(Status, 0)], &[]], &[false, false]);
        // Behind a status it waits, and not behind a reset.
        let (hasty, patient) = ([(ResetInBody, 1); 3], [(Status, 900); 3]);
        check_waits(&[&hasty, &patient, &[hasty[0], patient[0]]], &[true, false, false]);
    }

    /// Who waits for a time between nothing and a second comes back soon now and then; and a busy machine makes a second of
    /// nothing.
    #[test]
    fn chance_is_no_haste() {
        let run = |ms: [u64; 3]| ms.map(|ms| (Behind::Status, ms));
        check_waits(&[&run([1, 2, 3]), &run([99, 100, 100]), &run([100, 700, 900])], &[false, false, false]);
        check_waits(&[&run([1, 2, 3]), &run([4, 5, 6]), &run([7, 8, 900]), &run([9, 9, 900])], &[true; 4]);
        // The first retry comes at once, and the others do not.
        let second = run([1, 400, 1_000]);
        check_waits(&[second.as_slice(); 4], &[false; 4]);
        check_waits(&[&second[..2]], &[false]);
        // Half of all pauses are short then, and none of those that count.
        check_waits(&[&second[..2]; 8], &[false; 8]);
    }

    #[test]
    fn a_crowd_is_no_lockstep_by_chance() {
        let crowd = |ms: &[u64]| lockstep(&ms.iter().map(|ms| pause(*ms)).collect::<Vec<_>>()).is_some();
        assert!(crowd(&[1_000, 1_001, 1_002, 1_049]));
        assert!(!crowd(&[1_000, 1_001, 1_002, 1_060]));
        assert!(!crowd(&[500, 700, 900, 1_100]));
        let of_twelve = |late: usize| [vec![2_000; late], vec![1_000; 12 - late]].concat();
        assert!(crowd(&of_twelve(0)) && crowd(&of_twelve(1)) && !crowd(&of_twelve(2)));
        // Not to wait at all is no way to be told apart.
        assert!(crowd(&[3; 12]) && crowd(&[99; 4]) && !crowd(&[100; 4]));
        // Too few, and too short, to tell.
        assert!(!crowd(&[1_000; 3]));
        assert!(!crowd(&[800; 12]));
        assert!(!crowd(&[]));
    }
}
