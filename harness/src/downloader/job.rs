//! What a downloader is to do, and where.

use std::path::{Path, PathBuf};
use std::time::Duration;

use flaky_server::ByteSize;

/// What a downloader is to do, and where: the server, the file under test, folders of its own, and the time it has.
#[derive(Clone, Debug)]
pub struct Job {
    base: String,
    file: Option<String>,
    url: String,
    root: PathBuf,
    out: PathBuf,
    timeout: Duration,
    output_limit: usize,
    file_limit: Option<ByteSize>,
}

/// What the result is called if no file under test gives a name.
const NAMELESS: &str = "download";

impl Job {
    /// `root` is a folder with `work`, `home` and `tmp` in it.
    pub(crate) fn new(base: String, file: Option<String>, root: PathBuf) -> Self {
        let url = format!("{base}{}", file.as_deref().unwrap_or("/"));
        let name = file.as_deref().map(file_name).filter(|name| !name.is_empty()).unwrap_or(NAMELESS);
        let out = root.join("work").join(name);
        Self {
            base,
            file,
            url,
            root,
            out,
            timeout: DEFAULT_TIMEOUT,
            output_limit: DEFAULT_OUTPUT_LIMIT,
            file_limit: None,
        }
    }

    pub(crate) fn limited(mut self, timeout: Duration, output_limit: usize) -> Self {
        self.timeout = timeout;
        self.output_limit = output_limit;
        self
    }

    pub(crate) fn with_file_limit(mut self, limit: Option<ByteSize>) -> Self {
        self.file_limit = limit;
        self
    }

    /// The same, at another base URL: that of a proxy in front of the server.
    pub fn at(&self, base: impl Into<String>) -> Self {
        let base = base.into();
        let url = format!("{base}{}", self.file.as_deref().unwrap_or("/"));
        Self { base, url, ..self.clone() }
    }

    /// The server's base URL, without a trailing slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The file under test, as a path of the server; `None` if the trial names none and the server has several.
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The URL of the file under test; the base URL and a slash if there is none.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where the downloaded file is expected: in [`dir`](Self::dir), by the name of the file under test.
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// The folder to work in: empty at the start, removed with the outcome.
    pub fn dir(&self) -> PathBuf {
        self.root.join("work")
    }

    /// A home folder of its own, so that no settings, credentials and caches come in.
    pub fn home(&self) -> PathBuf {
        self.root.join("home")
    }

    /// A folder for temporary files of its own.
    pub fn tmp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    /// The time that it has. Then it is ended, and counts as hung.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How many bytes of stdout, and of stderr, are kept.
    pub fn output_limit(&self) -> usize {
        self.output_limit
    }

    /// No file that it writes can become longer than this: its disk is full then. `None` if there is no such limit.
    pub fn file_limit(&self) -> Option<ByteSize> {
        self.file_limit
    }
}

/// A downloader that takes longer is ended, unless the trial says otherwise.
pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);

/// Of stdout, and of stderr, this much is kept unless the trial says otherwise.
pub(crate) const DEFAULT_OUTPUT_LIMIT: usize = 1024 * 1024;

/// The last component of a path, without the query.
fn file_name(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_result_has_the_name_of_the_file() {
        let job = |file: &str| Job::new("http://h".to_owned(), Some(file.to_owned()), "/t".into());
        let check = |file: &str, name: &str| assert_eq!(job(file).out(), job(file).dir().join(name), "{file}");
        check("/a/b.tar.gz", "b.tar.gz");
        check("/a/b.tar.gz?token=1/2", "b.tar.gz");
        check("/a/", "download");
    }

    #[test]
    fn another_base_is_in_all_of_it() {
        let job = Job::new("http://h:1".to_owned(), Some("/a".to_owned()), "/t".into()).at("http://h:2");
        assert_eq!((job.base(), job.url()), ("http://h:2", "http://h:2/a"));
    }
}
