//! How a message is written, where that differs from the proper form.

use std::{sync::Arc, time::Duration};

/// How a message is written, where that differs from how it should be. By default it does not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Form {
    pub(super) start: StartLine,
    pub(super) lengths: Vec<Arc<str>>,
    pub(super) lines: Vec<Arc<[u8]>>,
    pub(super) bare_lf: bool,
    pub(super) says_close: bool,
    pub(super) filler_fields: u32,
    pub(super) head_size: Option<u64>,
    pub(super) head_pace: Option<Pace>,
    pub(super) chunk_size: Option<u64>,
    pub(super) chunk_extension: u64,
    pub(super) bad_chunk: Option<u64>,
}

/// What a message begins with (RFC 9112 §4).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum StartLine {
    /// The status line of HTTP/1.0.
    Http10,
    /// There is no head at all, as in HTTP/0.9.
    None,
    /// The proper status line.
    #[default]
    Proper,
    /// These bytes, and a line end.
    Text(Arc<[u8]>),
}

impl StartLine {
    /// Whether it tells the status.
    pub(crate) fn tells_status(&self) -> bool {
        matches!(self, Self::Proper | Self::Http10)
    }
}

/// How a head is sent in pieces.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Pace {
    /// How many bytes go out at once; `None` is a line.
    pub piece: Option<u64>,
    /// How long it is from one piece to the next.
    pub every: Duration,
}

/// The trailer section of a chunked message that is to be broken off in it (RFC 9112 §7.1.2).
pub(crate) const TRAILER: &[u8] = b"flaky-trailer: of no use\r\n\r\n";

/// What stands behind the end of a message, and belongs to no other.
pub(crate) const SECOND_RESPONSE: &[u8] =
    b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 26\r\n\r\nNobody has asked for this.";

impl Form {
    /// What it begins with.
    pub fn start(&self) -> &StartLine {
        &self.start
    }

    /// The values of its `Content-Length` lines; if there are none, the proper one stands there, or none.
    pub fn lengths(&self) -> impl ExactSizeIterator<Item = &str> {
        self.lengths.iter().map(|length| &**length)
    }

    /// Further lines of the head, without their ends.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.lines.iter().map(|line| &**line)
    }

    /// Whether the lines of the head end with LF alone.
    pub fn has_bare_lf(&self) -> bool {
        self.bare_lf
    }

    /// Whether it says `Connection: close` without meaning it.
    pub fn says_close(&self) -> bool {
        self.says_close
    }

    /// How many further lines the head has that say nothing.
    pub fn filler_fields(&self) -> u32 {
        self.filler_fields
    }

    /// How many bytes the head has.
    pub fn head_size(&self) -> Option<u64> {
        self.head_size
    }

    /// How the head is sent in pieces.
    pub fn head_pace(&self) -> Option<Pace> {
        self.head_pace
    }

    /// How many bytes each chunk has, but for the last one.
    pub fn chunk_size(&self) -> Option<u64> {
        self.chunk_size
    }

    /// How many bytes of extensions each chunk has.
    pub fn chunk_extension(&self) -> u64 {
        self.chunk_extension
    }

    /// The offset in the body of the chunk whose size is not a number.
    pub fn bad_chunk(&self) -> Option<u64> {
        self.bad_chunk
    }

    /// Whether it is what it should be.
    pub(crate) fn is_proper(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_response_is_whole() {
        let text = std::str::from_utf8(SECOND_RESPONSE).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{head}");
    }

    #[test]
    fn by_default_nothing_differs() {
        assert!(Form::default().is_proper());
        assert!(!Form { bare_lf: true, ..Form::default() }.is_proper());
    }
}
