//! The blocks of files that all connections of one server share.

use std::fmt;
use std::sync::OnceLock;

use bytes::Bytes;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::block::{BLOCK_LEN, ReadError};
use super::identity::Identity;

/// How many bytes of file blocks are kept by default: 256 MiB.
pub(crate) const DEFAULT_CACHE_SIZE: u64 = 256 * 1024 * 1024;

/// One version of one file, and the index of a block in it. A changed file has another identity, so
/// its blocks never meet the old ones.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Key {
    /// Which version of which file.
    pub(super) file: Identity,
    /// Which block of it.
    pub(super) index: u64,
}

/// Blocks weigh what they hold.
#[derive(Clone, Debug)]
struct Length;

impl Weighter<Key, Bytes> for Length {
    fn weight(&self, _: &Key, block: &Bytes) -> u64 {
        block.len() as u64
    }
}

/// A bounded cache of file blocks.
pub(super) struct BlockCache {
    size: u64,
    /// Made when there is a first block: many a server has no files.
    blocks: OnceLock<Blocks>,
}

type Blocks = Cache<Key, Bytes, Length>;

impl BlockCache {
    /// A cache that keeps at most `size` bytes; 0 keeps nothing.
    pub(super) fn new(size: u64) -> Self {
        Self { size, blocks: OnceLock::new() }
    }

    fn blocks(&self) -> &Blocks {
        self.blocks.get_or_init(|| {
            let items = usize::try_from(self.size / BLOCK_LEN).unwrap_or(usize::MAX).max(1);
            let options = OptionsBuilder::new()
                .estimated_items_capacity(items)
                .weight_capacity(self.size)
                .build()
                .expect("both capacities are given");
            Cache::with_options(options, Length, DefaultHashBuilder::default(), DefaultLifecycle::default())
        })
    }

    /// The block, if it is in memory.
    pub(super) fn get(&self, key: &Key) -> Option<Bytes> {
        self.blocks.get()?.get(key)
    }

    /// The block, read by `read` if it is not in memory. Of several threads that ask for the same
    /// block at once, one reads it and the others wait; if it fails, the next one tries.
    pub(super) fn get_or_read(
        &self,
        key: &Key,
        read: impl FnOnce() -> Result<Bytes, ReadError>,
    ) -> Result<Bytes, ReadError> {
        self.blocks().get_or_insert_with(key, read)
    }

    /// Keeps a block that was read.
    pub(super) fn add(&self, key: Key, block: Bytes) {
        self.blocks().insert(key, block);
    }

    /// How many bytes are kept.
    #[cfg(test)]
    pub(super) fn weight(&self) -> u64 {
        self.blocks().weight()
    }
}

impl fmt::Debug for BlockCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockCache")
            .field("size", &self.size)
            .field("blocks", &self.blocks.get().map_or(0, Cache::len))
            .field("weight", &self.blocks.get().map_or(0, Cache::weight))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use bytes::Bytes;

    use super::super::block::ReadError;
    use super::super::identity::Identity;
    use super::{BlockCache, Key};

    fn key() -> Key {
        let file = tempfile::NamedTempFile::new().unwrap();
        let metadata = file.as_file().metadata().unwrap();
        Key { file: Identity::new(&metadata, file.path()), index: 0 }
    }

    #[test]
    fn one_thread_reads_for_all() {
        let (cache, key) = (BlockCache::new(1 << 20), key());
        let (start, reads) = (Barrier::new(8), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    start.wait();
                    let block = cache.get_or_read(&key, || {
                        reads.fetch_add(1, Ordering::Relaxed);
                        // Time for the others to come.
                        for _ in 0..10_000 {
                            thread::yield_now();
                        }
                        Ok(Bytes::from_static(b"block"))
                    });
                    assert_eq!(block.unwrap(), "block");
                });
            }
        });
        assert_eq!(reads.into_inner(), 1);
    }

    #[test]
    fn failures_are_not_kept() {
        let (cache, key) = (BlockCache::new(1 << 20), key());
        let failed = cache.get_or_read(&key, || Err(io::Error::other("failed").into()));
        assert!(matches!(failed, Err(ReadError::Io(_))));
        assert_eq!(cache.get(&key), None);
        let block = cache.get_or_read(&key, || Ok(Bytes::from_static(b"block")));
        assert_eq!(block.unwrap(), "block");
        assert_eq!(cache.get(&key).unwrap(), "block");
    }
}
