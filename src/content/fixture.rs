//! One fixture, opened.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::block::{Block, ReadError};
use super::coding::Coding;
use super::disk::OpenFile;
use super::generated::Layout;
use super::identity::etag_of_bytes;
use super::media_type::media_type;

/// The bytes that are served under a path, with their length, validators and media type. Cheap to
/// clone.
#[derive(Clone, Debug)]
pub(crate) struct Fixture {
    source: Source,
    len: u64,
    etag: Arc<str>,
    /// What it says for its entity tag, if that is another one.
    said_etag: Option<Arc<str>>,
    modified: Option<SystemTime>,
    media_type: Cow<'static, str>,
    coding: Option<Coding>,
    /// What the bytes are combined with; 0 in the first revision.
    mask: u8,
}

/// Where the bytes are.
#[derive(Clone, Debug)]
enum Source {
    File(Arc<OpenFile>),
    Generated(Arc<Layout>),
    Memory(Bytes),
}

impl Fixture {
    /// Bytes in memory; `name` tells their media type. They have no time of modification, so that
    /// every run gives the same reply.
    pub(crate) fn from_bytes(name: &str, bytes: Bytes) -> Self {
        Self {
            len: bytes.len() as u64,
            etag: etag_of_bytes(&bytes).into(),
            said_etag: None,
            modified: None,
            media_type: media_type(name),
            coding: None,
            source: Source::Memory(bytes),
            mask: 0,
        }
    }

    pub(super) fn from_file(name: &str, file: Arc<OpenFile>) -> Self {
        Self {
            len: file.identity().len(),
            etag: file.identity().etag().into(),
            said_etag: None,
            modified: file.modified(),
            media_type: media_type(name),
            coding: None,
            source: Source::File(file),
            mask: 0,
        }
    }

    /// Bytes that are computed from a layout; `tag` is what tells it from others. They have no time of modification,
    /// either.
    pub(super) fn from_layout(name: &str, layout: Layout, tag: &[u8]) -> Self {
        Self {
            len: layout.len(),
            etag: etag_of_bytes(tag).into(),
            said_etag: None,
            modified: None,
            media_type: media_type(name),
            coding: None,
            source: Source::Generated(Arc::new(layout)),
            mask: 0,
        }
    }

    /// The same bytes as what they are: another fixture in this coding. The representations of one resource have
    /// different tags, also where their bytes are the same (RFC 9110 §8.8.3.3).
    pub(super) fn encoded_from(self, other: &Self, coding: Coding) -> Self {
        let media_type = other.media_type.clone();
        Self { media_type, coding: Some(coding), ..self.tagged(coding.name()) }
    }

    /// The same in the gzip coding, so many times over: these bytes.
    pub(super) fn gzipped(&self, bytes: Bytes, times: u32) -> Self {
        Self {
            len: bytes.len() as u64,
            coding: Some(Coding::Gzip),
            source: Source::Memory(bytes),
            mask: 0,
            ..self.clone().tagged(&format!("gzip{times}"))
        }
    }

    /// The same, with its bytes from memory.
    #[cfg(target_os = "linux")]
    pub(super) fn with_bytes(self, bytes: Bytes) -> Self {
        Self { source: Source::Memory(bytes), ..self }
    }

    /// The file that it is read from.
    #[cfg(target_os = "linux")]
    pub(super) fn file(&self) -> Option<&OpenFile> {
        match &self.source {
            Source::File(file) => Some(file),
            Source::Generated(_) | Source::Memory(_) => None,
        }
    }

    /// Another revision of it, as if it had been replaced: the same length, other bytes, another entity
    /// tag, and a time of modification that is later by a second for each revision. Revision 1 is the
    /// fixture itself.
    pub(crate) fn revision(self, revision: u32) -> Self {
        let Some(later) = revision.checked_sub(1).filter(|later| *later > 0) else { return self };
        Self {
            modified: self.modified.and_then(|modified| modified.checked_add(Duration::from_secs(later.into()))),
            // Never 0, so that every byte is another one.
            mask: (later % 255) as u8 + 1,
            ..self.tagged(&format!("r{revision}"))
        }
    }

    /// The same with something behind its entity tag that tells it from this one.
    fn tagged(self, what: &str) -> Self {
        let with = |tag: &str| -> Arc<str> { format!("{}-{what}\"", tag.strip_suffix('"').unwrap_or(tag)).into() };
        Self { etag: with(&self.etag), said_etag: self.said_etag.as_deref().map(with), ..self }
    }

    /// The same in the place of another one: with its media type, which is told by its name.
    pub(crate) fn in_place_of(self, other: &Self) -> Self {
        Self { media_type: other.media_type.clone(), ..self }
    }

    /// The same, said to have the entity tag of another one.
    pub(crate) fn with_etag_of(self, other: &Self) -> Self {
        Self { said_etag: Some(other.said_etag.clone().unwrap_or_else(|| other.etag.clone())), ..self }
    }

    /// The same, said to be modified when another one was.
    pub(crate) fn with_last_modified_of(self, other: &Self) -> Self {
        Self { modified: other.modified, ..self }
    }

    /// The same fixture, modified at another time.
    #[cfg(any(test, feature = "verify"))]
    pub(crate) fn modified_at(self, modified: SystemTime) -> Self {
        Self { modified: Some(modified), ..self }
    }

    /// Its length in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Its strong entity tag, with the quotes (RFC 9110 §8.8.3), or what it says for it.
    pub(crate) fn etag(&self) -> &str {
        self.said_etag.as_deref().unwrap_or(&self.etag)
    }

    /// What tells its bytes from all others: its entity tag, whatever it says.
    pub(crate) fn version(&self) -> &str {
        &self.etag
    }

    /// When it was last modified, if that is known. Never in the future.
    pub(crate) fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// Its media type, as it stands in `Content-Type`.
    pub(crate) fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The content coding that its bytes are in.
    pub(crate) fn coding(&self) -> Option<Coding> {
        self.coding
    }

    /// Its bytes from `offset` on: to the end of a block or to `end`, whichever comes first. Empty
    /// from the end on, and never empty before.
    ///
    /// # Panics
    ///
    /// If a file has to be read and there is no runtime.
    pub(crate) fn block(&self, offset: u64, end: u64) -> Block {
        let block = match &self.source {
            Source::File(file) => file.block(offset, end),
            // An archive stays one: its checksums are those of the masked bytes.
            Source::Generated(layout) => return Block::Ready(layout.bytes(offset, end, self.mask)),
            Source::Memory(bytes) => Block::slice(bytes, offset, end),
        };
        if self.mask == 0 { block } else { block.masked(self.mask) }
    }

    /// All of its bytes: ask for its length before.
    pub(super) async fn read(&self) -> Result<Vec<u8>, ReadError> {
        let mut bytes = Vec::with_capacity(self.len() as usize);
        while (bytes.len() as u64) < self.len() {
            bytes.extend_from_slice(&self.block(bytes.len() as u64, self.len()).load().await?);
        }
        Ok(bytes)
    }
}
