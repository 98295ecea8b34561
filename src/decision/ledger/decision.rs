//! What happens on one attempt, before the reply is known.

use super::super::{
    answer::Answer,
    entry::Entry,
    fault::Fault,
    lower::{Circumstances, answer, lower_unless},
    plan::{Framing, ReplyFacts},
    target::Target,
};

/// What happens on one attempt, before the reply is known.
#[derive(Clone, Debug)]
pub struct Decision {
    pub(super) target: Target,
    pub(super) attempt: u64,
    pub(super) rule: Option<usize>,
    /// That of the rule, wherever it stands meanwhile.
    pub(super) id: u64,
    /// What that rule counts the attempt with, if not with those for its target.
    pub(super) group: Option<Target>,
    pub(super) entry: Entry,
    pub(super) circumstances: Circumstances,
    pub(super) note: Option<String>,
}

impl Decision {
    /// What the attempt is for.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The number of the attempt for its target, counted from 1.
    pub fn attempt(&self) -> u64 {
        self.attempt
    }

    /// The position that the rule that decided had then; `None` if none did.
    pub fn rule(&self) -> Option<usize> {
        self.rule
    }

    /// What happens.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// What else there is to say: that a closure panicked.
    pub fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }

    /// How the answer differs from the correct one.
    pub fn answer(&self) -> Answer {
        answer(self.entry.terms().iter(), self.circumstances)
    }

    /// Answers without one term each, of those that make a difference to the `whole` one: the term's position in the entry,
    /// and the answer. Whether they make one to the reply, only that can tell.
    pub(crate) fn answers_without(&self, whole: &Answer) -> impl Iterator<Item = (usize, Answer)> {
        // Most answers are the correct one, to which no term makes a difference.
        let terms = if *whole == Answer::default() { &[] } else { self.entry.terms() };
        let without = move |i: usize| {
            let others = terms.iter().enumerate().filter(move |(other, _)| *other != i).map(|(_, term)| term);
            (i, answer(others, self.circumstances))
        };
        (0..terms.len()).map(without).filter(move |(_, fewer)| fewer != whole)
    }

    /// How the end of the body is to be made known.
    pub fn framing(&self) -> Framing {
        self.without_reply().framing
    }

    /// The path of the fixture that is to be spliced in.
    pub(crate) fn splice(&self) -> Option<&str> {
        self.entry.terms().iter().find_map(Fault::spliced)
    }

    fn without_reply(&self) -> super::Plan {
        lower_unless(&self.entry, &ReplyFacts::default(), self.circumstances, |_| false).0
    }
}

/// Something that happens once per rule, offset and target, and that a plan has taken on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    pub(super) target: Target,
    /// With what that is counted, if not by itself.
    pub(super) group: Option<Target>,
    /// The id of the rule.
    pub(super) rule: u64,
    pub(super) term: Fault,
    /// Tells it from earlier claims to the same thing.
    pub(super) serial: u64,
}

impl Claim {
    /// The term that fires.
    pub fn term(&self) -> &Fault {
        &self.term
    }

    /// The target that it fires for.
    pub fn target(&self) -> &Target {
        &self.target
    }
}
