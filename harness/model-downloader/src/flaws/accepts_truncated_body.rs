//! Takes a body that ends before its `Content-Length` for success.
//!
//! The end of the connection is taken for the end of the body, and nobody counts. requests did so for years
//! (psf/requests#4956): urllib3 did not enforce the length (urllib3/urllib3#311). RFC 9112 §8: such a message is
//! incomplete.

use super::Flaw;
use crate::policy::BrokenEnd;

pub(super) static FLAW: Flaw = Flaw {
    name: "accepts-truncated-body",
    summary: "takes a body that is shorter than its Content-Length for the whole",
    change: |policy| {
        policy.reading.accepted_ends.push(BrokenEnd::BeforeLength);
        policy.reading.check_total = false;
    },
};
