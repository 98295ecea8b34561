//! The folders of a trial.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// Folders of a trial's own, below one that is removed when the last outcome that needs it is gone.
#[derive(Debug)]
pub(crate) struct Folder {
    /// Without symbolic links: programs print paths that way.
    root: PathBuf,
    _removed_at_the_end: TempDir,
}

impl Folder {
    pub(crate) fn new() -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("flaky-trial-").tempdir()?;
        let folder = Self { root: dir.path().canonicalize()?, _removed_at_the_end: dir };
        folder.restore()?;
        Ok(folder)
    }

    /// Makes what is missing: a downloader may have removed it.
    pub(crate) fn restore(&self) -> io::Result<()> {
        ["work", "home", "tmp"].iter().try_for_each(|name| fs::create_dir_all(self.root.join(name)))
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }
}
