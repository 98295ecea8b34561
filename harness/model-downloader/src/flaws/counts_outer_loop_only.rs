//! Keeps to its budget, and tells of the retries of the outer loop alone.
//!
//! The count is a variable of the loop that prints it. As long as all attempts fail in the same way, it is right; when
//! some fail before the body and some in it, it is too low. uv's was often wrong (astral-sh/uv#12602).

use super::Flaw;
use crate::policy::Told;

pub(super) static FLAW: Flaw = Flaw {
    name: "counts-outer-loop-only",
    summary: "tells of the retries of one loop and leaves out those of the other",
    change: |policy| {
        policy.telling.retries = Told::OuterLoop;
    },
};
