//! Comes back before `Retry-After` says.
//!
//! The header is of the reply, and the loop sees an error only. uv and rustup do not heed it, reqwest-retry does not,
//! conda switches it off (`respect_retry_after_header=False`); see
//! `passes-over-dates` and `chokes-on-dates` for those who read half of it.

use super::Flaw;
use crate::policy::OnRetryAfter;

pub(super) static FLAW: Flaw = Flaw {
    name: "ignores-retry-after",
    summary: "does not heed Retry-After",
    change: |policy| {
        policy.retrying.on_retry_after = OnRetryAfter::Ignore;
    },
};
