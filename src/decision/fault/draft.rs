//! A plan in the making, which the terms of an entry change one after the other.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::Length;
use crate::{
    decision::{
        answer::{Answer, Ranges},
        form::{Form, TRAILER},
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
    on_accept: Option<Step>,
    /// The request's number on its connection.
    nth: u64,
    close: bool,
    marks: Vec<Mark>,
    missed: BTreeSet<usize>,
    pause: Duration,
    stall_for: Option<Duration>,
    pub(super) rate: Option<Rate>,
    pub(super) framing: Framing,
    pub(super) form: Form,
    pub(super) answer: Answer,
    interims: Option<Step>,
    in_head: Option<Mark<Offset>>,
    in_trailer: Option<Mark<u64>>,
    /// What comes behind the end of the message, and the terms that want it.
    behind: Vec<(Step, usize)>,
    after: Option<(After, usize)>,
    second_length: Option<Arc<str>>,
}

/// Something that happens at a place in the body, or in another part of the message.
#[derive(Clone, Copy, Debug)]
struct Mark<At = u64> {
    at: At,
    act: Act,
    term: usize,
}

/// What becomes of a connection whose message is over.
#[derive(Clone, Copy, Debug)]
pub(super) enum After {
    /// This follows at once.
    Now(Step),
    /// This follows when the client has been silent for so long.
    Idle(Duration, Step),
    /// This follows when the client asks again.
    Asked(Step),
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
    pub(in crate::decision) form: Form,
    pub(in crate::decision) answer: Answer,
    pub(in crate::decision) close: bool,
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
            on_accept: None,
            nth: 1,
            close: false,
            marks: Vec::new(),
            missed: BTreeSet::new(),
            pause: Duration::ZERO,
            stall_for: None,
            rate: None,
            framing: Framing::default(),
            form: Form::default(),
            answer: Answer::default(),
            interims: None,
            in_head: None,
            in_trailer: None,
            behind: Vec::new(),
            after: None,
            second_length: None,
        }
    }

    /// Puts interim responses before the head.
    pub(super) fn interims(&mut self, status: u16, count: u32) {
        self.interims = Some(Step::Interim { status, count });
    }

    /// A `Content-Length` of this value; the proper one is not sent then.
    pub(super) fn content_length(&mut self, length: &Length) {
        self.form.lengths.insert(0, length.resolve(self.facts.len));
    }

    /// A further `Content-Length` behind the proper one, or behind the one in its place.
    pub(super) fn second_content_length(&mut self, length: &Length) {
        self.second_length = Some(length.resolve(self.facts.len));
    }

    /// Breaks the head off with this step, behind so many of its bytes.
    pub(super) fn break_in_head(&mut self, offset: Offset, step: Step) {
        self.in_head = Some(Mark { at: offset, act: Act::Break(step), term: self.term });
    }

    pub(super) fn stall_in_head(&mut self, offset: Offset) {
        self.in_head = Some(Mark { at: offset, act: Act::Stall, term: self.term });
    }

    /// Breaks the trailer section off with this step, behind so many of its bytes.
    pub(super) fn break_in_trailer(&mut self, offset: Offset, step: Step) {
        self.mark_trailer(offset, Act::Break(step));
    }

    pub(super) fn stall_in_trailer(&mut self, offset: Offset) {
        self.mark_trailer(offset, Act::Stall);
    }

    fn mark_trailer(&mut self, offset: Offset, act: Act) {
        let whole = TRAILER.len() as u64;
        let at = offset.resolve(whole).filter(|&at| at <= whole && self.chunked());
        match at {
            Some(at) => self.in_trailer = Some(Mark { at, act, term: self.term }),
            None => _ = self.missed.insert(self.term),
        }
    }

    /// Sends the body in chunks, if there is one; says so.
    pub(super) fn chunked(&mut self) -> bool {
        if self.facts.has_body {
            self.framing = Framing::Chunked;
        } else {
            self.missed.insert(self.term);
        }
        self.facts.has_body
    }

    /// The chunk that begins at this offset of the body has a size that is no number.
    pub(super) fn bad_chunk(&mut self, offset: Offset) {
        // A chunk has a byte at least.
        match self.after(offset).filter(|&at| at < self.facts.len) {
            Some(at) if self.chunked() => self.form.bad_chunk = Some(at),
            _ => _ = self.missed.insert(self.term),
        }
    }

    /// Sends this behind the end of the message.
    pub(super) fn behind_end(&mut self, step: Step) {
        self.behind.push((step, self.term));
    }

    /// Does this with the connection when the message is over.
    pub(super) fn afterwards(&mut self, after: After) {
        self.after = Some((after, self.term));
    }

    /// The same for the `nth` request on its connection.
    pub(in crate::decision) fn on_request(self, nth: u64) -> Self {
        Self { nth, ..self }
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

    /// Ends the connection with this step before there is a request, or lets it pass. It does not happen to a request.
    pub(super) fn on_accept(&mut self, step: Option<Step>) {
        self.on_accept = step;
        self.missed.insert(self.term);
    }

    /// Closes the connection behind the reply, if it has had so many requests.
    pub(super) fn max_requests(&mut self, most: u32) {
        self.close = self.nth >= u64::from(most);
        if !self.close {
            self.missed.insert(self.term);
        }
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

    /// What comes before there is a request.
    pub(in crate::decision) fn finish_on_accept(self) -> Vec<Step> {
        let mut steps = Vec::new();
        wait(&mut steps, self.delay);
        steps.extend(self.on_accept);
        steps
    }

    pub(in crate::decision) fn finish(mut self) -> Finished {
        let mut steps = Vec::new();
        wait(&mut steps, self.delay);
        let mut flips = Vec::new();
        if let Some(step) = self.no_reply {
            wait(&mut steps, self.pause);
            steps.push(step);
        } else {
            steps.extend(self.interims);
            let is_over = self.play_head(&mut steps) || self.play_marks(&mut steps, &mut flips);
            self.play_end(&mut steps, is_over);
        }
        self.form.lines.sort();
        if let Some(second) = self.second_length.take() {
            if self.form.lengths.is_empty() {
                self.form.lengths.push(self.facts.len.to_string().into());
            }
            self.form.lengths.push(second);
        }
        Finished {
            steps,
            flips,
            rate: self.rate,
            framing: self.framing,
            form: self.form,
            answer: self.answer,
            close: self.close,
            missed: self.missed,
        }
    }

    /// Appends the steps of the head; returns whether it is broken off.
    fn play_head(&mut self, steps: &mut Vec<Step>) -> bool {
        if let Some(mark) = self.in_head {
            steps.extend([Step::HeadTo(mark.at), Step::Drain]);
            if self.play(mark.act, steps) {
                self.missed.extend(self.marks.iter().map(|mark| mark.term));
                self.missed.extend(self.in_trailer.map(|mark| mark.term));
                return true;
            }
        }
        steps.push(Step::Head);
        false
    }

    /// Appends the steps of the body, and finds the bytes that are inverted in it; returns whether it is broken off.
    fn play_marks(&mut self, steps: &mut Vec<Step>, flips: &mut Vec<u64>) -> bool {
        // Stalls come before breaks at the same place. Both come before the byte there is sent.
        self.marks.sort_by_key(|m| (m.at, !matches!(m.act, Act::Stall), m.act == Act::Flip));
        let mut drained = None;
        let mut is_over = false;
        for mark in std::mem::take(&mut self.marks) {
            if is_over {
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
            is_over = self.play(mark.act, steps);
        }
        match self.in_trailer {
            Some(mark) if is_over => _ = self.missed.insert(mark.term),
            Some(mark) => {
                steps.extend([Step::Body(self.facts.len), Step::TrailerTo(mark.at), Step::Drain]);
                is_over = self.play(mark.act, steps);
            }
            None => {}
        }
        is_over
    }

    /// Appends what happens in a place; returns whether that is the end of it all.
    fn play(&self, act: Act, steps: &mut Vec<Step>) -> bool {
        match (act, self.stall_for) {
            (Act::Flip, _) => false,
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
        }
    }

    /// Appends the end of the message, and what comes behind it.
    fn play_end(&mut self, steps: &mut Vec<Step>, is_over: bool) {
        if is_over {
            self.missed.extend(self.behind.iter().map(|(_, term)| *term));
            self.missed.extend(self.after.map(|(_, term)| term));
            return;
        }
        steps.push(Step::End);
        self.behind.sort_by_key(|(step, _)| matches!(step, Step::SecondResponse));
        steps.extend(self.behind.iter().map(|(step, _)| *step));
        if let Some((after, _)) = self.after {
            steps.push(Step::Drain);
            match after {
                After::Now(step) => steps.push(step),
                After::Idle(duration, step) => steps.extend([Step::Idle(duration), step]),
                After::Asked(step) => steps.extend([Step::Await, step]),
            }
        }
    }
}

fn wait(steps: &mut Vec<Step>, duration: Duration) {
    if !duration.is_zero() {
        steps.push(Step::Wait(duration));
    }
}
