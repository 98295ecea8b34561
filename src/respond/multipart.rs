//! Several parts of a fixture in one body: `multipart/byteranges` (RFC 9110 §14.6).

use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use http::HeaderValue;

use crate::content::{Block, Fixture};

/// Several parts of a fixture in one body, each behind a head of its own. Cheap to clone.
///
/// The same request for the same fixture has the same bytes, and their number is known before the first is sent.
#[derive(Clone, Debug)]
pub(crate) struct Multipart {
    fixture: Fixture,
    pieces: Arc<[Piece]>,
    len: u64,
}

/// A stretch of the body.
#[derive(Debug, Eq, PartialEq)]
struct Piece {
    /// Where it begins in the body.
    at: u64,
    bytes: Source,
}

#[derive(Debug, Eq, PartialEq)]
enum Source {
    /// A delimiter and a head, or the last delimiter.
    Text(Bytes),
    /// A part of the fixture; never empty.
    Part(Range<u64>),
}

impl Multipart {
    /// These parts, in this order, each of which says this of its range. None of them is empty, and none ends behind the
    /// fixture.
    pub(super) fn new(
        fixture: Fixture,
        parts: &[Range<u64>],
        content_range: impl Fn(&Range<u64>) -> HeaderValue,
    ) -> Self {
        let (boundary, media_type) = (boundary(&fixture), fixture.media_type());
        let mut pieces = Vec::with_capacity(parts.len() * 2 + 1);
        let mut len = 0;
        let mut push = |bytes: Source, piece_len: u64| {
            pieces.push(Piece { at: len, bytes });
            len += piece_len;
        };
        let text = |text: Vec<u8>| {
            let len = text.len() as u64;
            (Source::Text(text.into()), len)
        };
        // A line's end belongs to the delimiter behind it (RFC 2046 §5.1.1): the first one needs none.
        let mut line_end = "";
        for part in parts {
            let before = format!("{line_end}--{boundary}\r\ncontent-type: {media_type}\r\ncontent-range: ");
            let (head, head_len) = text([before.as_bytes(), content_range(part).as_bytes(), b"\r\n\r\n"].concat());
            push(head, head_len);
            push(Source::Part(part.clone()), part.end - part.start);
            line_end = "\r\n";
        }
        let (end, end_len) = text(format!("\r\n--{boundary}--\r\n").into_bytes());
        push(end, end_len);
        Self { fixture, pieces: pieces.into(), len }
    }

    /// The value of `Content-Type` for the reply.
    pub(super) fn media_type(&self) -> String {
        format!("multipart/byteranges; boundary={}", boundary(&self.fixture))
    }

    /// Whether it is the same to the byte, if both are of the same fixture.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.pieces == other.pieces
    }

    /// How many bytes the body has, delimiters and heads of parts included.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The bytes from `offset` in the body on, at most to the end of a piece. Empty from the end on, and never empty
    /// before.
    pub(super) fn block(&self, offset: u64) -> Block {
        // There is a piece at 0.
        let piece = &self.pieces[self.pieces.partition_point(|piece| piece.at <= offset) - 1];
        let inside = offset - piece.at;
        match &piece.bytes {
            Source::Text(text) => Block::slice(text, inside, u64::MAX),
            Source::Part(part) => self.fixture.block(part.start + inside, part.end),
        }
    }
}

/// What separates the parts: made from the entity tag, 128 bits of hash, so that no fixture has it in its bytes by
/// chance, and the same request gets the same reply.
fn boundary(fixture: &Fixture) -> String {
    format!("flaky-{}", fixture.version().trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use bytes::Bytes;
    use proptest::prelude::*;

    use super::{Block, Fixture, Multipart};
    use crate::decision::Answer;
    use crate::respond::request::content_range;

    fn multipart(fixture: Fixture, parts: &[std::ops::Range<u64>]) -> Multipart {
        let total = fixture.len();
        Multipart::new(fixture, parts, |part| content_range(&Answer::default(), Some(part), total))
    }

    fn read(multipart: &Multipart, mut offset: u64) -> Vec<u8> {
        let mut read = Vec::new();
        loop {
            let Block::Ready(bytes) = multipart.block(offset) else { unreachable!("bytes in memory") };
            if bytes.is_empty() {
                return read;
            }
            offset += bytes.len() as u64;
            read.extend_from_slice(&bytes);
        }
    }

    #[test]
    fn the_body_byte_by_byte() {
        let fixture = Fixture::from_bytes("a.txt", Bytes::from_static(b"0123456789"));
        let tag = fixture.etag().trim_matches('"').to_owned();
        let multipart = multipart(fixture, &[0..1, 8..10]);
        assert_eq!(multipart.media_type(), format!("multipart/byteranges; boundary=flaky-{tag}"));
        let expected = format!(
            "--flaky-{tag}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-range: bytes 0-0/10\r\n\r\n0\r\n\
             --flaky-{tag}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-range: bytes 8-9/10\r\n\r\n89\r\n\
             --flaky-{tag}--\r\n"
        );
        assert_eq!(String::from_utf8(read(&multipart, 0)).unwrap(), expected);
        assert_eq!(multipart.len(), expected.len() as u64);
    }

    #[test]
    fn a_boundary_may_stand_without_quotes() {
        let fixture = Fixture::from_bytes("a", Bytes::from_static(b"0")).revision(u32::MAX);
        let boundary = super::boundary(&fixture);
        // RFC 2046 §5.1.1: up to 70 characters; RFC 9110 §5.6.6: a token, or quoted.
        assert!(boundary.len() <= 70 && boundary.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'), "{boundary}");
    }

    /// More than three blocks.
    static LARGE: LazyLock<Fixture> =
        LazyLock::new(|| Fixture::from_bytes("a", (0..900_000_u32).map(|n| (n % 251) as u8).collect()));

    proptest! {
        #[test]
        fn it_is_as_long_as_it_says_and_can_be_read_from_anywhere(
            parts in prop::collection::vec((0_u64..600_000, 1_u64..300_000), 2..6),
            offset in 0_u64..2_000_000,
        ) {
            let parts: Vec<_> = parts.into_iter().map(|(start, len)| start..start + len).collect();
            let multipart = multipart(LARGE.clone(), &parts);
            let whole = read(&multipart, 0);
            prop_assert_eq!(whole.len() as u64, multipart.len());
            let rest = whole.get(offset as usize..).unwrap_or_default();
            prop_assert!(read(&multipart, offset) == rest);
        }
    }
}
