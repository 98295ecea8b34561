//! Regular files below a directory: opened without blocking, read block by block.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use cap_std::fs::{Dir, OpenOptions};

use super::at_once;
use super::block::{BLOCK_LEN, Block, ReadError};
use super::cache::{BlockCache, Key};
use super::error::OpenError;
use super::identity::Identity;

/// A regular file, open.
#[derive(Debug)]
pub(super) struct OpenFile {
    file: File,
    /// The path below its root. Some systems need it to tell files apart.
    path: PathBuf,
    identity: Identity,
    modified: Option<SystemTime>,
    cache: Arc<BlockCache>,
}

impl OpenFile {
    /// Opens the regular file at `path` below `dir`.
    pub(super) fn open(dir: &Dir, path: &Path, cache: &Arc<BlockCache>) -> Result<Self, OpenError> {
        let file = match dir.open_with(path, &options()) {
            Ok(file) => file.into_std(),
            Err(error) => {
                let error = OpenError::from_io(error);
                // Some systems deny opening a directory like a file.
                let denied = matches!(error, OpenError::Denied(_));
                let is_dir = denied && dir.metadata(path).is_ok_and(|metadata| metadata.is_dir());
                return Err(if is_dir { OpenError::NotFound } else { error });
            }
        };
        Self::new(file, path, cache)
    }

    /// Opens it if nothing has to be waited for; `None` says nothing about it.
    pub(super) fn open_at_once(dir: &Dir, path: &Path, cache: &Arc<BlockCache>) -> Option<Self> {
        // What it cannot serve gets its error where there is time to find out why.
        at_once::open(dir, path).and_then(|file| Self::new(file, path, cache).ok())
    }

    fn new(file: File, path: &Path, cache: &Arc<BlockCache>) -> Result<Self, OpenError> {
        let metadata = file.metadata().map_err(OpenError::Io)?;
        if metadata.is_dir() {
            return Err(OpenError::NotFound);
        }
        if !metadata.is_file() {
            return Err(OpenError::NotRegular);
        }
        Ok(Self {
            identity: Identity::new(&metadata, path),
            modified: last_modified(&metadata),
            path: path.to_owned(),
            file,
            cache: Arc::clone(cache),
        })
    }

    /// Which version of which file this is.
    pub(super) fn identity(&self) -> &Identity {
        &self.identity
    }

    /// Whether its first block is all of it.
    #[cfg(target_os = "linux")]
    pub(super) fn is_one_block(&self) -> bool {
        (1..=BLOCK_LEN).contains(&self.identity.len())
    }

    /// When it was last modified.
    pub(super) fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// The bytes from `offset` to the end of its block, or to `end`.
    pub(super) fn block(self: &Arc<Self>, offset: u64, end: u64) -> Block {
        let end = end.min(self.identity.len());
        if offset >= end {
            return Block::Ready(Bytes::new());
        }
        let index = offset / BLOCK_LEN;
        let start = index * BLOCK_LEN;
        let slice = move |block: &Bytes| {
            let end = (end - start).min(block.len() as u64);
            block.slice((offset - start) as usize..end as usize)
        };
        let key = Key { file: self.identity, index };
        if let Some(block) = self.cache.get(&key) {
            return Block::Ready(slice(&block));
        }
        if let Some(block) = self.read_at_once(index) {
            self.cache.add(key, block.clone());
            return Block::Ready(slice(&block));
        }
        // The thread that reads, not the connection, holds the place in the cache: a connection
        // that stops polling, as faults make it, keeps nobody waiting.
        let file = Arc::clone(self);
        let read = tokio::task::spawn_blocking(move || file.cache.get_or_read(&key, || file.read(index)));
        Block::Loading(Box::pin(async move { Ok(slice(&finished(read.await)??)) }))
    }

    /// Reads one whole block, if the system has it in memory and there is nothing wrong with it.
    fn read_at_once(&self, index: u64) -> Option<Bytes> {
        let (start, mut block) = self.empty_block(index);
        at_once::read(&self.file, &mut block, start)?;
        self.look(block, true).ok()
    }

    /// Where a block begins, and room for it.
    fn empty_block(&self, index: u64) -> (u64, Vec<u8>) {
        let start = index * BLOCK_LEN;
        (start, vec![0; BLOCK_LEN.min(self.identity.len() - start) as usize])
    }

    /// Reads one whole block, and makes sure that the file is still the one that was opened.
    fn read(&self, index: u64) -> Result<Bytes, ReadError> {
        let (start, mut block) = self.empty_block(index);
        let mut filled = 0;
        while filled < block.len() {
            match read_at(&self.file, &mut block[filled..], start + filled as u64) {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        let whole = filled == block.len();
        self.look(block, whole)
    }

    /// The block, if the file is still the one that was opened.
    fn look(&self, block: Vec<u8>, whole: bool) -> Result<Bytes, ReadError> {
        let expected = self.identity.len();
        let now = Identity::new(&self.file.metadata()?, &self.path);
        if now.len() < expected {
            Err(ReadError::Shrank { expected, actual: now.len() })
        } else if !whole || !now.has_bytes_of(&self.identity) {
            Err(ReadError::Changed)
        } else {
            Ok(Bytes::from(block))
        }
    }
}

/// Opens to read, without waiting for the other end of a pipe and without taking a terminal.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    cap_std::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options
}

/// The time of the last modification. A time before 1970 cannot be told in HTTP and counts as none;
/// one in the future becomes the present (RFC 9110 §8.8.2.1: never later than `Date`).
fn last_modified(metadata: &Metadata) -> Option<SystemTime> {
    let modified = metadata.modified().ok().filter(|modified| *modified >= SystemTime::UNIX_EPOCH)?;
    Some(modified.min(SystemTime::now()))
}

/// What a task on the blocking pool returned. Panics pass through; a runtime that shuts down is an
/// error.
pub(super) fn finished<T>(joined: Result<T, tokio::task::JoinError>) -> io::Result<T> {
    joined.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(error) => io::Error::other(error),
    })
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
