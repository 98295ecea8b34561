//! What the tests have in common: trials that somebody else counts as well.

mod counted;
mod fetch;
mod heads;
mod proxy;

pub(crate) use counted::{counted, run};
pub(crate) use fetch::{Fetch, FetchError, fetch};
