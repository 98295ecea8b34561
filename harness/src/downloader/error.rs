//! Why a downloader could not be run.

use std::error::Error;
use std::io;

/// Why a downloader could not be run at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunError {
    /// The length of its files was to be limited, and cannot be.
    #[error("its files cannot be limited in length: {why}")]
    FileLimit {
        /// Why not.
        why: &'static str,
    },
    /// Files or pipes of the run failed.
    #[error("{what}")]
    Io {
        /// What was attempted.
        what: String,
        /// Why it failed.
        source: io::Error,
    },
    /// What a user's own downloader says.
    #[error(transparent)]
    Other(Box<dyn Error + Send + Sync>),
    /// A placeholder has nothing to stand for.
    #[error("`{placeholder}` stands for nothing here: {why}")]
    Placeholder {
        /// As it was written, with its braces.
        placeholder: String,
        /// What is missing, and what would help.
        why: String,
    },
    /// The program could not be started.
    #[error("cannot start `{program}`")]
    Start {
        /// The program.
        program: String,
        /// Why not.
        source: io::Error,
    },
}
