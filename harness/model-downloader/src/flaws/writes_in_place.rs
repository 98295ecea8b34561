//! Writes to the final name from the first byte on, and leaves what it has there when it fails.
//!
//! It is the first thing that one writes: `open(target, "wb")`. Whoever finds the file takes it for the file: a `make`
//! that looks for its target, the next run, another process at the same time. `curl -o` and `wget -O` do so.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "writes-in-place",
    summary: "writes to the final name, and leaves a part there",
    change: |policy| {
        policy.keeping.temporary_name = false;
    },
};
