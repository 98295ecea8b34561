//! Has all the bytes, asks for the rest, and takes the 416 for a failure.
//!
//! An error status is an error. It needs a connection that breaks right behind the last byte, before the end is known;
//! then each further run fails as well. For curl it is curl/curl#6740.

use super::Flaw;
use crate::policy::OnUnsatisfied;

pub(super) static FLAW: Flaw = Flaw {
    name: "takes-416-for-failure",
    summary: "fails if nothing is missing any more",
    change: |policy| {
        policy.resuming.on_unsatisfied = OnUnsatisfied::Fail;
    },
};
