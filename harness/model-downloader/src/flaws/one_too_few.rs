//! Makes as many attempts as it should make retries.
//!
//! The words are mixed up: retries are one fewer than attempts. Python's `range(retries)` is where it often starts;
//! urllib3's `Retry(3)` makes four attempts, and `max_attempts=3` elsewhere makes three.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "one-too-few",
    summary: "takes the number of retries for that of attempts",
    change: |policy| {
        policy.retrying.retries = policy.retrying.retries.saturating_sub(1);
    },
};
