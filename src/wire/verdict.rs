//! How exchanges are to be settled, and whether what was planned for them came to pass.

use super::meter::Reply;
use crate::decision::{Plan, StartLine, Step};
use crate::journal::{By, End, Ending};

/// How the exchanges that are still open are to be settled.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) ending: Ending,
    /// Whether the newest of them ended as planned.
    pub(super) performed: bool,
    pub(super) deadline_hit: bool,
    pub(super) note: Option<String>,
}

impl Verdict {
    pub(super) fn new(end: End, by: By) -> Self {
        Self { ending: Ending { end, by }, performed: false, deadline_hit: false, note: None }
    }

    pub(super) fn performed(mut self) -> Self {
        self.performed = true;
        self
    }
}

/// Whether all that was planned came to pass, up to the end of the message.
pub(super) fn happened(plan: &Plan, reply: &Reply, verdict: &Verdict) -> bool {
    let changes = plan.zeros().into_iter().chain(plan.splice().map(|(_, from)| from)).chain(plan.form().bad_chunk());
    let changed = plan.flips().last().copied().into_iter().chain(changes).all(|place| place < reply.body_sent);
    let breaks = plan.steps().last().is_some_and(Step::is_break);
    // Without a head of its own, a body is all there is to see.
    let begun = reply.has_head || reply.body_sent > 0 || reply.end.is_some();
    let shaped = verdict.performed || begun || !plan.shapes_reply();
    // Where another line stands in the place of the status line, no status is told.
    let tells = matches!(plan.form().start(), StartLine::Proper | StartLine::Http10);
    let answered = plan.status().is_none_or(|status| !tells || reply.status == Some(status));
    changed && shaped && answered && (verdict.performed || !breaks)
}
