//! Waits exactly as long as every other client that failed in the same moment.
//!
//! Backoff alone moves the crowd, and does not spread it: all come back together after 1 s, 2 s, 4 s (heimdall#21,
//! leetcode-ranking#380).

use super::Flaw;
use crate::retry::Jitter;

pub(super) static FLAW: Flaw = Flaw {
    name: "no-jitter",
    summary: "waits exactly as long as everybody else",
    change: |policy| {
        policy.retrying.backoff.jitter = Jitter::None;
    },
};
