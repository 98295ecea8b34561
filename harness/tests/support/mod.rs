//! What the tests have in common: trials that somebody else counts as well.

mod counted;
mod fetch;
mod heads;
mod proxy;

pub(crate) use counted::{counted, run};
pub(crate) use fetch::{Fetch, FetchError, fetch};

/// What never takes this long does not happen at all.
pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
