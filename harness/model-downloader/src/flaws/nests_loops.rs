//! Has two loops of retries, one inside the other, and a budget for each: with three retries, sixteen attempts.
//!
//! Neither loop knows of the other: one came with a library, the other was written when the first did not help. uv
//! made sixteen attempts (astral-sh/uv#14069), was mended, and made them again half a year later (astral-sh/uv#17266).
//! Homebrew's queue retries around `curl --retry`.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "nests-loops",
    summary: "has a budget for each loop: 16 attempts instead of 4",
    change: |policy| {
        policy.retrying.one_budget = false;
    },
};
