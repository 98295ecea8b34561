//! A reply as far as a client can make it out, whatever comes.

use std::fmt;

/// A reply as far as a client can make it out.
#[derive(Default)]
pub(super) struct Reply {
    /// Bytes that belong to the next thing to be read.
    unread: Vec<u8>,
    /// All bytes that came for it.
    pub(super) received: u64,
    bodyless: bool,
    pub(super) head: Option<Head>,
    next: Next,
    pub(super) body: u64,
}

/// What there is to know from a head in which nothing is wrong.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    pub(super) status: u16,
    /// Whether the connection ends with this reply.
    pub(super) closes: bool,
}

#[derive(Debug, Default)]
enum Next {
    #[default]
    Head,
    Length(u64),
    ChunkSize,
    Chunk(u64),
    /// The line's end behind a chunk.
    ChunkEnd,
    Trailer,
    /// Everything up to the connection's end.
    Close,
    /// Nothing: it is whole.
    Nothing,
    /// Who knows.
    Garbage,
}

/// A head larger than this is none.
const MOST: usize = 64 * 1024;

impl Reply {
    /// The reply to a request; to HEAD without a body.
    pub(super) fn to(method: &str) -> Self {
        Self { bodyless: method == "HEAD", ..Self::default() }
    }

    /// Whether the message has come to its end, and nothing came behind it.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.next, Next::Nothing) && self.unread.is_empty()
    }

    /// Whether the connection can have another request.
    pub(super) fn keeps(&self) -> bool {
        self.is_whole() && self.head.is_some_and(|head| !head.closes)
    }

    /// Whether it can be told what the body is: nothing is wrong, nor does anything come behind it.
    pub(super) fn is_clear(&self) -> bool {
        let over = matches!(self.next, Next::Nothing) && !self.unread.is_empty();
        self.head.is_some() && !matches!(self.next, Next::Garbage) && !over
    }

    /// Whether only the connection's end can tell that it is whole.
    pub(super) fn is_endless(&self) -> bool {
        matches!(self.next, Next::Close)
    }

    /// Takes in the end of the connection, which may be that of the message.
    pub(super) fn end(&mut self) {
        if matches!(self.next, Next::Close) {
            self.next = Next::Nothing;
        }
    }

    pub(super) fn feed(&mut self, bytes: &[u8]) {
        self.received += bytes.len() as u64;
        self.unread.extend_from_slice(bytes);
        while self.step() {}
    }

    /// Reads one thing; `false` if there is none.
    fn step(&mut self) -> bool {
        match self.next {
            Next::Head => match find(&self.unread, b"\r\n\r\n") {
                Some(end) => {
                    let head: Vec<u8> = self.unread.drain(..end).collect();
                    self.read_head(&head);
                }
                None if self.unread.len() > MOST => self.next = Next::Garbage,
                None => return false,
            },
            Next::Length(0) => self.next = Next::Nothing,
            Next::Chunk(0) => self.next = Next::ChunkEnd,
            Next::Length(ref mut left) | Next::Chunk(ref mut left) => {
                let taken = (self.unread.len() as u64).min(*left);
                *left -= taken;
                self.body += taken;
                self.unread.drain(..taken as usize);
                return taken > 0;
            }
            Next::ChunkSize | Next::Trailer => match find(&self.unread, b"\r\n") {
                Some(end) => {
                    let line: Vec<u8> = self.unread.drain(..end).take(end - 2).collect();
                    self.next = match self.next {
                        Next::Trailer if line.is_empty() => Next::Nothing,
                        Next::Trailer if is_field(&line) => Next::Trailer,
                        Next::ChunkSize => chunk(&line),
                        _ => Next::Garbage,
                    };
                }
                None if self.unread.len() > MOST => self.next = Next::Garbage,
                None => return false,
            },
            Next::ChunkEnd => match self.unread.get(..2) {
                Some(b"\r\n") => {
                    self.unread.drain(..2);
                    self.next = Next::ChunkSize;
                }
                Some(_) => self.next = Next::Garbage,
                None => return false,
            },
            Next::Close => {
                self.body += self.unread.len() as u64;
                self.unread.clear();
                return false;
            }
            Next::Garbage => {
                self.unread.clear();
                return false;
            }
            Next::Nothing => return false,
        }
        true
    }

    fn read_head(&mut self, bytes: &[u8]) {
        let Some((head, framing)) = head(bytes) else {
            self.next = Next::Garbage;
            return;
        };
        if head.status < 200 {
            // The final one is still to come.
            return;
        }
        self.head = Some(head);
        self.next = if self.bodyless || matches!(head.status, 204 | 304) { Next::Nothing } else { framing };
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { unread, received, head, next, body, .. } = self;
        write!(f, "{received} bytes, of which {body} of a body, and {} not read: {head:?}, {next:?}", unread.len())
    }
}

