//! A plan in the making, which the terms of an entry change one after the other.

mod answer;
mod behind;
mod body;
mod chunks;
mod head;

use std::{collections::BTreeSet, sync::Arc, time::Duration};

pub(super) use self::behind::After;
use crate::{
    decision::{
        answer::{Answer, Ranges},
        changes::Changes,
        form::Form,
        lower::Circumstances,
        plan::{Framing, ReplyFacts, Step},
    },
    units::{Offset, Rate},
};

/// What the terms so far want of the reply. The order in which they say so does not matter.
#[derive(Debug, Default)]
pub(in crate::decision) struct Draft {
    facts: ReplyFacts,
    circumstances: Circumstances,
    /// The position in its entry of the term that is being lowered.
    term: usize,
    /// The positions of the terms that cannot happen here.
    missed: BTreeSet<usize>,
    delay: Duration,
    pause: Duration,
    stall_for: Option<Duration>,
    on_accept: Option<Step>,
    no_reply: Option<Step>,
    interims: Option<Step>,
    in_head: Option<Mark<Offset>>,
    second_length: Option<Arc<str>>,
    marks: Vec<Mark>,
    /// The fixture that a mark is about.
    splice: Option<Arc<str>>,
    /// The term that makes the body short.
    shortens: usize,
    in_trailer: Option<Mark>,
    /// What comes behind the end of the message, and the terms that want it.
    behind: Vec<(Step, usize)>,
    after: Option<(After, usize)>,
    close: bool,
    /// The term that says which status the answer has.
    status_term: Option<usize>,
    /// The client has followed all redirects of a chain.
    is_chain_over: bool,
    changes: Changes,
    pub(super) rate: Option<Rate>,
    pub(super) framing: Framing,
    pub(super) form: Form,
    pub(super) answer: Answer,
}

/// Something that happens at a place in the body, or in another part of the message.
#[derive(Clone, Copy, Debug)]
struct Mark<At = u64> {
    at: At,
    act: Act,
    term: usize,
}

/// What happens there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Act {
    BadChunk,
    Break(Step),
    Flip,
    Splice,
    Stall,
    Zeros,
}

/// A finished draft.
#[derive(Debug)]
pub(in crate::decision) struct Finished {
    pub(in crate::decision) steps: Vec<Step>,
    pub(in crate::decision) flips: Vec<u64>,
    pub(in crate::decision) changes: Changes,
    pub(in crate::decision) rate: Option<Rate>,
    pub(in crate::decision) framing: Framing,
    pub(in crate::decision) form: Form,
    pub(in crate::decision) answer: Answer,
    pub(in crate::decision) close: bool,
    /// The positions of the terms that cannot happen here.
    pub(in crate::decision) missed: BTreeSet<usize>,
}

impl Draft {
    pub(in crate::decision) fn new(facts: ReplyFacts, circumstances: Circumstances) -> Self {
        Self { facts, circumstances, ..Self::default() }
    }

    /// Says which term of the entry is lowered next.
    pub(in crate::decision) fn turn_to(&mut self, term: usize) {
        self.term = term;
    }

    /// The term that is being lowered cannot happen here.
    fn miss(&mut self) {
        self.missed.insert(self.term);
    }

    pub(super) fn delay(&mut self, duration: Duration) {
        self.delay = duration;
    }

    pub(super) fn pause(&mut self, duration: Duration) {
        self.pause = duration;
    }

    pub(super) fn stall_for(&mut self, duration: Duration) {
        self.stall_for = Some(duration);
    }

    /// Ends the exchange with this step and without a reply.
    pub(super) fn no_reply(&mut self, step: Step) {
        self.no_reply = Some(step);
    }

    /// Ends the connection with this step before there is a request, or lets it pass. It does not happen to a request.
    pub(super) fn on_accept(&mut self, step: Option<Step>) {
        self.on_accept = step;
        self.miss();
    }

    /// Answers a request for a range in another way than it should be.
    pub(super) fn ranges(&mut self, ranges: Ranges) {
        self.answer.ranges = ranges;
        let is_there = match ranges {
            Ranges::From(offset) => offset.resolve(self.facts.total).is_some_and(|start| start < self.facts.total),
            _ => true,
        };
        if !self.facts.ranged || !is_there {
            self.miss();
        }
    }

    /// Answers from this revision of the fixture.
    pub(super) fn revision(&mut self, revision: u32) {
        self.answer.revision = Some(revision);
        if !self.facts.is_of_fixture() {
            self.miss();
        }
    }

    /// Answers with the representation coded so many times over.
    pub(super) fn gzip(&mut self, times: u32) {
        self.answer.gzip = Some(times);
        if !self.facts.is_of_fixture() {
            self.miss();
        }
    }

    /// What comes before there is a request.
    pub(in crate::decision) fn finish_on_accept(self) -> Vec<Step> {
        let mut steps = Vec::new();
        wait(&mut steps, self.delay);
        steps.extend(self.on_accept);
        steps
    }

    pub(in crate::decision) fn finish(mut self) -> Finished {
        self.end_chain();
        let mut steps = Vec::new();
        wait(&mut steps, self.delay);
        let mut flips = Vec::new();
        if let Some(step) = self.no_reply {
            wait(&mut steps, self.pause);
            steps.push(step);
        } else {
            self.shorten();
            let is_over =
                self.play_head(&mut steps) || self.play_body(&mut steps, &mut flips) || self.play_trailer(&mut steps);
            self.play_end(&mut steps, is_over);
        }
        Finished {
            steps,
            flips,
            changes: self.changes,
            rate: self.rate,
            framing: self.framing,
            form: self.form,
            answer: self.answer,
            close: self.close,
            missed: self.missed,
        }
    }

    /// Appends what happens in a place; returns whether that is the end of it all.
    fn play(&self, act: Act, steps: &mut Vec<Step>) -> bool {
        match (act, self.stall_for) {
            (Act::Stall, Some(duration)) => {
                wait(steps, duration);
                false
            }
            (Act::Stall, None) => {
                steps.push(Step::Stop);
                true
            }
            (Act::Break(step), _) => {
                wait(steps, self.pause);
                steps.push(step);
                true
            }
            _ => false,
        }
    }
}

fn wait(steps: &mut Vec<Step>, duration: Duration) {
    if !duration.is_zero() {
        steps.push(Step::Wait(duration));
    }
}
