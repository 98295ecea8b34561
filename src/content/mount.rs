//! What a server serves, and where.

use std::ffi::OsString;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::disk::finished;
use super::error::{MountError, OpenError};
use super::fixture::Fixture;
use super::known::Known;
use super::open_files::OpenFiles;
use super::path::UrlPath;

/// One thing that a server serves. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) enum Mount {
    /// A directory, under `/`.
    Directory(Arc<Root>),
    /// A single file, under its name.
    File(Arc<SingleFile>),
    /// Bytes in memory, under a path.
    Memory(Arc<UrlPath>, Fixture),
}

/// A directory that is open, and that nothing below it can leave.
#[derive(Debug)]
pub(super) struct Root {
    dir: Dir,
    /// As it was named when it was mounted: for messages only.
    path: PathBuf,
    known: Known,
}

/// One name in a directory.
#[derive(Debug)]
pub(super) struct SingleFile {
    url: UrlPath,
    parent: Root,
    name: OsString,
}

impl Mount {
    pub(super) fn directory(path: &Path) -> Result<Self, MountError> {
        Root::open(path).map(|root| Self::Directory(Arc::new(root)))
    }

    /// The file is served under the name that it is given by; a symbolic link is followed once,
    /// here.
    pub(super) fn file(path: &Path) -> Result<Self, MountError> {
        let not_a_file = || MountError::NotAFile { path: path.to_owned() };
        let unreadable = |error| MountError::new(path, error);
        let real = fs::canonicalize(path).map_err(unreadable)?;
        if !real.metadata().map_err(unreadable)?.is_file() {
            return Err(not_a_file());
        }
        let (Some(parent), Some(real_name)) = (real.parent(), real.file_name()) else {
            return Err(not_a_file());
        };
        let name = path.file_name().unwrap_or(real_name);
        let url = UrlPath::from_decoded(&[b"/", name.as_encoded_bytes()].concat())
            .map_err(|source| MountError::Url { url: format!("/{}", name.display()), source })?;
        let file = SingleFile { url, parent: Root::open(parent)?, name: real_name.to_owned() };
        match OpenFiles::new(0).open(&file.parent.dir, file.name.as_ref()) {
            Ok(_) => Ok(Self::File(Arc::new(file))),
            Err(OpenError::NotRegular) => Err(not_a_file()),
            Err(OpenError::Denied(source) | OpenError::Io(source) | OpenError::TooManyFiles(source)) => {
                Err(unreadable(source))
            }
            // It was removed or replaced in between.
            Err(_) => Err(MountError::Missing { path: path.to_owned() }),
        }
    }

    pub(super) fn memory(url: &str, bytes: Bytes) -> Result<Self, MountError> {
        let path =
            UrlPath::from_decoded(url.as_bytes()).map_err(|source| MountError::Url { url: url.to_owned(), source })?;
        let fixture = Fixture::from_bytes(&path.or_index().name(), bytes);
        Ok(Self::Memory(Arc::new(path), fixture))
    }

    /// The path of the one fixture that this is, if it is not a directory.
    pub(super) fn single(&self) -> Option<&UrlPath> {
        match self {
            Self::Directory(_) => None,
            Self::File(file) => Some(&file.url),
            Self::Memory(path, _) => Some(path),
        }
    }

    /// Opens what is served under `path` here.
    pub(super) async fn open(
        &self,
        path: &Arc<UrlPath>,
        hidden: bool,
        files: &Arc<OpenFiles>,
    ) -> Result<Fixture, OpenError> {
        match self {
            Self::Directory(_) if path.is_hidden() && !hidden => Err(OpenError::NotFound),
            Self::Directory(root) => {
                let named = path.or_index();
                if let Some(fixture) = root.fixture_at_once(named.relative(), &named.name(), files) {
                    return Ok(fixture);
                }
                let (root, path, files) = (Arc::clone(root), Arc::clone(path), Arc::clone(files));
                on_blocking_pool(move || {
                    let path = path.or_index();
                    if !hidden && root.leads_to_hidden(path.relative()) {
                        return Err(OpenError::NotFound);
                    }
                    root.fixture(path.relative(), &path.name(), &files)
                })
                .await
            }
            Self::File(file) if file.url == *path.or_index() => {
                if let Some(fixture) = file.parent.fixture_at_once(file.name.as_ref(), &file.url.name(), files) {
                    return Ok(fixture);
                }
                let (file, files) = (Arc::clone(file), Arc::clone(files));
                on_blocking_pool(move || file.parent.fixture(file.name.as_ref(), &file.url.name(), &files)).await
            }
            Self::Memory(served, fixture) if served.or_index() == path.or_index() => Ok(fixture.clone()),
            Self::File(_) | Self::Memory(..) => Err(OpenError::NotFound),
        }
    }
}

impl Root {
    fn open(path: &Path) -> Result<Self, MountError> {
        let dir = Dir::open_ambient_dir(path, ambient_authority())
            // Opening may need no permission; looking a name up does.
            .and_then(|dir| dir.metadata(".").map(|_| dir))
            .map_err(|error| match fs::metadata(path) {
                Ok(metadata) if !metadata.is_dir() => MountError::NotADirectory { path: path.to_owned() },
                _ => MountError::new(path, error),
            })?;
        Ok(Self { dir, path: path.to_owned(), known: Known::new() })
    }

    /// Whether a link leads to a file or through a directory whose name begins with a dot.
    fn leads_to_hidden(&self, path: &Path) -> bool {
        self.dir.canonicalize(path).is_ok_and(|path| {
            path.components()
                .any(|part| matches!(part, Component::Normal(name) if name.as_encoded_bytes().starts_with(b".")))
        })
    }

    /// The fixture at `path`, if nothing has to be waited for. No link is on the way to it, so that no name is hidden
    /// but those that stand in the path.
    fn fixture_at_once(&self, path: &Path, name: &str, files: &OpenFiles) -> Option<Fixture> {
        if let Some(fixture) = self.known.fixture(&self.dir, path, files) {
            return Some(fixture);
        }
        let fixture = Fixture::from_file(name, files.open_at_once(&self.dir, path)?);
        self.known.add(path, &fixture);
        Some(fixture)
    }

    /// Opens the fixture at `path` below this directory.
    fn fixture(&self, path: &Path, name: &str, files: &Arc<OpenFiles>) -> Result<Fixture, OpenError> {
        match files.open(&self.dir, path) {
            Ok(file) => Ok(Fixture::from_file(name, file)),
            Err(OpenError::NotFound) if self.is_gone() => Err(OpenError::RootGone { root: self.path.clone() }),
            Err(error) => Err(error),
        }
    }

    /// Whether the directory was removed: it has no name left, nor any entry.
    #[cfg(unix)]
    fn is_gone(&self) -> bool {
        use cap_std::fs::MetadataExt;

        self.dir.dir_metadata().is_ok_and(|metadata| metadata.nlink() == 0)
    }

    /// Whether the directory was removed. An open directory cannot be, here.
    #[cfg(not(unix))]
    fn is_gone(&self) -> bool {
        self.dir.dir_metadata().is_err()
    }
}

/// Runs what asks the file system where it keeps no connection waiting.
async fn on_blocking_pool(
    open: impl FnOnce() -> Result<Fixture, OpenError> + Send + 'static,
) -> Result<Fixture, OpenError> {
    finished(tokio::task::spawn_blocking(open).await).map_err(OpenError::Io)?
}
