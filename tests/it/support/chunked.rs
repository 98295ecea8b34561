//! A strict decoder of chunked bodies (RFC 9112 §7.1): no extensions, no trailers, no leading zeros.

/// What comes next.
#[derive(Debug)]
enum Next {
    Size(Vec<u8>),
    /// Data of which this much is left.
    Data(u64),
    /// The line's end behind data; the flag is whether the data was that of the last chunk.
    LineEnd {
        seen: usize,
        last: bool,
    },
    Nothing,
}

#[derive(Debug)]
pub(crate) struct Chunked(Next);

impl Chunked {
    pub(crate) fn new() -> Self {
        Self(Next::Size(Vec::new()))
    }

    /// Whether the last chunk was seen to its end.
    pub(crate) fn is_over(&self) -> bool {
        matches!(self.0, Next::Nothing)
    }

    /// Decodes from the front of `bytes` up to the end of one piece; returns how many were used.
    #[track_caller]
    pub(crate) fn decode(&mut self, bytes: &[u8], mut sink: impl FnMut(&[u8])) -> usize {
        match &mut self.0 {
            Next::Size(line) => {
                line.push(bytes[0]);
                assert!(line.len() <= 18, "a chunk size without an end: {}", line.escape_ascii());
                if bytes[0] == b'\n' {
                    let size = size(line);
                    self.0 = match size {
                        0 => Next::LineEnd { seen: 0, last: true },
                        size => Next::Data(size),
                    };
                }
                1
            }
            Next::Data(left) => {
                let used = bytes.len().min(usize::try_from(*left).unwrap());
                sink(&bytes[..used]);
                *left -= used as u64;
                if *left == 0 {
                    self.0 = Next::LineEnd { seen: 0, last: false };
                }
                used
            }
            Next::LineEnd { seen, last } => {
                assert_eq!(bytes[0], b"\r\n"[*seen], "the line's end behind a chunk");
                *seen += 1;
                if *seen == 2 {
                    self.0 = if *last { Next::Nothing } else { Next::Size(Vec::new()) };
                }
                1
            }
            Next::Nothing => 0,
        }
    }
}

#[track_caller]
fn size(line: &[u8]) -> u64 {
    let digits = line.strip_suffix(b"\r\n").expect("a chunk size ends with CRLF");
    let valid = digits.iter().all(u8::is_ascii_hexdigit) && (digits == b"0" || !digits.starts_with(b"0"));
    assert!(valid && !digits.is_empty(), "a chunk size: {}", digits.escape_ascii());
    u64::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap()
}

#[cfg(test)]
mod tests {
    use super::Chunked;

    #[test]
    fn pieces_and_end() {
        let bytes = b"3\r\nabc\r\n1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\nrest";
        for step in 1..bytes.len() {
            let (mut chunked, mut decoded, mut used) = (Chunked::new(), Vec::new(), 0);
            while !chunked.is_over() {
                let end = bytes.len().min(used + step);
                used += chunked.decode(&bytes[used..end], |piece| decoded.extend_from_slice(piece));
            }
            assert_eq!(decoded, b"abcabcdefghijklmnopqrstuvwxyz");
            assert_eq!(&bytes[used..], b"rest");
        }
    }
}
