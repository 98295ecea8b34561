//! What terms want of the head, and of what comes before it.

use super::{Act, Draft, Mark};
use crate::{
    decision::{fault::Length, plan::Step},
    units::Offset,
};

impl Draft {
    /// Puts interim responses before the head.
    pub(in super::super) fn interims(&mut self, status: u16, count: u32) {
        self.interims = Some(Step::Interim { status, count });
    }

    /// A `Content-Length` of this value; the proper one is not sent then.
    pub(in super::super) fn content_length(&mut self, length: &Length) {
        self.form.lengths.push(length.resolve(self.facts.len));
    }

    /// A further `Content-Length` behind the proper one, or behind the one in its place.
    pub(in super::super) fn second_content_length(&mut self, length: &Length) {
        self.second_length = Some(length.resolve(self.facts.len));
    }

    /// Breaks the head off with this step, behind so many of its bytes.
    pub(in super::super) fn break_in_head(&mut self, offset: Offset, step: Step) {
        self.in_head = Some(Mark { at: offset, act: Act::Break(step), term: self.term });
    }

    pub(in super::super) fn stall_in_head(&mut self, offset: Offset) {
        self.in_head = Some(Mark { at: offset, act: Act::Stall, term: self.term });
    }

    /// Appends the steps of the head, and completes its form; returns whether it is broken off.
    pub(super) fn play_head(&mut self, steps: &mut Vec<Step>) -> bool {
        if let Some(second) = self.second_length.take() {
            if self.form.lengths.is_empty() {
                let proper = self.changes.short.unwrap_or(self.facts.len);
                self.form.lengths.push(proper.to_string().into());
            }
            self.form.lengths.push(second);
        }
        self.form.lines.sort();
        steps.extend(self.interims);
        if let Some(mark) = self.in_head {
            steps.extend([Step::HeadTo(mark.at), Step::Drain]);
            if self.play(mark.act, steps) {
                let later = self.marks.iter().chain(&self.in_trailer).map(|mark| mark.term);
                self.missed.extend(later);
                return true;
            }
        }
        steps.push(Step::Head);
        false
    }
}
