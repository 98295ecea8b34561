//! Runs any downloader against [`flaky_server`] and asserts what happened.

mod chain;
mod claim;
mod downloader;

// The public interface is:
pub use chain::{Chain, Link};
pub use downloader::{AnyError, Captured, Command, Downloader, Exit, Function, Job, Ran, RunError, function, future};
