//! Takes a chunked body without its last chunk for success.
//!
//! There is no length to count against, so the end of the connection must be the end, mustn't it? HTTrack kept such
//! files in its cache as complete (httrack#840); Bun has a case of it, too (oven-sh/bun#36068). RFC 9112 §8: without
//! the last chunk the message is incomplete.

use super::Flaw;
use crate::policy::BrokenEnd;

pub(super) static FLAW: Flaw = Flaw {
    name: "accepts-truncated-chunked",
    summary: "takes a chunked body without its last chunk for the whole",
    change: |policy| {
        policy.reading.accepted_ends.push(BrokenEnd::BeforeLastChunk);
        policy.reading.check_total = false;
    },
};
