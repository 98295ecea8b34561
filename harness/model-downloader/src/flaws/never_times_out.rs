//! Waits for ever for the next byte.
//!
//! The default of most clients: reqwest, requests, Go's `http.Client`. A peer that has vanished without a word keeps
//! them until somebody looks: google-resumable-media-python#239 (hours), torchgeo#4067, DependencyCheck#4419 ("no,
//! unable to reliably simulate").

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "never-times-out",
    summary: "waits for ever for the next byte",
    change: |policy| {
        policy.reading.timeout = None;
    },
};
