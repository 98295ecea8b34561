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
use super::generated::{Generated, Layout};
use super::identity::key_of_generated;
use super::known::Known;
use super::listing::Names;
use super::open_files::OpenFiles;
use super::path::UrlPath;

/// One thing that a server serves. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) enum Mount {
    /// A directory, under `/`.
    Directory(Arc<Root>),
    /// A single file, under its name.
    File(Arc<SingleFile>),
    /// Bytes in memory, or computed, under a path.
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
        Self::single_file(path, None)
    }

    /// The file is served under this path, whatever its name.
    pub(super) fn file_at(url: &str, path: &Path) -> Result<Self, MountError> {
        Self::single_file(path, Some(url_path(url)?.or_index().into_owned()))
    }

    fn single_file(path: &Path, url: Option<UrlPath>) -> Result<Self, MountError> {
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
        let named = || {
            UrlPath::from_decoded(&[b"/", name.as_encoded_bytes()].concat())
                .map_err(|source| MountError::Url { url: format!("/{}", name.display()), source })
        };
        let url = url.map_or_else(named, Ok)?;
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
        let path = url_path(url)?;
        let fixture = Fixture::from_bytes(&path.or_index().name(), bytes);
        Ok(Self::Memory(Arc::new(path), fixture))
    }

    /// The same, modified then.
    #[cfg(feature = "verify")]
    pub(super) fn modified_at(self, modified: std::time::SystemTime) -> Self {
        match self {
            Self::Memory(path, fixture) => Self::Memory(path, fixture.modified_at(modified)),
            other => other,
        }
    }

    pub(super) fn generated(url: &str, generated: Generated) -> Result<Self, MountError> {
        let path = url_path(url)?;
        let file = path.or_index();
        if i64::try_from(generated.len()).is_err() {
            return Err(MountError::TooLarge { url: path.encoded(), size: generated.len() });
        }
        let key = key_of_generated(&file.encoded(), generated.len(), generated.key());
        let layout = Layout::new(&file.name(), generated, key).map_err(|too_small| MountError::TooSmall {
            url: path.encoded(),
            size: generated.len(),
            least: too_small.least,
        })?;
        let fixture = Fixture::from_layout(&file.name(), layout, &key);
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

    /// Whether what it serves is read from files.
    pub(super) fn is_on_disk(&self) -> bool {
        matches!(self, Self::Directory(_) | Self::File(_))
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

    /// The names that are served in a directory here. What could not be opened by its name is left out.
    pub(super) async fn list(&self, directory: &Arc<UrlPath>, hidden: bool) -> Result<Names, OpenError> {
        match self {
            Self::Directory(_) if directory.is_hidden() && !hidden => Err(OpenError::NotFound),
            Self::Directory(root) => {
                let (root, directory) = (Arc::clone(root), Arc::clone(directory));
                on_blocking_pool(move || root.list(directory.relative(), hidden)).await
            }
            Self::File(file) => {
                let mut names = below(&file.url, directory, hidden, None)?;
                let file = Arc::clone(file);
                on_blocking_pool(move || {
                    names.measure(|_| Some(file.parent.dir.metadata(&file.name).ok()?.len()));
                    Ok(names)
                })
                .await
            }
            Self::Memory(served, fixture) => below(&served.or_index(), directory, hidden, Some(fixture.len())),
        }
    }
}

/// What a single fixture is seen as in a directory that its path leads through: a name in it, or a directory in it.
fn below(path: &UrlPath, directory: &UrlPath, hidden: bool, len: Option<u64>) -> Result<Names, OpenError> {
    if directory.is_hidden() && !hidden {
        return Err(OpenError::NotFound);
    }
    let rest = path.below(directory).ok_or(OpenError::NotFound)?;
    let mut names = Names::default();
    if hidden || !path.is_hidden() {
        let mut parts = rest.splitn(2, |&byte| byte == b'/');
        match (parts.next(), parts.next()) {
            (Some(name), None) => names.file(name, len),
            (Some(name), Some(_)) => names.directory(name),
            (None, _) => {}
        }
    }
    Ok(names)
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

    /// The names of the files and directories in the one at `path`, below this one.
    fn list(&self, path: &Path, hidden: bool) -> Result<Names, OpenError> {
        if !hidden && self.leads_to_hidden(path) {
            return Err(OpenError::NotFound);
        }
        let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
        let entries = self.dir.read_dir(path).map_err(OpenError::from_io)?;
        let mut names = Names::default();
        for entry in entries {
            let entry = entry.map_err(OpenError::Io)?;
            let name = entry.file_name();
            let bytes = name.as_encoded_bytes();
            let is_path = UrlPath::from_decoded(&[b"/", bytes].concat()).is_ok();
            if !is_path || (!hidden && bytes.starts_with(b".")) {
                continue;
            }
            // What has gone meanwhile is not there.
            let Ok(mut kind) = entry.file_type() else { continue };
            if kind.is_symlink() {
                let link = path.join(&name);
                match self.dir.metadata(&link) {
                    Ok(metadata) if hidden || !self.leads_to_hidden(&link) => kind = metadata.file_type(),
                    _ => continue,
                }
            }
            if kind.is_dir() {
                names.directory(bytes);
            } else if kind.is_file() {
                names.file(bytes, None);
            }
        }
        if self.is_gone() {
            return Err(OpenError::RootGone { root: self.path.clone() });
        }
        names.measure(|name| {
            let name = UrlPath::from_decoded(&[b"/", name].concat()).ok()?;
            Some(self.dir.metadata(path.join(name.relative())).ok()?.len())
        });
        Ok(names)
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

/// The path of a fixture that is not on disk.
fn url_path(url: &str) -> Result<UrlPath, MountError> {
    UrlPath::from_decoded(url.as_bytes()).map_err(|source| MountError::Url { url: url.to_owned(), source })
}

/// Runs what asks the file system where it keeps no connection waiting.
async fn on_blocking_pool<T: Send + 'static>(
    open: impl FnOnce() -> Result<T, OpenError> + Send + 'static,
) -> Result<T, OpenError> {
    finished(tokio::task::spawn_blocking(open).await).map_err(OpenError::Io)?
}
