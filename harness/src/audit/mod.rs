//! The retry conformance of any downloader: a catalogue of bad days, and what a downloader makes of them.
//!
//! [`Audit`] runs a downloader through the cases of a [`Catalogue`], one trial each, and comes to a [`Report`]. A [`Case`] is
//! data: what goes wrong, and what a good downloader makes of it. What is held against a downloader are [`Finding`]s, each
//! with a [`Verdict`] and the [`Level`] of what it breaks.
//!
//! `subject` is what is audited, `perform` runs it through one case, `seen` is what is to be known of that, and `judge`, which
//! knows neither sockets nor processes, what is to be thought of it.

#[expect(clippy::module_inception, reason = "it is what the module is for")]
mod audit;
mod builtin;
mod case;
mod catalogue;
mod client;
mod error;
mod finding;
mod judge;
mod level;
mod mode;
#[cfg(test)]
mod parity;
mod perform;
mod promises;
mod record;
mod report;
mod seen;
mod select;
mod session;
mod shrink;
mod spent;
mod subject;
mod verdict;

pub use self::audit::Audit;
pub use self::case::{Case, CaseError};
pub use self::catalogue::Catalogue;
pub use self::client::{Client, ClientError};
pub use self::error::AuditError;
pub use self::finding::Finding;
pub use self::level::Level;
pub use self::mode::Mode;
pub use self::promises::Budget;
pub use self::record::Record;
pub use self::report::{Paint, Report, scorecard};
pub use self::session::Event;
pub use self::shrink::{Searching, Shrink, Shrunk};
pub use self::spent::Spent;
pub use self::verdict::Verdict;

/// The SHA-256 of what an audit serves, in lower-case hexadecimal: for downloaders that are to be told.
pub fn fixture_sha256() -> String {
    // What is in memory can be read.
    crate::outcome::digest(crate::trial::fixture::bytes()).unwrap_or_default()
}

#[cfg(feature = "cli")]
pub(crate) use self::subject::digest_of as sha256_of;
