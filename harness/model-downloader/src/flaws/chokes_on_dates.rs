//! Takes `Retry-After` for a number, and ends with the error of the conversion where it is none.
//!
//! Poetry does `float(header)`: a date, which is as good as a number (RFC 9110 §10.2.3), is a `ValueError`, and so is
//! any nonsense. The retries are there, and are never made.

use super::Flaw;
use crate::policy::OnRetryAfter;

pub(super) static FLAW: Flaw = Flaw {
    name: "chokes-on-dates",
    summary: "fails at a Retry-After that is no number",
    change: |policy| {
        policy.retrying.on_retry_after = OnRetryAfter::NeedSeconds;
    },
};
