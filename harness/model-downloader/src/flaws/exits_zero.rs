//! Says that it failed, on stderr, and exits with status 0.
//!
//! A `main` that prints the error and returns, a shell script whose last command is `echo`, a pipe without `pipefail`.
//! `curl` without `--fail` takes a 404 for success, and writes its page to the file.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "exits-zero",
    summary: "exits with status 0 on failure",
    change: |policy| {
        policy.telling.failure_status = 0;
    },
};
