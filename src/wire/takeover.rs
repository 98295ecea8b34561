//! What the driver does with a connection once hyper is dismissed.

use std::collections::VecDeque;

use bytes::Bytes;

use super::reader::Reader;
use crate::decision::Step;

/// The rest of a plan, for the driver to perform on the bare socket.
#[derive(Debug)]
pub(crate) struct Takeover {
    pub(super) steps: VecDeque<Step>,
    /// A reply that hyper will not write; `None` if hyper has written what there is to write.
    pub(super) raw: Option<RawReply>,
    /// Why this was not planned, if it was not.
    pub(super) note: Option<String>,
    /// The drain deadline is over: nothing more is waited for.
    pub(super) late: bool,
}

/// A reply that is written byte by byte as it stands here, its body delimited by the connection's end.
#[derive(Debug)]
pub(super) struct RawReply {
    pub(super) head: Bytes,
    pub(super) reader: Reader,
}

impl Takeover {
    /// The end of a plan of which hyper has done the beginning.
    pub(super) fn rest(steps: VecDeque<Step>) -> Self {
        Self { steps, raw: None, note: None, late: false }
    }

    /// A whole plan, with a reply that hyper will not write.
    pub(super) fn raw(steps: VecDeque<Step>, head: Bytes, reader: Reader) -> Self {
        Self { steps, raw: Some(RawReply { head, reader }), note: None, late: false }
    }

    /// The break of a plan, at the drain deadline: what was to come before it stays unsaid.
    pub(super) fn late(step: Step, note: Option<String>) -> Self {
        Self { steps: VecDeque::from([step]), raw: None, note, late: true }
    }

    /// A reset that nobody planned: the reply cannot go on, and any orderly end could be taken for its end.
    pub(super) fn abort(note: String) -> Self {
        Self { steps: VecDeque::from([Step::Rst]), raw: None, note: Some(note), late: false }
    }
}
