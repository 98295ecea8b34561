#![doc = include_str!("docs/manual.md")]

mod assert;
#[cfg(feature = "audit")]
pub mod audit;
mod chain;
mod claim;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod docs;
mod downloader;
mod effort;
mod folder;
mod outcome;
mod redact;
mod report;
mod told;
mod trial;
mod wire;

// The public interface is:
/// The server, whose types are in this crate's interface.
pub use flaky_server;

pub use assert::{Assert, AssertionError, Backoff, Codes, Times};
pub use chain::pattern::link;
pub use chain::{Chain, ChainMismatch, Link, LinkPattern, Meaning};
pub use claim::{Claim, ClaimPattern, ClaimPatternError, Claims, Count};
pub use downloader::{AnyError, Captured, Command, Downloader, Exit, Function, Job, Ran, RunError, function, future};
pub use effort::{Effort, Multiplied};
pub use outcome::{Content, Outcome};
pub use told::Told;
pub use trial::{IntoRules, Trial, TrialError};
pub use wire::{Places, Wire};
