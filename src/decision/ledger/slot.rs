//! What is known of one target, or of connections.

use std::collections::BTreeSet;

use super::Claim;
use crate::decision::{entry::Entry, fault::Fault};

/// What is known of one target, or of connections.
#[derive(Debug, Default)]
pub(super) struct Slot {
    pub(super) attempts: u64,
    /// With the rule's id, sorted; only of rules that saw the target, for there may be many that did not.
    counts: Vec<(u64, Counts)>,
    /// What happened on each attempt, up to the first that was not remembered.
    runs: Vec<(Entry, u64)>,
    forgetful: bool,
    pub(super) claims: Vec<Claim>,
}

/// How often a rule saw a target, and decided.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) seen: u64,
    pub(super) fired: u64,
}

/// The most claims of rules that are gone. Exchanges that such a rule decided may still be planned, and are not to do what
/// another has done; this many are not under way for one target.
const RETIRED_CLAIMS: usize = 64;

impl Slot {
    pub(super) fn counts(&mut self, rule: u64) -> &mut Counts {
        let place = self.counts.binary_search_by_key(&rule, |(rule, _)| *rule);
        let place = place.unwrap_or_else(|place| {
            self.counts.insert(place, (rule, Counts::default()));
            place
        });
        &mut self.counts[place].1
    }

    /// Forgets what was counted for rules that are gone.
    pub(super) fn retire(&mut self, live: &BTreeSet<u64>) {
        self.counts.retain(|(rule, _)| live.contains(rule));
        let retired = self.claims.iter().filter(|claim| !live.contains(&claim.rule)).count();
        let mut excess = retired.saturating_sub(RETIRED_CLAIMS);
        self.claims.retain(|claim| {
            let goes = excess > 0 && !live.contains(&claim.rule);
            excess -= usize::from(goes);
            !goes
        });
    }

    #[cfg(test)]
    pub(super) fn counted(&self) -> usize {
        self.counts.len()
    }

    /// Remembers what happened so many times, if there is room, and returns how much room that took.
    pub(super) fn record(&mut self, entry: &Entry, times: u64, room: usize) -> usize {
        match self.runs.last_mut() {
            _ if self.forgetful || times == 0 => 0,
            Some((last, so_far)) if last == entry => {
                *so_far = so_far.saturating_add(times);
                0
            }
            _ if room == 0 => {
                self.forgetful = true;
                0
            }
            _ => {
                self.runs.push((entry.clone(), times));
                1
            }
        }
    }

    pub(super) fn runs(&self) -> &[(Entry, u64)] {
        &self.runs
    }

    /// Whether it remembers what happened on every attempt.
    pub(super) fn is_complete(&self) -> bool {
        !self.forgetful
    }

    /// Whether this term of this rule has fired, or is about to.
    pub(super) fn has_claim(&self, rule: u64, term: &Fault) -> bool {
        self.claims.iter().any(|claim| claim.rule == rule && claim.term == *term)
    }
}
