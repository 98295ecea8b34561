//! A place and an environment of its own for each test.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::Result;

/// An empty directory, removed at the end.
pub(crate) struct Sandbox {
    path: PathBuf,
    _removed_at_the_end: TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Result<Self> {
        let dir = tempfile::Builder::new().prefix("flaky-clients-").tempdir()?;
        // Clients print paths without symbolic links.
        let path = dir.path().canonicalize()?;
        for name in ["work", "home", "tmp"] {
            std::fs::create_dir(path.join(name))?;
        }
        Ok(Self { path, _removed_at_the_end: dir })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A file in the directory that commands run in.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join("work").join(name)
    }

    /// A command that sees nothing of the caller's environment: no proxies, no configuration, no caches.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path.join("work"))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("LC_ALL", "C")
            .env("HOME", self.path.join("home"))
            .env("TMPDIR", self.path.join("tmp"));
        command
    }
}
