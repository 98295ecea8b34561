//! A plan in the making, which the terms of an entry change one after the other.

use std::{collections::BTreeSet, time::Duration};

use crate::{
    decision::{
        answer::{Answer, Ranges},
        plan::{Framing, ReplyFacts, Step},
    },
    units::{Offset, Rate},
};

/// What the terms so far want of the reply. The order in which they say so does not matter.
#[derive(Debug)]
pub(in crate::decision) struct Draft {
    facts: ReplyFacts,
    /// The position in its entry of the term that is being lowered.
    term: usize,
    delay: Duration,
    no_reply: Option<Step>,
    marks: Vec<Mark>,
    missed: BTreeSet<usize>,
    pause: Duration,
    stall_for: Option<Duration>,
    pub(super) rate: Option<Rate>,
    pub(super) framing: Framing,
    pub(super) answer: Answer,
}

/// Something that happens at a place in the body.
#[derive(Clone, Copy, Debug)]
struct Mark {
    at: u64,
    act: Act,
    term: usize,
}

/// In the order in which they happen at the same place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Act {
    Stall,
    Break(Step),
    Flip,
}

/// A finished draft.
#[derive(Debug)]
pub(in crate::decision) struct Finished {
    pub(in crate::decision) steps: Vec<Step>,
    pub(in crate::decision) flips: Vec<u64>,
    pub(in crate::decision) rate: Option<Rate>,
    pub(in crate::decision) framing: Framing,
    pub(in crate::decision) answer: Answer,
    /// The positions of the terms that cannot happen here.
    pub(in crate::decision) missed: BTreeSet<usize>,
}

impl Draft {
    pub(in crate::decision) fn new(facts: ReplyFacts) -> Self {
        Self {
            facts,
            term: 0,
            delay: Duration::ZERO,
            no_reply: None,
            marks: Vec::new(),
            missed: BTreeSet::new(),
            pause: Duration::ZERO,
            stall_for: None,
            rate: None,
            framing: Framing::default(),
            answer: Answer::default(),
        }
    }

    /// Says which term of the entry is lowered next.
    pub(in crate::decision) fn turn_to(&mut self, term: usize) {
        self.term = term;
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

    pub(super) fn throttle(&mut self, rate: Rate) {
        if self.facts.has_body {
            self.rate = Some(rate);
        } else {
            self.missed.insert(self.term);
        }
    }

    /// Answers a request for a range in another way than it should be.
    pub(super) fn ranges(&mut self, ranges: Ranges) {
        self.answer.ranges = ranges;
        let is_there = match ranges {
            Ranges::From(offset) => offset.resolve(self.facts.total).is_some_and(|start| start < self.facts.total),
            _ => true,
        };
        if !self.facts.ranged || !is_there {
            self.missed.insert(self.term);
        }
    }

    /// Answers from this revision of the fixture.
    pub(super) fn revision(&mut self, revision: u32) {
        self.answer.revision = Some(revision);
        if !self.facts.is_of_fixture() {
            self.missed.insert(self.term);
        }
    }

    /// Breaks the body off with this step, behind so many of its bytes.
    pub(super) fn break_after(&mut self, offset: Offset, step: Step) {
        self.mark(self.after(offset), Act::Break(step));
    }

    /// Breaks the body off with this step, before this byte of the fixture.
    pub(super) fn break_at(&mut self, offset: Offset, step: Step) {
        self.mark(self.at(offset), Act::Break(step));
    }

    pub(super) fn stall_after(&mut self, offset: Offset) {
        self.mark(self.after(offset), Act::Stall);
    }

    pub(super) fn stall_at(&mut self, offset: Offset) {
        self.mark(self.at(offset), Act::Stall);
    }

    /// Inverts this byte of the fixture.
    pub(super) fn flip_at(&mut self, offset: Offset) {
        let inside = self.at(offset).filter(|&at| at < self.facts.len);
        self.mark(inside, Act::Flip);
    }

    fn mark(&mut self, at: Option<u64>, act: Act) {
        match at.filter(|_| self.facts.has_body) {
            Some(at) => self.marks.push(Mark { at, act, term: self.term }),
            None => _ = self.missed.insert(self.term),
        }
    }

    /// An offset in this response's body.
    fn after(&self, offset: Offset) -> Option<u64> {
        offset.resolve(self.facts.len).filter(|&at| at <= self.facts.len)
    }

    /// An offset in the fixture, as one in this response's body.
    ///
    /// The place between two bytes belongs to the response that has the byte behind it, and the end of the fixture
    /// to the one that has its last byte: a download in parts passes every place once.
    fn at(&self, offset: Offset) -> Option<u64> {
        let ReplyFacts { start, len, total, .. } = self.facts;
        // Behind the end lie the bodies that are no stretch of the fixture.
        let at = offset.resolve(total).filter(|&at| at <= total)?;
        let here = at.checked_sub(start)?;
        (here < len || (here == len && at == total)).then_some(here)
    }

    pub(in crate::decision) fn finish(mut self) -> Finished {
        let mut steps = Vec::new();
        wait(&mut steps, self.delay);
        let mut flips = Vec::new();
        if let Some(step) = self.no_reply {
            wait(&mut steps, self.pause);
            steps.push(step);
        } else {
            steps.push(Step::Head);
            flips = self.play_marks(&mut steps);
        }
        Finished { steps, flips, rate: self.rate, framing: self.framing, answer: self.answer, missed: self.missed }
    }

    /// Appends the steps of the body, and returns the offsets of the bytes that are inverted in it.
    fn play_marks(&mut self, steps: &mut Vec<Step>) -> Vec<u64> {
        // Stalls come before breaks at the same place. Both come before the byte there is sent.
        self.marks.sort_by_key(|m| (m.at, !matches!(m.act, Act::Stall), m.act == Act::Flip));
        let mut flips = Vec::new();
        let mut drained = None;
        let mut ended = false;
        for mark in &self.marks {
            if ended {
                self.missed.insert(mark.term);
                continue;
            }
            if mark.act == Act::Flip {
                flips.push(mark.at);
                continue;
            }
            if drained != Some(mark.at) {
                steps.extend([Step::Body(mark.at), Step::Drain]);
                drained = Some(mark.at);
            }
            match (mark.act, self.stall_for) {
                (Act::Stall, Some(duration)) => wait(steps, duration),
                (Act::Break(step), _) => {
                    wait(steps, self.pause);
                    steps.push(step);
                    ended = true;
                }
                _ => {
                    steps.push(Step::Stop);
                    ended = true;
                }
            }
        }
        if !ended {
            steps.push(Step::End);
        }
        flips
    }
}

fn wait(steps: &mut Vec<Step>, duration: Duration) {
    if !duration.is_zero() {
        steps.push(Step::Wait(duration));
    }
}
