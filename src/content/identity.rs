//! Which version of which file, and the entity tags made from it.

use std::fs::Metadata;
use std::hash::Hasher;
use std::path::Path;

use siphasher::sip128::{Hasher128, SipHasher13};

/// The keys of every hash here. Fixed for ever, so that the same bytes have the same tag in every
/// run.
const HASH_KEYS: (u64, u64) = (0x666c_616b_792d_7365, 0x7276_6572_2d74_6167);

/// One version of one file, as far as the file system tells.
///
/// The time of the last status change is part of it, because a rewrite that restores length and
/// modification time moves it. Tags may thus differ where the bytes do not, which a strong
/// validator is free to do (RFC 9110 §8.8.1).
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct Identity {
    device: u64,
    inode: u64,
    len: u64,
    modified: i128,
    changed: i128,
}

impl Identity {
    /// The identity of an open file, found under `path`.
    #[cfg(unix)]
    pub(super) fn new(metadata: &Metadata, _path: &Path) -> Self {
        use std::os::unix::fs::MetadataExt;

        let nanos = |seconds: i64, nanos: i64| i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        Self {
            device: metadata.dev(),
            inode: metadata.ino(),
            len: metadata.len(),
            modified: nanos(metadata.mtime(), metadata.mtime_nsec()),
            changed: nanos(metadata.ctime(), metadata.ctime_nsec()),
        }
    }

    /// The identity of an open file, found under `path`. The standard library does not tell volume
    /// and file index here: path and time of creation stand in for them.
    #[cfg(windows)]
    pub(super) fn new(metadata: &Metadata, path: &Path) -> Self {
        use std::os::windows::fs::MetadataExt;

        let path = hash(&[path.as_os_str().as_encoded_bytes()]);
        Self {
            device: (path >> 64) as u64,
            inode: path as u64,
            len: metadata.file_size(),
            modified: i128::from(metadata.last_write_time()),
            changed: i128::from(metadata.creation_time()),
        }
    }

    /// Whether this is what a look at a name found.
    #[cfg(target_os = "linux")]
    pub(super) fn is_of(&self, stat: &rustix::fs::Stat) -> bool {
        // Its fields are not as wide on every machine.
        let file = [i128::from(stat.st_dev), i128::from(stat.st_ino), i128::from(stat.st_size)];
        let modified = i128::from(stat.st_mtime) * 1_000_000_000 + i128::from(stat.st_mtime_nsec);
        let changed = i128::from(stat.st_ctime) * 1_000_000_000 + i128::from(stat.st_ctime_nsec);
        rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file()
            && file == [self.device, self.inode, self.len].map(i128::from)
            && (self.modified, self.changed) == (modified, changed)
    }

    /// The length of the file.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Whether the open file still has the bytes that it had. The time of the last status change
    /// does not count: removing or replacing the name of an open file moves it.
    pub(super) fn has_bytes_of(&self, opened: &Self) -> bool {
        self.len == opened.len && self.modified == opened.modified
    }

    /// The strong entity tag of this version.
    pub(super) fn etag(&self) -> String {
        etag(hash(&[
            &self.device.to_le_bytes(),
            &self.inode.to_le_bytes(),
            &self.len.to_le_bytes(),
            &self.modified.to_le_bytes(),
            &self.changed.to_le_bytes(),
        ]))
    }
}

/// The strong entity tag of bytes in memory: the same for the same bytes, in every run.
pub(super) fn etag_of_bytes(bytes: &[u8]) -> String {
    etag(hash(&[bytes]))
}

fn etag(hash: u128) -> String {
    format!("\"{hash:032x}\"")
}

fn hash(parts: &[&[u8]]) -> u128 {
    let mut hasher = SipHasher13::new_with_keys(HASH_KEYS.0, HASH_KEYS.1);
    for part in parts {
        hasher.write(part);
    }
    hasher.finish128().as_u128()
}
