//! Everything that one server serves.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use super::cache::DEFAULT_CACHE_SIZE;
use super::coding::Coding;
use super::error::{MountError, OpenError};
use super::fixture::Fixture;
use super::generated::Generated;
use super::gzipped::{CodingError, Gzipped};
use super::listing::Names;
use super::mount::Mount;
use super::open_files::OpenFiles;
use super::path::UrlPath;
use super::template::{self, Templates};

/// Everything that one server serves: mounts, in the order in which they were added. The first one
/// that has a path serves it.
///
/// A path names the same fixture whether it ends in `index.html` or, in its place, in a slash.
/// Where there is no such file, the path of a directory names its listing. A path is percent-decoded
/// once, and empty and `.` components in it count for nothing.
#[derive(Debug)]
pub(crate) struct Fixtures {
    mounts: Vec<Mount>,
    single: Option<String>,
    templates: Option<Templates>,
    hidden: bool,
    listing: bool,
    precompressed: bool,
    files: Arc<OpenFiles>,
    gzipped: Gzipped,
}

/// What is served under a path.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    /// The fixture.
    pub(crate) fixture: Fixture,
    /// The same in content codings, the preferred ones first.
    pub(crate) variants: Vec<Fixture>,
}

impl From<Fixture> for Opened {
    fn from(fixture: Fixture) -> Self {
        Self { fixture, variants: Vec::new() }
    }
}

impl Default for Fixtures {
    fn default() -> Self {
        Self::new()
    }
}

