//! Retries at once.
//!
//! On one's own machine it is faster. A server that is overloaded gets each request three times more, in the moment in
//! which it can bear it least. rustup waits `FixedInterval::from_millis(0)`, pip 0 s between two resumes, aria2 0 s
//! unless `--retry-wait` is given.

use std::time::Duration;

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "no-backoff",
    summary: "retries at once",
    change: |policy| {
        policy.retrying.backoff.base = Duration::ZERO;
    },
};
