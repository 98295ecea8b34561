//! Makes one attempt, and that is it.
//!
//! People take it for the job of the one who calls, or of a load balancer, or have never seen a download break.
//! requests retries nothing unless it is told to (`DEFAULT_RETRIES = 0`), Go's module downloads repeat only what died
//! on a reused connection, and so does ureq.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "never-retries",
    summary: "makes one attempt",
    change: |policy| {
        policy.retrying.retries = 0;
    },
};
