//! Comes back before `Retry-After` says.
//!
//! The header is of the reply, and the loop sees an error only. uv and rustup do not heed it, reqwest-retry does not,
//! conda switches it off (`respect_retry_after_header=False`); huggingface_hub reads seconds and no dates, Poetry ends
//! with a `ValueError` at a date.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "ignores-retry-after",
    summary: "does not heed Retry-After",
    change: |policy| {
        policy.retrying.obey_retry_after = false;
    },
};
