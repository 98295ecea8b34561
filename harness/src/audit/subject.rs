//! What is audited: a downloader, what it is to download, and where that is afterwards.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use flaky_server::FlakyServerBuilder;

use super::seen::Found;
use crate::outcome::{below, digest, shown};
use crate::trial::fixture;
use crate::{Downloader, Job, Outcome, Ran, RunError};

/// A downloader that several threads can run.
pub(crate) type AnyDownloader = Arc<dyn Downloader + Send + Sync>;

/// What is audited.
#[derive(Clone)]
pub(crate) struct Subject {
    pub(crate) downloader: AnyDownloader,
    pub(crate) serves: Serves,
    pub(crate) result: Expected,
    /// Files that it needs, in its folder; `{base}` in them is the base URL.
    pub(crate) files: Vec<(PathBuf, String)>,
}

/// When the fixture was modified: in November 2023. What was modified just now has no strong validator in that
/// (RFC 9110 §8.8.2.2).
const MODIFIED: Duration = Duration::from_secs(1_700_000_000);

/// What is served.
#[derive(Clone, Debug)]
pub(crate) enum Serves {
    /// 2,000,000 bytes of no meaning.
    Fixture,
    /// A file of the user's, under its name.
    File(PathBuf),
    /// What package managers ask for, of which this file is under test.
    Packages(String),
}

/// Where the result is, and what it should be.
#[derive(Clone, Debug)]
pub(crate) enum Expected {
    /// The file under test, where `{out}` is.
    Out,
    /// A file below the folders of the trial, whose path ends so, with this SHA-256.
    Named { ends_with: PathBuf, sha256: String },
}

impl Subject {
    pub(crate) fn new(downloader: AnyDownloader) -> Self {
        Self { downloader, serves: Serves::Fixture, result: Expected::Out, files: Vec::new() }
    }

    /// The path of the file under test.
    pub(crate) fn file(&self) -> String {
        match &self.serves {
            Serves::Fixture => fixture::PATH.to_owned(),
            Serves::File(path) => format!("/{}", plain_name(path)),
            Serves::Packages(file) => file.clone(),
        }
    }

    /// Serves it. `dated` is the fixture in a file, if there is a place for it.
    pub(crate) fn serve(&self, builder: FlakyServerBuilder, dated: Option<&Path>) -> FlakyServerBuilder {
        match &self.serves {
            Serves::Fixture => match dated {
                Some(path) => builder.serve_file_at(fixture::PATH, path),
                None => builder.serve_bytes(fixture::PATH, fixture::bytes()),
            },
            Serves::File(path) => builder.serve_file_at(self.file(), path),
            Serves::Packages(_) => flaky_server::packages::serve(builder),
        }
    }

    /// The downloader with what it needs around it.
    pub(crate) fn prepared(&self, credentials: bool) -> Prepared<'_> {
        Prepared { subject: self, credentials, again: false }
    }

    /// Looks at the result of a run.
    pub(crate) fn found(&self, outcome: &Outcome) -> Found {
        match &self.result {
            Expected::Out => {
                let content = outcome.content();
                Found {
                    is_there: content.is_some_and(|content| content.len.is_some() || content.unreadable.is_some()),
                    is_marked: content.is_some_and(|content| is_marked(&content.path, outcome.leftovers())),
                    is_right: content.is_some_and(crate::Content::matches),
                    says: content.map_or_else(String::new, ToString::to_string),
                }
            }
            Expected::Named { ends_with, sha256 } => {
                let job = &outcome.facts().job;
                let mut all = below(&[job.dir(), job.home()]);
                all.retain(|path| path.ends_with(ends_with));
                let right = all.iter().find(|path| digest_of(path).is_ok_and(|found| found == *sha256));
                let name = ends_with.display();
                let says = match (right, all.first()) {
                    (Some(_), _) => format!("`{name}` is there, and right"),
                    (None, Some(path)) => {
                        let len = path.metadata().map_or(0, |it| it.len());
                        format!(
                            "`{}` has {len} bytes, and they are not those of the package",
                            shown(path, outcome.root())
                        )
                    }
                    (None, None) => format!("there is no `{name}`"),
                };
                Found { is_there: !all.is_empty(), is_marked: false, is_right: right.is_some(), says }
            }
        }
    }
}

impl std::fmt::Debug for Subject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("serves", &self.serves).field("result", &self.result).finish_non_exhaustive()
    }
}

/// The fixture in a file, because what is in memory was never modified, and real files were.
pub(crate) fn dated() -> io::Result<tempfile::TempPath> {
    let mut file = tempfile::Builder::new().prefix("flaky-audit-").tempfile()?;
    file.write_all(fixture::bytes())?;
    file.as_file().set_modified(UNIX_EPOCH + MODIFIED)?;
    Ok(file.into_temp_path())
}

/// Whether one of these lies beside a file and has its name, and more: `fixture.bin.aria2`.
fn is_marked(path: &Path, others: &[PathBuf]) -> bool {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let is_mark =
        |other: &PathBuf| other.parent() == path.parent() && other != path && name(other).starts_with(&name(path));
    others.iter().any(is_mark)
}

/// The name of a file in letters that mean nothing to a URL, a pattern or a shell.
fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect()
}

/// Whether there is a place for folders: what fails all the same is the downloader's doing.
pub(crate) fn has_folders() -> bool {
    tempfile::tempdir().is_ok()
}

/// The SHA-256 of a file, in lower-case hexadecimal.
pub(crate) fn digest_of(path: &Path) -> io::Result<String> {
    digest(File::open(path)?)
}

/// A downloader that finds its files, and whose URLs may have credentials in them.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    subject: &'a Subject,
    credentials: bool,
    again: bool,
}

impl Prepared<'_> {
    /// The same for a run in folders that an earlier one has left: its files stay what they are.
    pub(crate) fn again(self) -> Self {
        Self { again: true, ..self }
    }

    fn job(&self, job: &Job) -> Job {
        match job.base().split_once("://").filter(|_| self.credentials) {
            Some((scheme, rest)) => job.at(format!("{scheme}://user:password@{rest}")),
            None => job.clone(),
        }
    }
}

impl Downloader for Prepared<'_> {
    fn describe(&self, job: &Job) -> String {
        self.subject.downloader.describe(&self.job(job))
    }

    fn run(&self, job: &Job) -> Result<Ran, RunError> {
        for (path, content) in self.subject.files.iter().filter(|_| !self.again) {
            write(&job.dir().join(path), &content.replace("{base}", job.base()))
                .map_err(|source| RunError::Io { what: format!("cannot write `{}`", path.display()), source })?;
        }
        self.subject.downloader.run(&self.job(job))
    }

    fn shell(&self) -> Option<String> {
        self.subject.downloader.shell()
    }
}

fn write(path: &Path, content: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_lies_beside_what_it_marks() {
        let others = |all: &[&str]| all.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert!(is_marked(Path::new("/w/f"), &others(&["/w/f", "/w/f.aria2"])));
        assert!(!is_marked(Path::new("/w/f"), &others(&["/w/f", "/w/g.aria2", "/v/f.aria2"])));
    }

    #[test]
    fn names_mean_nothing_to_anybody() {
        assert_eq!(plain_name(Path::new("/a/b c*?.tar.gz")), "b_c__.tar.gz");
        assert_eq!(plain_name(Path::new("dir/größe.bin")), "gr__e.bin");
    }
}
