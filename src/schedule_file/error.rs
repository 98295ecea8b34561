//! Why a schedule file cannot be had.

use std::io;
use std::path::PathBuf;

use crate::decision::ParseError;

/// Why a schedule file cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read the schedule in `{}`", path.display())]
    #[non_exhaustive]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something in it cannot be right.
    #[error("in `{}`", path.display())]
    #[non_exhaustive]
    Parse {
        /// The file.
        path: PathBuf,
        /// What, and where.
        source: ParseError,
    },
    /// It is larger than any schedule.
    #[error("`{}` is larger than {} bytes", path.display(), super::MAX_FILE)]
    #[non_exhaustive]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// No schedule of this name is built in, and there is no such file.
    #[error("there is no schedule `{name}`, neither built in nor as a file: {help}")]
    #[non_exhaustive]
    Unknown {
        /// The name.
        name: String,
        /// What would be right.
        help: String,
    },
}
