//! When another attempt is made, and after which pause.

mod after;
mod backoff;
mod budget;
mod middleware;
mod retries;
mod transient;

pub use self::after::{asked, asked_at};
pub use self::backoff::{Backoff, Jitter};
pub use self::budget::{Budget, Loop, Spent};
pub(crate) use self::middleware::{in_front_of, without_its_count};
pub(crate) use self::retries::Retries;
pub use self::transient::{Transient, links};
