//! Fixtures: the bytes that are served under a path, with their length, validators and media type.
//!
//! - [`Fixtures`] is what one server serves: ordered mounts of directories, single files, bytes
//!   in memory, and bytes that are computed. [`Fixtures::open`] turns the path of a URL into a [`Fixture`],
//!   with what there is of it in content codings. The listing of a directory is a fixture, too.
//! - [`Fixture`] is one of them, opened: its facts are fixed, its bytes come as [`Block`]s.
//!
//! # Confinement
//!
//! A directory is opened once, when it is mounted, and every name is resolved below that handle:
//! neither `..`, nor a symbolic link, nor a race between the two can leave it. Relative links that
//! stay inside work; absolute ones count as leading out, wherever they lead. What is not a regular
//! file is not served, and opening it does not block.
//!
//! Where the kernel can open a file from memory, it is opened right away (`openat2` with `RESOLVE_CACHED`, below
//! the same handle and without following any link); all else is opened on the blocking pool. A small file whose bytes
//! are in memory is not opened again as long as its name leads to the same version of it.
//!
//! # Memory
//!
//! Connections share the handles of files, and the bytes that they send: file blocks of 256 KiB in
//! one bounded cache for each [`Fixtures`], handed out as slices. A block that the system has in memory
//! is read right away (`preadv2` with `RWF_NOWAIT`); any other on the blocking pool, once however many
//! connections wait for it. Files are never mapped: a mapped file that shrinks kills the process.
//!
//! # Files that change
//!
//! A file is looked at after every read. If its length or modification time is no longer what it
//! was when it was opened, the read fails with [`ReadError::Shrank`] or [`ReadError::Changed`], so
//! that no response mixes two versions. A change that leaves both as they were (within one tick of
//! the file system's clock) cannot be seen.

mod at_once;
mod block;
mod cache;
mod coding;
mod disk;
mod error;
mod fixture;
mod fixtures;
mod generated;
mod gzipped;
mod identity;
mod known;
mod listing;
mod media_type;
mod mount;
mod open_files;
mod path;
mod small_cache;
mod template;
#[cfg(test)]
mod tests;

#[cfg(test)]
pub(crate) use self::block::BLOCK_LEN;
pub(crate) use self::block::{Block, Loading, ReadError};
pub(crate) use self::coding::Coding;
pub use self::error::MountError;
pub(crate) use self::error::OpenError;
pub(crate) use self::fixture::Fixture;
pub(crate) use self::fixtures::{Fixtures, Opened};
pub use self::generated::Generated;
pub use self::path::BadPath;
