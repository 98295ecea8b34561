//! A plan in the making, which the terms of an entry change one after the other.

use std::{collections::BTreeSet, time::Duration};

use super::{Drip, value::Splice};
use crate::{
    decision::{
        answer::{Answer, Ranges},
        changes::Changes,
        plan::{Framing, ReplyFacts, Step},
        rng,
    },
    units::{Offset, Rate},
};

/// What the terms so far want of the reply. The order in which they say so does not matter.
#[derive(Debug)]
pub(in crate::decision) struct Draft {
    facts: ReplyFacts,
    /// What chance has to do with it.
    drawn: u64,
    /// The position in its entry of the term that is being lowered.
    term: usize,
    delay: Duration,
    no_reply: Option<Step>,
    marks: Vec<Mark>,
    missed: BTreeSet<usize>,
    pause: Duration,
    stall_for: Option<Duration>,
    changes: Changes,
    /// The term that makes the body short.
    shortens: usize,
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
    Splice,
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
    pub(in crate::decision) answer: Answer,
    /// The positions of the terms that cannot happen here.
    pub(in crate::decision) missed: BTreeSet<usize>,
}

impl Draft {
    pub(in crate::decision) fn new(facts: ReplyFacts, drawn: u64) -> Self {
        Self {
            facts,
            drawn,
            term: 0,
            delay: Duration::ZERO,
            no_reply: None,
            marks: Vec::new(),
            missed: BTreeSet::new(),
            pause: Duration::ZERO,
            stall_for: None,
            changes: Changes::default(),
            shortens: 0,
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

    pub(super) fn drip(&mut self, drip: Drip) {
        if self.facts.has_body {
            self.changes.drip = Some(drip);
        } else {
            self.missed.insert(self.term);
        }
    }

    /// Lets the throttle wait for so many bytes, if there are more.
    pub(super) fn burst(&mut self, bytes: u64) {
        if self.facts.has_body && bytes < self.facts.len {
            self.changes.burst = bytes;
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

    /// Answers with the representation coded so many times over.
    pub(super) fn gzip(&mut self, times: u32) {
        self.answer.gzip = Some(times);
        if !self.facts.is_of_fixture() {
            self.missed.insert(self.term);
        }
    }

    /// Ends the body behind so many of its bytes, and says so in the head.
    pub(super) fn short_body(&mut self, offset: Offset) {
        self.shortens = self.term;
        // Without a body, as in a reply to HEAD, the head says it all the same.
        match offset.resolve(self.facts.len).filter(|&len| len < self.facts.len) {
            Some(len) => self.changes.short = Some(len),
            None => _ = self.missed.insert(self.term),
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

    /// Inverts this byte of this response's body.
    pub(super) fn flip_after(&mut self, offset: Offset) {
        self.mark(self.byte_after(offset), Act::Flip);
    }

    /// Inverts so many bytes of this response's body, by chance.
    pub(super) fn flip_bytes(&mut self, count: u32) {
        if u64::from(count) > self.facts.len {
            self.missed.insert(self.term);
        } else if self.facts.has_body {
            for at in rng::choose(self.drawn, count, self.facts.len) {
                self.mark(Some(at), Act::Flip);
            }
        } else {
            self.missed.insert(self.term);
        }
    }

    /// Sends zeros from this byte of this response's body on.
    pub(super) fn zeros_after(&mut self, offset: Offset) {
        self.mark(self.byte_after(offset), Act::Zeros);
    }

    /// Sends bytes of another fixture from this byte of this response's body on.
    pub(super) fn splice(&mut self, splice: &Splice) {
        let at = self.byte_after(splice.at);
        self.changes.splice = at.map(|at| (splice.path.clone(), at));
        self.mark(at, Act::Splice);
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

    /// The offset of a byte of this response's body.
    fn byte_after(&self, offset: Offset) -> Option<u64> {
        self.after(offset).filter(|&at| at < self.facts.len)
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
            self.shorten();
            steps.push(Step::Head);
            flips = self.play_marks(&mut steps);
        }
        Finished {
            steps,
            flips,
            changes: self.changes,
            rate: self.rate,
            framing: self.framing,
            answer: self.answer,
            missed: self.missed,
        }
    }

    /// Leaves out what lies behind a short end.
    fn shorten(&mut self) {
        let Some(end) = self.changes.short else { return };
        if !self.facts.has_body && self.framing != Framing::Length {
            // Such a head says nothing of the length.
            self.missed.insert(self.shortens);
            self.changes.short = None;
            return;
        }
        let missed = &mut self.missed;
        self.marks.retain(|mark| {
            let here = if mark.act.is_of_a_byte() { mark.at < end } else { mark.at <= end };
            if !here {
                missed.insert(mark.term);
            }
            here
        });
    }

    /// Appends the steps of the body, and returns the offsets of the bytes that are inverted in it.
    fn play_marks(&mut self, steps: &mut Vec<Step>) -> Vec<u64> {
        // Stalls come before breaks at the same place. Both come before the byte there is sent.
        self.marks.sort_by_key(|m| (m.at, !matches!(m.act, Act::Stall), m.act.is_of_a_byte()));
        let mut flips = Vec::new();
        let splice = self.changes.splice.take();
        let mut drained = None;
        let mut ended = false;
        for mark in &self.marks {
            if ended {
                self.missed.insert(mark.term);
                continue;
            }
            match mark.act {
                Act::Flip => flips.push(mark.at),
                Act::Splice => self.changes.splice.clone_from(&splice),
                Act::Zeros => self.changes.zeros = Some(mark.at),
                Act::Break(_) | Act::Stall => {}
            }
            if mark.act.is_of_a_byte() {
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
        // Two terms may invert the same byte, and then it is.
        flips.dedup();
        flips
    }
}

impl Act {
    /// Whether it is about a byte, as opposed to the place before it.
    fn is_of_a_byte(self) -> bool {
        matches!(self, Self::Flip | Self::Splice | Self::Zeros)
    }
}

fn wait(steps: &mut Vec<Step>, duration: Duration) {
    if !duration.is_zero() {
        steps.push(Step::Wait(duration));
    }
}
