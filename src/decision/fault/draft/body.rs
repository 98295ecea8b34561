//! What terms want of the body: where it breaks, how fast it goes, which of its bytes are others.

use super::{Act, Draft, Mark};
use crate::{
    decision::{
        fault::{Drip, value::Splice},
        plan::{Framing, ReplyFacts, Step},
        rng,
    },
    units::{Offset, Rate},
};

impl Draft {
    pub(in super::super) fn throttle(&mut self, rate: Rate) {
        if self.facts.has_body {
            self.rate = Some(rate);
        } else {
            self.miss();
        }
    }

    pub(in super::super) fn drip(&mut self, drip: Drip) {
        if self.facts.has_body {
            self.changes.drip = Some(drip);
        } else {
            self.miss();
        }
    }

    /// Lets the throttle wait for so many bytes, if there are more.
    pub(in super::super) fn burst(&mut self, bytes: u64) {
        if self.facts.has_body && bytes < self.facts.len {
            self.changes.burst = bytes;
        } else {
            self.miss();
        }
    }

    /// Ends the body behind so many of its bytes, and says so in the head.
    pub(in super::super) fn short_body(&mut self, offset: Offset) {
        self.shortens = self.term;
        // Without a body, as in a reply to HEAD, the head says it all the same.
        match offset.resolve(self.facts.len).filter(|&len| len < self.facts.len) {
            Some(len) => self.changes.short = Some(len),
            None => self.miss(),
        }
    }

    /// Breaks the body off with this step, behind so many of its bytes.
    pub(in super::super) fn break_after(&mut self, offset: Offset, step: Step) {
        self.mark(self.after(offset), Act::Break(step));
    }

    /// Breaks the body off with this step, before this byte of the fixture.
    pub(in super::super) fn break_at(&mut self, offset: Offset, step: Step) {
        self.mark(self.at(offset), Act::Break(step));
    }

    pub(in super::super) fn stall_after(&mut self, offset: Offset) {
        self.mark(self.after(offset), Act::Stall);
    }

    pub(in super::super) fn stall_at(&mut self, offset: Offset) {
        self.mark(self.at(offset), Act::Stall);
    }

    /// Inverts this byte of the fixture.
    pub(in super::super) fn flip_at(&mut self, offset: Offset) {
        let inside = self.at(offset).filter(|&at| at < self.facts.len);
        self.mark(inside, Act::Flip);
    }

    /// Inverts this byte of this response's body.
    pub(in super::super) fn flip_after(&mut self, offset: Offset) {
        self.mark(self.byte_after(offset), Act::Flip);
    }

    /// Inverts so many bytes of this response's body, by chance.
    pub(in super::super) fn flip_bytes(&mut self, count: u32) {
        if self.facts.has_body && u64::from(count) <= self.facts.len {
            for at in rng::choose(self.circumstances.drawn, count, self.facts.len) {
                self.mark(Some(at), Act::Flip);
            }
        } else {
            self.miss();
        }
    }

    /// Sends zeros from this byte of this response's body on.
    pub(in super::super) fn zeros_after(&mut self, offset: Offset) {
        self.mark(self.byte_after(offset), Act::Zeros);
    }

    /// Sends bytes of another fixture from this byte of this response's body on.
    pub(in super::super) fn splice(&mut self, splice: &Splice) {
        self.splice = Some(splice.path.clone());
        self.mark(self.byte_after(splice.at), Act::Splice);
    }

    pub(super) fn mark(&mut self, at: Option<u64>, act: Act) {
        match at.filter(|_| self.facts.has_body) {
            Some(at) => self.marks.push(Mark { at, act, term: self.term }),
            None => self.miss(),
        }
    }

    /// An offset in this response's body.
    fn after(&self, offset: Offset) -> Option<u64> {
        offset.resolve(self.facts.len).filter(|&at| at <= self.facts.len)
    }

    /// The offset of a byte of this response's body.
    pub(super) fn byte_after(&self, offset: Offset) -> Option<u64> {
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

    /// Leaves out what lies behind a short end.
    pub(super) fn shorten(&mut self) {
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

    /// Appends the steps of the body, and finds the bytes that are inverted in it; returns whether it is broken off.
    pub(super) fn play_body(&mut self, steps: &mut Vec<Step>, flips: &mut Vec<u64>) -> bool {
        // Stalls come before breaks at the same place. Both come before the byte there is sent.
        self.marks.sort_by_key(|m| (m.at, !matches!(m.act, Act::Stall), m.act.is_of_a_byte()));
        let mut drained = None;
        let mut is_over = false;
        for mark in std::mem::take(&mut self.marks) {
            if is_over {
                self.missed.insert(mark.term);
                continue;
            }
            match mark.act {
                Act::BadChunk => self.form.bad_chunk = Some(mark.at),
                Act::Flip => flips.push(mark.at),
                Act::Splice => self.changes.splice = self.splice.take().map(|path| (path, mark.at)),
                Act::Zeros => self.changes.zeros = Some(mark.at),
                Act::Break(_) | Act::Stall => {
                    if drained != Some(mark.at) {
                        steps.extend([Step::Body(mark.at), Step::Drain]);
                        drained = Some(mark.at);
                    }
                    is_over = self.play(mark.act, steps);
                }
            }
        }
        if is_over {
            self.missed.extend(self.in_trailer.map(|mark| mark.term));
        }
        // Two terms may invert the same byte, and then it is.
        flips.dedup();
        is_over
    }
}

impl Act {
    /// Whether it is about a byte, as opposed to the place before it.
    fn is_of_a_byte(self) -> bool {
        matches!(self, Self::BadChunk | Self::Flip | Self::Splice | Self::Zeros)
    }
}
