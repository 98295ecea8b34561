//! The self-check: what the documentation says is on the wire, held against what is.
//!
//! The reference shows each term by [shows](crate::decision::Show): an entry, and what a client of it sees. [`check`] plays an entry to a raw
//! client, and compares every byte and the ending; [`all`] has all that the reference shows. `flaky-server --verify-wire`
//! prints both.
//!
//! What is expected is not made by the code that breaks replies: heads are those of an unbroken reply by a server of its
//! own, and the bytes are those that were given to both.
//!
//! ```
//! use flaky_server::verify::check;
//!
//! check("reset-after=500", "GET head body[..500] RST")?;
//!
//! let error = check("reset-after=500", "GET head body[..500] FIN").unwrap_err();
//! assert_eq!(error.message(), "expected FIN, got RST");
//! # Ok::<(), flaky_server::verify::Mismatch>(())
//! ```

mod coding;
mod compare;
mod control;
mod expectation;
mod fixture;
mod head;
mod message;
mod mismatch;
pub(crate) mod notation;
mod probe;
mod row;
mod servers;

pub use self::{mismatch::Mismatch, row::Row};

#[cfg(feature = "cli")]
pub(crate) use self::servers::Servers;

use std::time::Duration;

use crate::decision::reference;

/// How long a byte or an ending is waited for that ought to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// Plays an entry to a raw client, on its first connection and attempt, and holds what that sees against a text in the
/// notation of [`Show`](crate::decision::Show).
///
/// It starts servers of its own, on free ports of loopback, and takes a few milliseconds; `silence` is listened to for
/// 50 ms.
///
/// # Errors
///
/// If something else is on the wire, or one of the texts is wrong.
pub fn check(entry: &str, wire: &str) -> Result<(), Mismatch> {
    check_within(entry, wire, PATIENCE)
}

fn check_within(entry: &str, wire: &str, patience: Duration) -> Result<(), Mismatch> {
    compare::compare(wire, || servers::Servers::start(entry), patience)
        .map_err(|error| Mismatch::new(entry, wire, error))
}

/// All that the reference shows, in the order of its terms.
///
/// # Examples
///
/// ```
/// let resets = flaky_server::verify::all().filter(|row| row.spec().name() == "reset-after");
/// for row in resets {
///     row.check()?;
/// }
/// # Ok::<(), flaky_server::verify::Mismatch>(())
/// ```
pub fn all() -> impl Iterator<Item = Row> {
    reference().flat_map(|spec| spec.shows().iter().map(move |show| Row::new(spec, *show)))
}

#[cfg(test)]
mod tests;
