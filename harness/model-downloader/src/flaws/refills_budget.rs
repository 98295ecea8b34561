//! Has its whole budget back as soon as a byte has arrived.
//!
//! It is meant well: a large file on a poor line should not fail because of its fourth break in an hour. But a server
//! that always breaks after some bytes is asked for ever, and a file that starts over each time never gets done.
//! huggingface_hub resets its counter on every chunk (`file_download.py::http_get`); containerd goes on without limit
//! as long as something arrives (`core/remotes/docker/httpreadseeker.go`).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "refills-budget",
    summary: "has its budget back with each byte that arrives",
    change: |policy| {
        policy.retrying.refill_on_progress = true;
    },
};
