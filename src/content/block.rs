//! A stretch of shared bytes, ready or being read.

use std::fmt;
use std::io;
use std::pin::Pin;

use bytes::Bytes;

/// The length of a file block, and the most bytes that come at once: 256 KiB. Reads of 64 KiB halve
/// the rate of a large download, and reads beyond 1 MiB no longer raise it.
pub(crate) const BLOCK_LEN: u64 = 256 * 1024;

/// A stretch of bytes of a fixture: shared with every other connection that sends it.
pub(crate) enum Block {
    /// The bytes are in memory.
    Ready(Bytes),
    /// The bytes are being read, whether or not anybody polls.
    Loading(Loading),
}

/// Bytes on their way into memory.
pub(crate) type Loading = Pin<Box<dyn Future<Output = Result<Bytes, ReadError>> + Send + Sync>>;

impl Block {
    /// The bytes, as soon as they are in memory.
    pub(crate) async fn load(self) -> Result<Bytes, ReadError> {
        match self {
            Self::Ready(bytes) => Ok(bytes),
            Self::Loading(bytes) => bytes.await,
        }
    }

    /// What of `bytes` begins at `offset`, at most one block long.
    pub(crate) fn slice(bytes: &Bytes, offset: u64, end: u64) -> Self {
        let end = end.min(bytes.len() as u64).min(offset.saturating_add(BLOCK_LEN));
        Self::Ready(if offset < end { bytes.slice(offset as usize..end as usize) } else { Bytes::new() })
    }

    /// The first so many bytes at most.
    pub(crate) fn truncated(self, most: u64) -> Self {
        let truncated = move |mut bytes: Bytes| {
            bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
            bytes
        };
        match self {
            Self::Ready(bytes) => Self::Ready(truncated(bytes)),
            Self::Loading(bytes) => Self::Loading(Box::pin(async move { bytes.await.map(truncated) })),
        }
    }

    /// The bytes, each combined with the mask: a copy, which no other connection shares.
    pub(crate) fn masked(self, mask: u8) -> Self {
        let masked = move |bytes: Bytes| bytes.iter().map(|byte| byte ^ mask).collect::<Bytes>();
        match self {
            Self::Ready(bytes) => Self::Ready(masked(bytes)),
            Self::Loading(bytes) => Self::Loading(Box::pin(async move { bytes.await.map(masked) })),
        }
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(bytes) => write!(f, "Ready({} bytes)", bytes.len()),
            Self::Loading(_) => f.write_str("Loading"),
        }
    }
}

/// Why bytes of an open fixture cannot be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    /// The file was written to while it was being served.
    #[error("the file was modified while it was being served")]
    Changed,
    /// The operating system failed to read.
    #[error("could not read the file")]
    Io(#[from] io::Error),
    /// The file was cut while it was being served.
    #[error("the file shrank from {expected} to {actual} bytes while it was being served")]
    Shrank {
        /// Its length when it was opened.
        expected: u64,
        /// Its length now.
        actual: u64,
    },
}
