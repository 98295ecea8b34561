//! What the driver does with a connection once hyper is dismissed.

use std::collections::VecDeque;

use super::message::Message;
use crate::decision::Step;

/// The rest of a plan, for the driver to perform on the bare socket.
#[derive(Debug)]
pub(crate) struct Takeover {
    pub(super) steps: VecDeque<Step>,
    /// A reply that hyper will not write; `None` if hyper has written what there is to write.
    pub(super) message: Option<Box<Message>>,
    /// Why this was not planned, if it was not.
    pub(super) note: Option<String>,
    /// The drain deadline is over: nothing more is waited for.
    pub(super) late: bool,
}

impl Takeover {
    /// The end of a plan of which hyper has done the beginning.
    pub(super) fn rest(steps: VecDeque<Step>) -> Self {
        Self { steps, message: None, note: None, late: false }
    }

    /// A whole plan, with a reply that hyper will not write.
    pub(super) fn raw(steps: VecDeque<Step>, message: Message) -> Self {
        Self { steps, message: Some(Box::new(message)), note: None, late: false }
    }

    /// The break of a plan, at the drain deadline: what was to come before it stays unsaid.
    pub(super) fn late(step: Step, note: Option<String>) -> Self {
        Self { steps: VecDeque::from([step]), message: None, note, late: true }
    }

    /// A reset that nobody planned: the reply cannot go on, and any orderly end could be taken for its end.
    pub(super) fn abort(note: String) -> Self {
        Self { steps: VecDeque::from([Step::Rst]), message: None, note: Some(note), late: false }
    }
}