/// Where the first such bytes end.
fn find(bytes: &[u8], end: &[u8]) -> Option<usize> {
    bytes.windows(end.len()).position(|window| window == end).map(|at| at + end.len())
}

fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte))
}

fn is_text(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}

fn field(line: &[u8]) -> Option<(String, String)> {
    let colon = line.iter().position(|&byte| byte == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let is_field = is_token(name) && is_text(value);
    is_field.then(|| {
        let value = String::from_utf8_lossy(value.trim_ascii()).into_owned();
        (String::from_utf8_lossy(name).to_ascii_lowercase(), value)
    })
}

fn is_field(line: &[u8]) -> bool {
    field(line).is_some()
}

/// A head in which nothing is wrong (RFC 9112 §4, §5, §6.3), and how the body behind it ends.
fn head(bytes: &[u8]) -> Option<(Head, Next)> {
    let text = bytes.strip_suffix(b"\r\n\r\n")?;
    let mut lines = text.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let status_line = lines.next()?;
    let status = match status_line {
        [b'H', b'T', b'T', b'P', b'/', b'1', b'.', b'0' | b'1', b' ', status @ ..] if is_text(status) => status,
        _ => return None,
    };
    let digits = status.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    if status.get(3) != Some(&b' ') {
        return None;
    }
    let status: u16 = std::str::from_utf8(digits).ok()?.parse().ok().filter(|status| (100..600).contains(status))?;
    // A bare line feed may be a line's end, and may not: whoever sends one is not clear.
    let bare = bytes.iter().enumerate().any(|(at, &byte)| byte == b'\n' && (at == 0 || bytes[at - 1] != b'\r'));
    let fields: Vec<(String, String)> = lines.map(field).collect::<Option<_>>().filter(|_| !bare)?;
    let values = |name| fields.iter().filter(move |(other, _)| other == name).map(|(_, value)| value.as_str());
    let (encodings, lengths): (Vec<_>, Vec<_>) =
        (values("transfer-encoding").collect(), values("content-length").collect());
    let framing = match (&encodings[..], &lengths[..]) {
        ([], []) => Next::Close,
        (["chunked"], []) => Next::ChunkSize,
        ([], [length]) if length.bytes().all(|byte| byte.is_ascii_digit()) => Next::Length(length.parse().ok()?),
        _ => return None,
    };
    let http10 = status_line.starts_with(b"HTTP/1.0");
    let keep_alive = values("connection").any(|value| value.eq_ignore_ascii_case("keep-alive"));
    let close = values("connection").any(|value| value.eq_ignore_ascii_case("close"));
    Some((Head { status, closes: close || (http10 && !keep_alive) }, framing))
}

/// What follows a chunk's size line, which may have an extension (RFC 9112 §7.1.1).
fn chunk(line: &[u8]) -> Next {
    let size = line.split(|&byte| byte == b';').next().unwrap_or_default();
    let hexadecimal = !size.is_empty() && size.len() <= 16 && size.iter().all(u8::is_ascii_hexdigit);
    match std::str::from_utf8(size).ok().and_then(|size| u64::from_str_radix(size, 16).ok()) {
        Some(0) if hexadecimal && is_text(line) => Next::Trailer,
        Some(size) if hexadecimal && is_text(line) => Next::Chunk(size),
        _ => Next::Garbage,
    }
}
