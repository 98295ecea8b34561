#![doc = include_str!("docs/manual.md")]

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod content;
pub mod decision;
#[cfg(doc)]
pub mod docs;
mod journal;
mod limits;
#[cfg(feature = "packages")]
pub mod packages;
mod respond;
#[cfg(feature = "schedule-file")]
mod schedule_file;
mod server;
pub mod units;
#[cfg(feature = "verify")]
pub mod verify;
mod wire;

// The public interface is:
pub use content::{BadPath, Generated, MountError};
pub use decision::{
    Attempt, DateForm, Downtime, Drip, Entry, Fault, Framing, Length, Matcher, ParseError, Request, RetryDate, Rule,
    Schedule, Script, Target, matchers,
};
pub use journal::{By, Connection, End, Exchange, Journal, Table, WaitError};
pub use limits::Limits;
#[cfg(feature = "schedule-file")]
pub use schedule_file::{LoadError, ScheduleFile};
pub use server::{DownGuard, FixtureReader, FlakyServer, FlakyServerBuilder, RuleGuard, StartError};
pub use units::{ByteSize, Offset, Probability, Rate, UnitError};
