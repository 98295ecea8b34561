//! The files that the connections of one server have open.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use cap_std::fs::Dir;

use super::cache::BlockCache;
use super::disk::OpenFile;
use super::error::OpenError;
use super::identity::Identity;

/// The files that are open, one handle each however many connections read them: at thousands of
/// connections the limit of open files is what is left of theirs.
#[derive(Debug)]
pub(super) struct OpenFiles {
    cache: Arc<BlockCache>,
    open: Mutex<HashMap<Identity, Weak<OpenFile>>>,
}

impl OpenFiles {
    /// None yet. At most `cache_size` bytes of them are kept in memory.
    pub(super) fn new(cache_size: u64) -> Self {
        Self { cache: Arc::new(BlockCache::new(cache_size)), open: Mutex::default() }
    }

    /// Opens the regular file at `path` below `dir`. It is looked up every time; only its handle is
    /// shared, with those who have the same version of it open.
    pub(super) fn open(&self, dir: &Dir, path: &Path) -> Result<Arc<OpenFile>, OpenError> {
        OpenFile::open(dir, path, &self.cache).map(|file| self.share(file))
    }

    /// The same, if nothing has to be waited for; `None` says nothing about the file.
    pub(super) fn open_at_once(&self, dir: &Dir, path: &Path) -> Option<Arc<OpenFile>> {
        OpenFile::open_at_once(dir, path, &self.cache).map(|file| self.share(file))
    }

    fn share(&self, file: OpenFile) -> Arc<OpenFile> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shared) = open.get(file.identity()).and_then(Weak::upgrade) {
            return shared;
        }
        // Growing costs a pass over the map anyway.
        if open.len() == open.capacity() {
            open.retain(|_, file| file.strong_count() > 0);
        }
        let file = Arc::new(file);
        open.insert(*file.identity(), Arc::downgrade(&file));
        file
    }

    /// The bytes of a file of one block, if they are in memory.
    #[cfg(target_os = "linux")]
    pub(super) fn only_block(&self, file: &Identity) -> Option<bytes::Bytes> {
        self.cache.get(&super::cache::Key { file: *file, index: 0 })
    }

    #[cfg(test)]
    pub(super) fn cached(&self) -> u64 {
        self.cache.weight()
    }

    /// How many entries there are, of files that are open and of files that were.
    #[cfg(test)]
    pub(super) fn known(&self) -> usize {
        self.open.lock().unwrap().len()
    }
}
