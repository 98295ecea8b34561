//! Everything that one server serves.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::cache::DEFAULT_CACHE_SIZE;
use super::error::{MountError, OpenError};
use super::fixture::Fixture;
use super::mount::Mount;
use super::open_files::OpenFiles;
use super::path::UrlPath;

/// Everything that one server serves: mounts, in the order in which they were added. The first one
/// that has a path serves it.
///
/// A path names the same fixture whether it ends in `index.html` or, in its place, in a slash.
/// There are no listings. A path is percent-decoded once, and empty and `.` components in it count
/// for nothing.
#[derive(Debug)]
pub(crate) struct Fixtures {
    mounts: Vec<Mount>,
    single: Option<String>,
    hidden: bool,
    files: Arc<OpenFiles>,
}

impl Default for Fixtures {
    fn default() -> Self {
        Self::new()
    }
}

impl Fixtures {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self { mounts: Vec::new(), single: None, hidden: false, files: Arc::new(OpenFiles::new(DEFAULT_CACHE_SIZE)) }
    }

    /// Serves what is in a directory, under `/`.
    ///
    /// # Errors
    ///
    /// If it does not exist, is not a directory, or may not be read.
    pub(crate) fn directory(self, path: impl AsRef<Path>) -> Result<Self, MountError> {
        self.mount(Mount::directory(path.as_ref())?)
    }

    /// Serves a single file, under `/` and its name.
    ///
    /// # Errors
    ///
    /// If it does not exist, is not a regular file, or may not be read; and if something else is
    /// served under this path.
    pub(crate) fn file(self, path: impl AsRef<Path>) -> Result<Self, MountError> {
        self.mount(Mount::file(path.as_ref())?)
    }

    /// Serves bytes in memory, under a path that begins with a slash. It is not decoded: a space is
    /// a space.
    ///
    /// # Errors
    ///
    /// If no request could have this path, and if something else is served under it.
    pub(crate) fn memory(self, path: &str, bytes: impl Into<Bytes>) -> Result<Self, MountError> {
        self.mount(Mount::memory(path, bytes.into())?)
    }

    /// Whether names that begin with a dot are served from directories. Defaults to `false`.
    pub(crate) fn hidden(self, hidden: bool) -> Self {
        Self { hidden, ..self }
    }

    /// How many bytes of files are kept in memory for all connections together. Defaults to 256 MiB.
    pub(crate) fn cache_size(self, bytes: u64) -> Self {
        Self { files: Arc::new(OpenFiles::new(bytes)), ..self }
    }

    /// The path of the one fixture, as it stands in a URL, if exactly one is served, and not from a
    /// directory.
    pub(crate) fn single(&self) -> Option<&str> {
        self.single.as_deref()
    }

    /// Opens the fixture that is served under `path`, the path of a URL as it was received.
    ///
    /// # Errors
    ///
    /// If there is none, or if it cannot be opened. Never because of what an earlier call met.
    pub(crate) async fn open(&self, path: &str) -> Result<Fixture, OpenError> {
        let path = Arc::new(UrlPath::parse(path)?);
        let mut absence = OpenError::NotFound;
        for mount in &self.mounts {
            match mount.open(&path, self.hidden, &self.files).await {
                Err(error) if error.is_absence() => {
                    if matches!(absence, OpenError::NotFound) {
                        absence = error;
                    }
                }
                opened => return opened,
            }
        }
        Err(absence)
    }

    fn mount(mut self, mount: Mount) -> Result<Self, MountError> {
        if let Some(path) = mount.single() {
            let served = self.mounts.iter().filter_map(Mount::single);
            if served.into_iter().any(|served| served.or_index() == path.or_index()) {
                return Err(MountError::Duplicate { url: path.encoded() });
            }
        }
        self.single = mount.single().filter(|_| self.mounts.is_empty()).map(UrlPath::encoded);
        self.mounts.push(mount);
        Ok(self)
    }

    #[cfg(test)]
    pub(super) fn cached(&self) -> u64 {
        self.files.cached()
    }
    #[cfg(test)]
    pub(super) fn known_files(&self) -> usize {
        self.files.known()
    }
}
