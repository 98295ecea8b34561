//! Retries, fails in the end, and does not say that it has retried.
//!
//! Then nobody can tell an error that was not retried from one that was retried in vain, and each report of it begins
//! with that question. uv was so until astral-sh/uv#14378; the case that this crate's parent began with.

use super::Flaw;
use crate::policy::Told;

pub(super) static FLAW: Flaw = Flaw {
    name: "forgets-its-retries",
    summary: "does not say that it has retried",
    change: |policy| {
        policy.telling.retries = Told::None;
    },
};
