//! Why a case is none.

use std::io;
use std::path::PathBuf;

use flaky_server::ParseError;

/// Why a case cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CaseError {
    /// Two cases have the same name.
    #[error("there is a case `{name}` already: a file needs a name of its own")]
    Again {
        /// The name.
        name: String,
    },
    /// There is no case in a folder.
    #[error("there is no *.toml in `{}`", path.display())]
    Empty {
        /// The folder.
        path: PathBuf,
    },
    /// The case in a file is none.
    #[error("in `{}`", path.display())]
    In {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<Self>,
    },
    /// The file, or the folder, cannot be read.
    #[error("cannot read `{}`", path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// What it plays cannot be read, or contradicts itself.
    #[error("{name}: what it plays cannot be played")]
    Play {
        /// The name of the case.
        name: String,
        /// What is wrong, and where.
        source: ParseError,
    },
    /// Its keys, or their values, are not those of a case.
    #[error("{name}: this is no case")]
    Syntax {
        /// The name of the case.
        name: String,
        /// What is wrong, and where.
        source: Box<toml::de::Error>,
    },
    /// Each key is right, and together they are not.
    #[error("{name}: {what}")]
    Together {
        /// The name of the case.
        name: String,
        /// What is wrong.
        what: &'static str,
    },
}
