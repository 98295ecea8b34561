//! Heeds a `Retry-After` that is a number, and passes over one that is a date.
//!
//! The number is what one sees when one looks. huggingface_hub says so: "HTTP-date ... not supported". RFC 9110 §10.2.3
//! has both, and §5.6.7 three forms of the date.

use super::Flaw;
use crate::policy::OnRetryAfter;

pub(super) static FLAW: Flaw = Flaw {
    name: "passes-over-dates",
    summary: "heeds a Retry-After of seconds, and no date",
    change: |policy| {
        policy.retrying.on_retry_after = OnRetryAfter::ObeySeconds;
    },
};
