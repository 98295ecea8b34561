//! Asks for the rest, gets the whole (200), and puts it behind what it has.
//!
//! A server may ignore `Range` (RFC 9110 §14.2), and most that people test with do not. rustup appended
//! (rust-lang/rustup#4710); the result may even load (QtMeshEditor#1036).

use super::Flaw;
use crate::policy::OnWhole;

pub(super) static FLAW: Flaw = Flaw {
    name: "appends-whole-file",
    summary: "puts a 200 behind the part that it has",
    change: |policy| {
        policy.resuming.on_whole = OnWhole::Append;
        policy.reading.check_total = false;
    },
};
