//! What terms want of chunks, and of the trailer section behind them.

use super::{Act, Draft, Mark};
use crate::{
    decision::{
        form::TRAILER,
        plan::{Framing, Step},
    },
    units::Offset,
};

impl Draft {
    /// Sends the body in chunks, if there is one; says so.
    pub(in super::super) fn chunked(&mut self) -> bool {
        if self.facts.has_body {
            self.framing = Framing::Chunked;
        } else {
            self.miss();
        }
        self.facts.has_body
    }

    /// The chunk that begins at this offset of the body has a size that is no number.
    pub(in super::super) fn bad_chunk(&mut self, offset: Offset) {
        // A chunk has a byte at least.
        let at = self.byte_after(offset).filter(|_| self.chunked());
        self.mark(at, Act::BadChunk);
    }

    /// Breaks the trailer section off with this step, behind so many of its bytes.
    pub(in super::super) fn break_in_trailer(&mut self, offset: Offset, step: Step) {
        self.mark_trailer(offset, Act::Break(step));
    }

    pub(in super::super) fn stall_in_trailer(&mut self, offset: Offset) {
        self.mark_trailer(offset, Act::Stall);
    }

    fn mark_trailer(&mut self, offset: Offset, act: Act) {
        let whole = TRAILER.len() as u64;
        let at = offset.resolve(whole).filter(|&at| at <= whole && self.chunked());
        match at {
            Some(at) => self.in_trailer = Some(Mark { at, act, term: self.term }),
            None => self.miss(),
        }
    }

    /// Appends the steps of a trailer section that something happens in; returns whether it is broken off.
    pub(super) fn play_trailer(&mut self, steps: &mut Vec<Step>) -> bool {
        let Some(mark) = self.in_trailer else { return false };
        let len = self.changes.short.unwrap_or(self.facts.len);
        steps.extend([Step::Body(len), Step::TrailerTo(mark.at), Step::Drain]);
        self.play(mark.act, steps)
    }
}
