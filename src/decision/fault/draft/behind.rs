//! What terms want behind the end of the message.

use std::time::Duration;

use super::Draft;
use crate::decision::plan::Step;

/// What becomes of a connection whose message is over.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum After {
    /// This follows at once.
    Now(Step),
    /// This follows when the client has been silent for so long.
    Idle(Duration, Step),
    /// This follows when the client asks again.
    Asked(Step),
}

impl Draft {
    /// Sends this behind the end of the message.
    pub(in super::super) fn behind_end(&mut self, step: Step) {
        self.behind.push((step, self.term));
    }

    /// Does this with the connection when the message is over.
    pub(in super::super) fn afterwards(&mut self, after: After) {
        self.after = Some((after, self.term));
    }

    /// Closes the connection behind the reply, and says so, if it has had so many requests.
    pub(in super::super) fn max_requests(&mut self, most: u32) {
        self.close = self.circumstances.nth >= u64::from(most);
        if !self.close {
            self.miss();
        }
    }

    /// Appends the end of the message, and what comes behind it.
    pub(super) fn play_end(&mut self, steps: &mut Vec<Step>, is_over: bool) {
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
