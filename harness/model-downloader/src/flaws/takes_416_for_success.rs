//! Takes a 416 for "nothing is missing", also in mid file.
//!
//! Mostly that is what it means, when a complete file is resumed. But the file may be shorter than it was, or the
//! server wrong. wget says "The file is already fully retrieved; nothing to do" (`src/http.c`).

use super::Flaw;
use crate::policy::OnUnsatisfied;

pub(super) static FLAW: Flaw = Flaw {
    name: "takes-416-for-success",
    summary: "takes any 416 for \"already complete\"",
    change: |policy| {
        policy.resuming.on_unsatisfied = OnUnsatisfied::Succeed;
        policy.reading.check_total = false;
    },
};
