//! Why a trial could not be run.

use std::io;

use flaky_server::{ParseError, StartError};

use crate::RunError;

/// Why a trial could not be run: nothing is known of the downloader then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrialError {
    /// Another trial runs on this server, and its exchanges could not be told from this one's.
    #[error("another trial runs on {server} at the same time: give each a server of its own, as `Trial::with` does")]
    Busy {
        /// The server's base URL.
        server: String,
    },
    /// The downloader could not be run.
    #[error("cannot run the downloader")]
    Downloader(#[from] RunError),
    /// The folders of the trial, or what the downloader left in them, cannot be used.
    #[error("{what}")]
    Io {
        /// What was attempted.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The file under test is not served.
    #[error("the file under test, `{file}`, cannot be had from the server")]
    NoSuchFile {
        /// The file.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// Something was to be changed of a server that runs already.
    #[error("a server that runs already has its files and its seed: say what they are with `FlakyServer::builder`")]
    NotOwn,
    /// The schedule cannot be read, or contradicts itself.
    #[error("the schedule cannot be played")]
    Schedule(#[source] ParseError),
    /// The trial's own server does not start.
    #[error("cannot start a server for the trial")]
    Start(#[source] StartError),
}
