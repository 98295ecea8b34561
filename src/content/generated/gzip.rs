//! The gzip format (RFC 1952) around a payload that is not compressed, and whose checksum is known.

use crc32fast::Hasher;

use super::Payload;

/// How much of the payload a stored block has, other than the last one (RFC 1951 §3.2.4 allows 65,535 bytes).
pub(super) const STORED: u64 = 32 * 1024;

/// The header of a stored block: a byte with its kind, its length, and the complement of its length.
const BLOCK_HEADER: u64 = 5;

/// The header of the file, as far as it is always there.
const HEADER: u64 = 10;

/// The end of the comment.
const COMMENT: u64 = 1;

/// The checksum and the length of the payload.
const TRAILER: u64 = 8;

/// The most blocks that are computed at once: 64 KiB, which takes a few dozen microseconds.
const AT_ONCE: u64 = 2;

/// What the CRC is behind a sealed block, and before anything.
const SEALED: u32 = !0;
const START: u32 = 0;

/// A payload in the gzip format: stored blocks of one length, and a last one with the rest.
///
/// Each block but the last is *sealed*: its last 4 bytes are not the payload's, but the complement of the CRC of all
/// that comes before them; behind such bytes a CRC is always the same. So the CRC at the start of every block is known
/// without what stands before it, and the one at the end follows from the last block alone. The seals are part of what
/// is unpacked: the payload has noise in their places.
#[derive(Clone, Debug)]
pub(super) struct Gzip {
    header: Vec<u8>,
    payload: Payload,
    /// How many blocks are sealed.
    sealed: u64,
    /// The length of the last block's payload.
    last: u64,
}

/// Whether the header makes up for what a payload cannot fill.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Padding {
    None,
    /// In the comment. There are readers that take no more than 511 bytes there, as Go's, and some that stumble over an
    /// extra field, as Python's tarfile does in a stream.
    Comment,
}

impl Gzip {
    /// Exactly `len` bytes around the payload that is made for the room in it. The last `least` bytes of the room are
    /// in the last block; where there is padding, `payload` may leave up to 511 bytes of the room unused.
    ///
    /// # Errors
    ///
    /// The smallest length, if this is less.
    pub(super) fn new(
        len: u64,
        least: u64,
        padding: Padding,
        payload: impl FnOnce(u64) -> Payload,
    ) -> Result<Self, u64> {
        let fixed = HEADER + if padding == Padding::Comment { COMMENT } else { 0 } + BLOCK_HEADER + TRAILER;
        let Some(free) = len.checked_sub(fixed + least) else { return Err(fixed + least) };
        let sealed = free / (BLOCK_HEADER + STORED);
        let room = least + free - sealed * BLOCK_HEADER;
        let payload = payload(room);
        let header = match padding {
            Padding::None => header(None),
            Padding::Comment => header(Some(room - payload.len())),
        };
        Ok(Self { header, last: payload.len() - sealed * STORED, payload, sealed })
    }

    /// Computes whole blocks, from the one on that `offset` is in, and says where they start. The first block comes
    /// with the header, the last one with the trailer.
    pub(super) fn compute(&self, offset: u64, end: u64, mask: u8) -> (u64, Vec<u8>) {
        let first = self.block_of(offset);
        let behind = (self.block_of(end - 1) + 1).min(first + AT_ONCE);
        let start = self.start(first);
        let mut bytes = Vec::with_capacity((self.start(behind) - start) as usize);
        for block in first..behind {
            self.write(block, mask, &mut bytes);
        }
        (start, bytes)
    }

    fn block_of(&self, offset: u64) -> u64 {
        (offset.saturating_sub(self.header.len() as u64) / (BLOCK_HEADER + STORED)).min(self.sealed)
    }

    /// Where a block starts; for the one behind the last, where the file ends.
    fn start(&self, block: u64) -> u64 {
        match block {
            0 => 0,
            _ if block > self.sealed => self.start_of_last() + BLOCK_HEADER + self.last + TRAILER,
            _ => self.header.len() as u64 + block * (BLOCK_HEADER + STORED),
        }
    }

    fn start_of_last(&self) -> u64 {
        self.header.len() as u64 + self.sealed * (BLOCK_HEADER + STORED)
    }

    fn write(&self, block: u64, mask: u8, bytes: &mut Vec<u8>) {
        if block == 0 {
            bytes.extend_from_slice(&self.header);
        }
        let is_last = block == self.sealed;
        let len = if is_last { self.last } else { STORED };
        bytes.push(is_last.into());
        bytes.extend_from_slice(&(len as u16).to_le_bytes());
        bytes.extend_from_slice(&(!len as u16).to_le_bytes());
        let payload = bytes.len();
        bytes.resize(payload + len as usize, 0);
        let payload = &mut bytes[payload..];
        self.payload.fill(block * STORED, mask, payload);
        let before = if block == 0 { START } else { SEALED };
        if is_last {
            let crc = crc(before, payload);
            bytes.extend_from_slice(&crc.to_le_bytes());
            // Modulo 2^32 (RFC 1952 §2.3.1).
            bytes.extend_from_slice(&(self.payload.len() as u32).to_le_bytes());
        } else {
            seal(before, payload);
        }
    }
}

fn crc(before: u32, bytes: &[u8]) -> u32 {
    let mut hasher = Hasher::new_with_initial(before);
    hasher.update(bytes);
    hasher.finalize()
}

/// Replaces the last 4 bytes, so that the CRC behind them is [`SEALED`].
fn seal(before: u32, block: &mut [u8]) {
    if let Some((rest, seal)) = block.split_last_chunk_mut::<4>() {
        *seal = (!crc(before, rest)).to_le_bytes();
    }
}

/// The header: neither a name nor a time, of no known system; with this many blanks as a comment (RFC 1952 §2.3.1).
fn header(comment: Option<u64>) -> Vec<u8> {
    let flags = if comment.is_some() { 16 } else { 0 };
    let mut header = vec![0x1f, 0x8b, 8, flags, 0, 0, 0, 0, 0, 255];
    if let Some(comment) = comment {
        header.resize(header.len() + comment as usize, b' ');
        header.push(0);
    }
    header
}

#[cfg(test)]
mod tests {
    use super::{SEALED, START, crc, seal};

    #[test]
    fn behind_a_seal_the_crc_is_the_same_whatever_came_before() {
        let mut block: Vec<u8> = (0..=255).collect();
        for before in [START, SEALED, 0x1234_5678] {
            for len in [4, 5, 100, 256] {
                seal(before, &mut block[..len]);
                assert_eq!(crc(before, &block[..len]), SEALED, "{before:x} {len}");
            }
        }
    }
}
