//! What really happened, as the wire saw it.
//!
//! The journal only records. It holds one [`Exchange`] for each attempt and one [`Connection`] for each accepted
//! connection. An exchange is in the journal from its first moment, and *settled* once its end is known: which bytes
//! the peer's kernel has acknowledged, how the exchange ended, and by whom.
//!
//! # Memory
//!
//! The newest settled records are kept, [10,000](crate::Limits::journal) of each kind unless the limit says
//! otherwise; older ones are dropped and counted. [`Journal::attempts`] and its siblings stay exact all the same:
//! they are counters, not sums over records. Counters are kept for 65,536 distinct targets; those of later targets
//! go into one sum.

mod availability;
mod book;
mod connection;
mod counts;
mod credential;
mod exchange;
#[cfg(feature = "json")]
mod json;
mod table;
mod words;

pub use book::{Journal, WaitError};
pub use connection::Connection;
pub use exchange::{By, End, Exchange};
pub use table::Table;

pub(crate) use availability::Availability;
pub(crate) use book::{Arrival, Begun, Ending, Observer, Settlement};
pub(crate) use credential::Credential;
#[cfg(feature = "cli")]
pub(crate) use {book::Record, words::*};
