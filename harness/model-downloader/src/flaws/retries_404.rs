//! Retries a 404.
//!
//! "Everything but 200 is an error, and errors are retried." It is slow in the one case that people wait for, a
//! misspelt name, and multiplies the load of scanners and bots. uv did, behind an error type that hid the status
//! (astral-sh/uv#14941, #14989).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "retries-404",
    summary: "retries what is not there",
    change: |policy| {
        policy.retrying.transient.statuses.push(404);
    },
};
