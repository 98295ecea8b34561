//! Why a client is none.

use std::io;
use std::path::PathBuf;

use crate::ClaimPatternError;

/// Why a client is not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// How it tells of its retries is no pattern.
    #[error("{name}: one of `claims` is none")]
    Claim {
        /// The name of the client.
        name: String,
        /// Why not.
        source: ClaimPatternError,
    },
    /// The file cannot be read.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// Its keys, or their values, are not those of a client.
    #[error("{name}: this is no client")]
    Syntax {
        /// The name of the client.
        name: String,
        /// What is wrong, and where.
        source: Box<toml::de::Error>,
    },
    /// Each key is right, and together they are not.
    #[error("{name}: {what}")]
    Together {
        /// The name of the client.
        name: String,
        /// What is wrong.
        what: &'static str,
    },
    /// None that is built in has this name.
    #[error("no client is called `{name}`; there are {known}, and files of your own that end in .toml")]
    Unknown {
        /// The name.
        name: String,
        /// Those that there are.
        known: String,
    },
}
