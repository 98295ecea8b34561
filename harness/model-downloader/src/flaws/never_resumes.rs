//! Throws away what it has, and begins anew each time.
//!
//! It is right, in the end, if there is one: a file that takes an hour on a line that breaks twice an hour never
//! arrives. cargo, npm, uv and Go's modules ask for no ranges; `curl --retry` threw away what `-C -` had
//! (curl/curl#1084, #18035); for Docker a layer is at 99 %, and then at 0 (moby/moby#52965).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "never-resumes",
    summary: "begins anew with each attempt",
    change: |policy| {
        policy.resuming.resume = false;
    },
};
