//! Takes the reset of a body that is delimited by the end of its connection for that end.
//!
//! An orderly end and a reset come out of the same read, and whoever treats "no more bytes" as the end treats both so.
//! The first fileserver of this story sent such bodies (astral-sh/uv#14171). RFC 9112 §8: an error of the connection
//! makes the message incomplete.

use super::Flaw;
use crate::policy::BrokenEnd;

pub(super) static FLAW: Flaw = Flaw {
    name: "accepts-reset",
    summary: "takes a reset for the end of a body without a length",
    change: |policy| {
        policy.reading.accepted_ends.push(BrokenEnd::Reset);
    },
};