impl Fixtures {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            mounts: Vec::new(),
            single: None,
            templates: None,
            hidden: false,
            listing: true,
            precompressed: false,
            files: Arc::new(OpenFiles::new(DEFAULT_CACHE_SIZE)),
            gzipped: Gzipped::default(),
        }
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

    /// Serves a single file, under a path that is one as for [`memory`](Self::memory).
    ///
    /// # Errors
    ///
    /// As for a [file](Self::file) under its name, and if no request could have this path.
    pub(crate) fn file_at(self, url: &str, path: impl AsRef<Path>) -> Result<Self, MountError> {
        self.mount(Mount::file_at(url, path.as_ref())?)
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

    /// Serves bytes from memory that were modified then, under a path that is one as for [`memory`](Self::memory).
    ///
    /// # Errors
    ///
    /// As for other bytes in memory.
    #[cfg(feature = "verify")]
    pub(crate) fn dated(
        self,
        path: &str,
        bytes: impl Into<Bytes>,
        modified: std::time::SystemTime,
    ) -> Result<Self, MountError> {
        self.mount(Mount::memory(path, bytes.into())?.modified_at(modified))
    }

    /// Serves bytes that are computed, under a path that is one as for [`memory`](Self::memory).
    ///
    /// # Errors
    ///
    /// As for bytes in memory, and if it is smaller than any file of its kind.
    pub(crate) fn generated(self, path: &str, generated: Generated) -> Result<Self, MountError> {
        self.mount(Mount::generated(path, generated)?)
    }

    /// Serves text in which each `{base}` is replaced by the base URL, under a path that is one as for
    /// [`memory`](Self::memory).
    ///
    /// # Errors
    ///
    /// As for bytes in memory.
    pub(crate) fn template(self, path: &str, text: &str, base: &str) -> Result<Self, MountError> {
        self.memory(path, template::filled(text.as_bytes(), base))
    }

    /// Replaces each `{base}` by the base URL in the files whose paths, as they stand in URLs, match.
    pub(crate) fn templates(self, matches: impl Fn(&str) -> bool + Send + Sync + 'static, base: &str) -> Self {
        Self { templates: Some(Templates::new(matches, base)), ..self }
    }

    /// Whether names that begin with a dot are served from directories. Defaults to `false`.
    pub(crate) fn hidden(self, hidden: bool) -> Self {
        Self { hidden, ..self }
    }

    /// Whether a directory without an index file has a listing. Defaults to `true`.
    pub(crate) fn listing(self, listing: bool) -> Self {
        Self { listing, ..self }
    }

    /// Whether files beside a file, with its name and `.br`, `.zst` or `.gz` behind it, are taken for the same file in
    /// a content coding. Defaults to `false`.
    pub(crate) fn precompressed(self, precompressed: bool) -> Self {
        Self { precompressed, ..self }
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

    /// The paths of all fixtures that are not served from a directory, as they stand in URLs.
    #[cfg(feature = "cli")]
    pub(crate) fn singles(&self) -> impl Iterator<Item = String> {
        self.mounts.iter().filter_map(Mount::single).map(UrlPath::encoded)
    }

    /// Opens the fixture that is served under `path`, the path of a URL as it was received.
    ///
    /// # Errors
    ///
    /// If there is none, or if it cannot be opened. Never because of what an earlier call met.
    pub(crate) async fn open(&self, path: &str) -> Result<Fixture, OpenError> {
        self.open_all(path).await.map(|opened| opened.fixture)
    }

    /// Opens the fixture that is served under `path`, with what there is of it in content codings.
    ///
    /// # Errors
    ///
    /// As by [`open`](Self::open): only the fixture itself has to be there.
    pub(crate) async fn open_all(&self, path: &str) -> Result<Opened, OpenError> {
        let path = Arc::new(UrlPath::parse(path)?);
        match self.find(&path).await {
            Ok((mount, fixture)) => {
                let templates = self.templates.as_ref().filter(|all| mount.is_on_disk() && all.include(&path));
                if let Some(templates) = templates {
                    // What was compressed before names no server.
                    return Ok(templates.fill(&path, fixture).await?.into());
                }
                let variants = self.variants(&path, mount, &fixture).await;
                Ok(Opened { fixture, variants })
            }
            Err(absence) if !absence.is_absence() => Err(absence),
            Err(absence) if path.is_directory() => Ok(self.list(&path, absence).await?.into()),
            Err(absence) => {
                let directory = Arc::new(path.as_directory());
                let is_directory =
                    self.find(&directory).await.is_ok() || self.list(&directory, OpenError::NotFound).await.is_ok();
                Err(if is_directory { OpenError::Directory { path: directory.encoded() } } else { absence })
            }
        }
    }

    /// The fixture in the gzip coding, so many times over.
    ///
    /// # Errors
    ///
    /// If it is larger than 16 MiB, or cannot be read.
    pub(crate) async fn gzip(&self, fixture: &Fixture, times: u32) -> Result<Fixture, CodingError> {
        self.gzipped.code(fixture, times).await
    }

    /// Opens the file under `path`, and says which mount has it.
    async fn find(&self, path: &Arc<UrlPath>) -> Result<(&Mount, Fixture), OpenError> {
        let mut absence = OpenError::NotFound;
        for mount in &self.mounts {
            match mount.open(path, self.hidden, &self.files).await {
                Ok(fixture) => return Ok((mount, fixture)),
                Err(error) if error.is_absence() => {
                    if matches!(absence, OpenError::NotFound) {
                        absence = error;
                    }
                }
                Err(error) => return Err(error),
            }
        }
        Err(absence)
    }

    /// The fixture under `path` in content codings. What belongs to a directory is looked for in that directory alone,
    /// and what belongs to none in none: another one may have another version. What cannot be opened is not there.
    async fn variants(&self, path: &UrlPath, mount: &Mount, fixture: &Fixture) -> Vec<Fixture> {
        let mut variants = Vec::new();
        if !self.precompressed {
            return variants;
        }
        for coding in Coding::ALL {
            let path = Arc::new(path.with_suffix(coding.suffix()));
            let is_beside = |other: &&Mount| match mount.single() {
                None => std::ptr::eq(*other, mount),
                Some(_) => other.single().is_some(),
            };
            for mount in self.mounts.iter().filter(is_beside) {
                if let Ok(found) = mount.open(&path, self.hidden, &self.files).await {
                    variants.push(found.encoded_from(fixture, coding));
                    break;
                }
            }
        }
        variants
    }

    /// The listing of a directory, of all mounts together; or else the reason why there is none.
    async fn list(&self, directory: &Arc<UrlPath>, absence: OpenError) -> Result<Fixture, OpenError> {
        if !self.listing {
            return Err(absence);
        }
        let mut names: Option<Names> = None;
        for mount in &self.mounts {
            match mount.list(directory, self.hidden).await {
                Ok(others) => names.get_or_insert_default().merge(others),
                Err(error) if error.is_absence() => {}
                Err(error) => return Err(error),
            }
        }
        let page = names.ok_or(absence)?.page(directory);
        Ok(Fixture::from_bytes("index.html", page))
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
