//! Makes one retry more than it was told to.
//!
//! `<=` instead of `<`, or a first attempt that is not counted because it was made outside of the loop.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "one-too-many",
    summary: "makes one attempt more than it should",
    change: |policy| {
        policy.retrying.retries = policy.retrying.retries.saturating_add(1);
    },
};
