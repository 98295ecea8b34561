//! Runs any downloader against [`flaky_server`] and asserts what happened.

mod chain;
mod claim;
mod downloader;

// The public interface is:
pub use chain::pattern::link;
pub use chain::{Chain, ChainMismatch, Link, LinkPattern, Meaning};
pub use claim::{Claim, ClaimPattern, ClaimPatternError, Claims, Count};
pub use downloader::{AnyError, Captured, Command, Downloader, Exit, Function, Job, Ran, RunError, function, future};
