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
        // On Windows that would be a path of a kind that many programs refuse.
        let root = if cfg!(windows) { dir.path().to_owned() } else { dir.path().canonicalize()? };
        let folder = Self { root, _removed_at_the_end: dir };
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

impl Drop for Folder {
    /// Makes what a downloader has left read-only removable, as Go's modules are. Whatever fails stays.
    fn drop(&mut self) {
        #[cfg(unix)]
        open_up(&self.root);
    }
}

/// Lets this user into all folders below one.
#[cfg(unix)]
fn open_up(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        let closed = folder.metadata().is_ok_and(|it| it.permissions().mode() & 0o700 != 0o700);
        if closed {
            // Then it cannot be removed, and stays.
            let _ = fs::set_permissions(&folder, fs::Permissions::from_mode(0o700));
        }
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        // A symbolic link is no folder here, and is not followed.
        left.extend(entries.flatten().filter(|it| it.file_type().is_ok_and(|kind| kind.is_dir())).map(|it| it.path()));
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_read_only_is_removed_too() {
        let folder = Folder::new().unwrap();
        let root = folder.root().to_owned();
        fs::create_dir_all(root.join("home/go/pkg")).unwrap();
        fs::write(root.join("home/go/pkg/mod"), "").unwrap();
        for name in ["home/go/pkg", "home/go"] {
            fs::set_permissions(root.join(name), fs::Permissions::from_mode(0o500)).unwrap();
        }
        drop(folder);
        assert!(!root.exists());
    }
}
