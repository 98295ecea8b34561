//! Fixtures on a real file system.

mod confinement;
mod listings;
mod mounts;
mod reading;
mod variants;

use std::fs::{self, File};
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use tempfile::TempDir;

use super::{BLOCK_LEN, Fixture, Fixtures, ReadError};

/// A directory with these files in it, each with its own path as content.
fn tree(files: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for file in files {
        let path = root.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    root
}

fn directory(root: &TempDir) -> Fixtures {
    Fixtures::new().directory(root.path()).unwrap()
}

/// A file of `len` bytes in which no two blocks are the same, modified in 1970.
fn large_file(path: &Path, len: u64) -> Vec<u8> {
    let bytes: Vec<u8> = (0..len).map(|n| (n / 251) as u8 ^ n as u8).collect();
    fs::write(path, &bytes).unwrap();
    set_modified(path, 1);
    bytes
}

fn set_modified(path: &Path, seconds: u64) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(seconds)).unwrap();
}

async fn read(fixture: &Fixture) -> Result<Vec<u8>, ReadError> {
    let mut bytes = Vec::new();
    while (bytes.len() as u64) < fixture.len() {
        let block = fixture.block(bytes.len() as u64, u64::MAX).load().await?;
        assert!(!block.is_empty() && block.len() as u64 <= BLOCK_LEN);
        bytes.extend_from_slice(&block);
    }
    assert!(fixture.block(fixture.len(), u64::MAX).load().await?.is_empty());
    Ok(bytes)
}

/// Checks what is served under a path: the content, or the error as text.
#[track_caller]
fn check(fixtures: &Fixtures, path: &str, expected: Result<&str, &str>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let served = runtime.block_on(async {
        match fixtures.open(path).await {
            Ok(fixture) => Ok(String::from_utf8(read(&fixture).await.unwrap()).unwrap()),
            Err(error) => Err(error.to_string()),
        }
    });
    assert_eq!(served.as_deref().map_err(String::as_str), expected, "{path}");
}

const NOT_FOUND: Result<&str, &str> = Err("no fixture is served under this path");
const OUTSIDE: Result<&str, &str> = Err("a symbolic link leads out of the served directory");
const NOT_REGULAR: Result<&str, &str> = Err("not a regular file");
