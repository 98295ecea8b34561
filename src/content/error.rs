//! Why something cannot be served, and why a path cannot be opened.

use std::io;
use std::path::{Path, PathBuf};

use super::block::ReadError;
use super::path::BadPath;

/// Why something cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum MountError {
    /// Two mounts of a single fixture under one path: the second would never be seen.
    #[error("`{url}` is served already: every fixture needs a path of its own")]
    Duplicate {
        /// The path that they share.
        url: String,
    },
    /// A generated fixture that is larger than what clients can count.
    #[error("`{url}` cannot have {size} bytes: clients count them up to {}", i64::MAX)]
    TooLarge {
        /// The path of the fixture.
        url: String,
        /// The length that it was to have.
        size: u64,
    },
    /// A generated fixture that is smaller than any of its kind.
    #[error("`{url}` cannot have {size} bytes: the smallest file of its kind has {least}")]
    TooSmall {
        /// The path of the fixture.
        url: String,
        /// The length that it was to have.
        size: u64,
        /// The least length.
        least: u64,
    },
    /// There is nothing under the path.
    #[error("`{}` does not exist: name an existing file or directory", path.display())]
    Missing {
        /// The path.
        path: PathBuf,
    },
    /// Something else than a directory.
    #[error("`{}` is not a directory: serve it as a single file", path.display())]
    NotADirectory {
        /// The path.
        path: PathBuf,
    },
    /// Something else than a regular file.
    #[error("`{}` is not a regular file: name one, or a directory of them", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// Something that the operating system does not let us read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A path in a URL that no request could have.
    #[error("`{url}` is not a path to serve bytes under: write it like `/app.tar.gz`")]
    Url {
        /// The path.
        url: String,
        /// What is wrong with it.
        source: BadPath,
    },
}

impl MountError {
    pub(super) fn new(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Self::Missing { path },
            _ => Self::Unreadable { path, source },
        }
    }
}

/// Why no fixture could be opened under a path.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    /// The path cannot name anything.
    #[error(transparent)]
    BadPath(#[from] BadPath),
    /// The operating system denies access to the file.
    #[error("permission to read the file was denied")]
    Denied(#[source] io::Error),
    /// The path names a directory, and does not end in a slash.
    #[error("a directory: its path is `{path}`")]
    Directory {
        /// Its path, as it stands in a URL: one slash in front, one at the end.
        path: String,
    },
    /// The operating system failed in another way.
    #[error("could not open the file")]
    Io(#[source] io::Error),
    /// A template that is too large to be filled in.
    #[error("a template may have {most} bytes, and this one has {len}: serve it as it is")]
    LargeTemplate {
        /// Its length.
        len: u64,
        /// The largest length.
        most: u64,
    },
    /// Nothing is served under the path.
    #[error("no fixture is served under this path")]
    NotFound,
    /// Something is there, but not a regular file: a pipe, a socket, a device.
    #[error("not a regular file")]
    NotRegular,
    /// A symbolic link leads out of the served directory.
    #[error("a symbolic link leads out of the served directory")]
    Outside,
    /// The served directory was removed.
    #[error("the served directory `{}` was removed after the server had started", root.display())]
    RootGone {
        /// The directory, as it was named when it was mounted.
        root: PathBuf,
    },
    /// A template that could not be read.
    #[error("could not read the template")]
    Template(#[source] ReadError),
    /// The process or the system has no file handle left.
    #[error("too many open files: raise the limit of open files, or use fewer connections")]
    TooManyFiles(#[source] io::Error),
}

impl OpenError {
    /// What the operating system said while a file was opened below a root.
    pub(super) fn from_io(error: io::Error) -> Self {
        use io::ErrorKind::{InvalidFilename, InvalidInput, NotADirectory, NotFound, PermissionDenied};

        match error.kind() {
            NotFound | NotADirectory | InvalidFilename | InvalidInput => Self::NotFound,
            // The operating system's own denial has a number; that of `cap-std` has none.
            PermissionDenied if error.raw_os_error().is_none() => Self::Outside,
            PermissionDenied => Self::Denied(error),
            _ => match error.raw_os_error() {
                Some(code) if NO_HANDLE_LEFT.contains(&code) => Self::TooManyFiles(error),
                #[cfg(unix)]
                Some(libc::ELOOP) => Self::NotFound,
                // What a socket answers.
                #[cfg(unix)]
                Some(libc::ENXIO | libc::EOPNOTSUPP) => Self::NotRegular,
                _ => Self::Io(error),
            },
        }
    }

    /// Whether nothing can be served under the path, so that another mount may have it.
    pub(super) fn is_absence(&self) -> bool {
        matches!(self, Self::NotFound | Self::NotRegular | Self::Outside | Self::RootGone { .. })
    }
}

#[cfg(unix)]
const NO_HANDLE_LEFT: &[i32] = &[libc::EMFILE, libc::ENFILE];
/// `ERROR_TOO_MANY_OPEN_FILES`.
#[cfg(not(unix))]
const NO_HANDLE_LEFT: &[i32] = &[4];

#[cfg(all(test, unix))]
mod tests {
    use std::io;

    use super::OpenError;

    #[track_caller]
    fn check(code: i32, expected: impl Fn(&OpenError) -> bool) {
        let error = OpenError::from_io(io::Error::from_raw_os_error(code));
        assert!(expected(&error), "{code}: {error:?}");
    }

    #[test]
    fn kinds_of_failure() {
        for code in [libc::ENOENT, libc::ENOTDIR, libc::ENAMETOOLONG, libc::ELOOP] {
            check(code, |error| matches!(error, OpenError::NotFound));
        }
        check(libc::EACCES, |error| matches!(error, OpenError::Denied(_)));
        check(libc::EPERM, |error| matches!(error, OpenError::Denied(_)));
        check(libc::EMFILE, |error| matches!(error, OpenError::TooManyFiles(_)));
        check(libc::ENFILE, |error| matches!(error, OpenError::TooManyFiles(_)));
        check(libc::ENXIO, |error| matches!(error, OpenError::NotRegular));
        check(libc::EIO, |error| matches!(error, OpenError::Io(_)));
    }
}
