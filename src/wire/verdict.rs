//! How exchanges are to be settled, and whether what was planned for them came to pass.

use super::meter::Reply;
use crate::decision::{Plan, Step};
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

/// Whether all that was planned came to pass, as far as the client let it: one that leaves when it has seen something has
/// seen it, but not what was to come later.
pub(super) fn happened(plan: &Plan, reply: &Reply, verdict: &Verdict) -> bool {
    // Where another line stands in the place of the status line, no status is told.
    let tells = plan.form().start().tells_status();
    let answered = plan.status().is_none_or(|status| !tells || reply.status == Some(status));
    let changed = changes(plan).all(|place| place < reply.body_sent);
    answered && changed && (verdict.performed || went_on(plan, reply))
}

/// Whether a plan that does not end with a break has come as far as it says.
fn went_on(plan: &Plan, reply: &Reply) -> bool {
    let breaks = plan.steps().last().is_some_and(Step::is_break);
    let begun = reply.has_begun || !plan.shapes_reply();
    let reached = plan.steps().iter().all(|step| match step {
        // Only a stall that ends is left, and begins here.
        Step::Body(place) => *place <= reply.body_sent,
        Step::Extra(_) => reply.beyond > 0,
        Step::SecondResponse => reply.beyond > extra(plan),
        _ => true,
    });
    begun && reached && !breaks
}

/// Where bytes of the body are others than they should be, or are announced as what they are not.
fn changes(plan: &Plan) -> impl Iterator<Item = u64> {
    let last_flip = plan.flips().last().copied();
    let begins = plan.splice().map(|(_, from)| from);
    last_flip.into_iter().chain(plan.zeros()).chain(begins).chain(plan.form().bad_chunk())
}

/// How many bytes come before a second response.
fn extra(plan: &Plan) -> u64 {
    plan.steps().iter().map(|step| if let Step::Extra(count) = step { *count } else { 0 }).sum()
}
