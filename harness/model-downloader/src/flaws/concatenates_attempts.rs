//! Writes to stdout what arrives, and after a break the whole once more behind it.
//!
//! `curl --retry 3 URL | tar x` is the way in which people install things: what is printed cannot be taken back. A
//! pipe needs a body that is complete before its first byte goes out, or no retries.

use super::Flaw;
use crate::policy::Stdout;

pub(super) static FLAW: Flaw = Flaw {
    name: "concatenates-attempts",
    summary: "prints the parts of several attempts one after the other",
    change: |policy| {
        policy.keeping.stdout = Stdout::AsItComes;
    },
};
