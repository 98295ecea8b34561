//! Waits for as long as `Retry-After` says, whatever it says.
//!
//! Then a typing error in a server's configuration, or a date in another year, is a build that hangs. urllib3 bounds it
//! by six hours, cargo by ten seconds.

use std::time::Duration;

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "obeys-any-wait",
    summary: "waits for as long as a server says",
    change: |policy| {
        policy.retrying.max_wait = Duration::MAX;
    },
};
