//! Chunks as their form has them (RFC 9112 §7.1).

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::decision::Form;

/// Where chunks begin and end, and what their size lines say.
#[derive(Debug)]
pub(super) struct Chunks {
    size: Option<u64>,
    /// What stands behind each size: extensions, and the line end.
    behind_size: Bytes,
    bad: Option<u64>,
    /// Where the chunk ends that has begun.
    end: Option<u64>,
}

/// What stands in the place of a size.
const BAD_SIZE: &[u8] = b"ZZZ";

/// What an extension begins with, as far as there is room (RFC 9112 §7.1.1).
const EXTENSION: &[u8] = b";flaky=";

impl Chunks {
    pub(super) fn new(form: &Form) -> Self {
        let room = usize::try_from(form.chunk_extension()).unwrap_or(usize::MAX);
        Self { size: form.chunk_size(), behind_size: behind_size(room), bad: form.bad_chunk(), end: None }
    }

    /// The size of the chunk that begins at `position`, if one begins there. The body has `len` bytes; where chunks
    /// may have any size, this one goes as far as `upto`.
    pub(super) fn begin(&mut self, position: u64, upto: u64, len: u64) -> Option<Bytes> {
        if self.end.is_some() {
            return None;
        }
        let mut end = match self.size {
            Some(size) => (position - position % size).saturating_add(size).min(len),
            None => upto,
        };
        if let Some(bad) = self.bad
            && position < bad
        {
            end = end.min(bad);
        }
        self.end = Some(end);
        Some(match self.bad == Some(position) {
            true => Bytes::from_static(BAD_SIZE),
            false => format!("{:x}", end - position).into(),
        })
    }

    /// What stands behind each size, that of the last chunk included.
    pub(super) fn behind_size(&self) -> Bytes {
        self.behind_size.clone()
    }

    /// Where the chunk ends that has begun.
    pub(super) fn end(&self) -> u64 {
        self.end.unwrap_or_default()
    }

    /// The line end behind a chunk, if it ends at `position`.
    pub(super) fn finish(&mut self, position: u64) -> Option<Bytes> {
        self.end.take_if(|end| *end == position).map(|_| Bytes::from_static(b"\r\n"))
    }
}

fn behind_size(room: usize) -> Bytes {
    let mut behind = BytesMut::with_capacity(room + 2);
    behind.put_slice(&EXTENSION[..EXTENSION.len().min(room)]);
    behind.put_bytes(b'x', room.saturating_sub(EXTENSION.len()));
    behind.put_slice(b"\r\n");
    behind.freeze()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunks(size: Option<u64>, extension: usize, bad: Option<u64>) -> Chunks {
        Chunks { size, behind_size: behind_size(extension), bad, end: None }
    }

    /// The size lines of a body of `len` bytes, and where their chunks end.
    fn lines(mut chunks: Chunks, len: u64) -> Vec<(String, u64)> {
        let mut lines = Vec::new();
        let mut position = 0;
        while position < len {
            let line = [chunks.begin(position, len, len).unwrap(), chunks.behind_size()].concat();
            assert_eq!(chunks.begin(position, len, len), None);
            position = chunks.end();
            lines.push((line.escape_ascii().to_string(), position));
            assert_eq!(chunks.finish(position).as_deref(), Some(&b"\r\n"[..]));
        }
        lines
    }

    #[test]
    fn chunks_have_their_size_but_for_the_last() {
        let line = |text: &str, end| (text.to_owned(), end);
        assert_eq!(lines(chunks(None, 0, None), 1000), [line("3e8\\r\\n", 1000)]);
        assert_eq!(lines(chunks(Some(600), 0, None), 1000), [line("258\\r\\n", 600), line("190\\r\\n", 1000)]);
        assert_eq!(lines(chunks(Some(1000), 3, None), 1000), [line("3e8;fl\\r\\n", 1000)]);
        assert_eq!(lines(chunks(None, 9, None), 1), [line("1;flaky=xx\\r\\n", 1)]);
        assert_eq!(
            lines(chunks(Some(600), 0, Some(700)), 1000),
            [line("258\\r\\n", 600), line("64\\r\\n", 700), line("ZZZ\\r\\n", 1000)]
        );
    }

    #[test]
    fn a_chunk_that_is_cut_has_told_its_whole_size() {
        let mut chunks = chunks(Some(600), 0, None);
        assert_eq!(chunks.begin(0, 300, 1000).as_deref(), Some(&b"258"[..]));
        assert_eq!((chunks.end(), chunks.finish(300)), (600, None));
        assert_eq!(chunks.begin(300, 1000, 1000), None);
    }
}
