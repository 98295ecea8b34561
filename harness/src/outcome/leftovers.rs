//! What a downloader left behind.

use std::fs;
use std::path::{Path, PathBuf};

/// More files than that are not listed.
const MOST: usize = 10_000;

/// The files below these folders, sorted; a symbolic link counts as a file, and is not followed.
pub(crate) fn below(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    // A folder that was replaced by a link leads elsewhere.
    let is_there = |folder: &&PathBuf| folder.symlink_metadata().is_ok_and(|it| it.is_dir());
    let mut left: Vec<PathBuf> = folders.iter().filter(is_there).cloned().collect();
    while let Some(folder) = left.pop().filter(|_| found.len() < MOST) {
        // A folder that the downloader removed has nothing in it; one that it locked shows itself.
        let Ok(entries) = fs::read_dir(&folder) else {
            if folder.exists() {
                found.push(folder);
            }
            continue;
        };
        for entry in entries.flatten() {
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                left.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// A path as reports show it: relative to the folder of the trial.
pub(crate) fn shown(path: &Path, root: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_and_links_at_any_depth() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir_all(dir.path().join("a/b/empty")).unwrap();
        fs::write(dir.path().join("a/b/c"), "").unwrap();
        fs::write(dir.path().join("z"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("..", dir.path().join("link")).unwrap();
        let found = below(&[dir.path().to_owned(), dir.path().join("missing"), dir.path().join("link")]);
        let found: Vec<_> = found.iter().map(|path| shown(path, dir.path()).replace('\\', "/")).collect();
        assert_eq!(found, if cfg!(unix) { vec!["a/b/c", "link", "z"] } else { vec!["a/b/c", "z"] });
    }
}
