//! The head of a reply, written as its form has it.

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{Version, header};

use super::reply::now;
use crate::decision::{Form, Framing, StartLine};
use crate::respond::Reply;

/// What is said of the end of the body, and of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terms {
    pub(super) version: Version,
    pub(super) framing: Framing,
    /// How long the body is, or would be.
    pub(super) len: u64,
    /// Whether the connection lives on behind the message.
    pub(super) keep: bool,
}

/// What a line has that fills a head up, besides what it is filled with.
const FILLER: &[u8] = b"flaky-filler: ";

/// The head; as an error, if it cannot have the size that its form asks for.
///
/// To HTTP/1.1 a proper one is what hyper writes.
pub(super) fn head(reply: &Reply, form: &Form, terms: Terms) -> Result<Bytes, Bytes> {
    let end: &[u8] = if form.has_bare_lf() { b"\n" } else { b"\r\n" };
    let mut head = BytesMut::with_capacity(512);
    let mut line = |parts: &[&[u8]]| {
        parts.iter().for_each(|part| head.put_slice(part));
        head.put_slice(end);
    };
    // An HTTP/1.0 request is answered in kind, as by hyper.
    let version: &[u8] = match form.start() {
        StartLine::None => return Ok(Bytes::new()),
        StartLine::Http10 => b"HTTP/1.0",
        _ if terms.version < Version::HTTP_11 => b"HTTP/1.0",
        _ => b"HTTP/1.1",
    };
    match form.start() {
        StartLine::Text(text) => line(&[text]),
        _ => {
            let reason = reply.status.canonical_reason().unwrap_or("");
            line(&[version, b" ", reply.status.as_str().as_bytes(), b" ", reason.as_bytes()]);
        }
    }
    // Whether the connection ends is said below, once.
    for (name, value) in reply.headers.iter().filter(|(name, _)| *name != header::CONNECTION) {
        line(&[name.as_str().as_bytes(), b": ", value.as_bytes()]);
    }
    let is_chunked = terms.framing == Framing::Chunked && reply.facts.has_body;
    if is_chunked {
        line(&[b"transfer-encoding: chunked"]);
    }
    if form.lengths().len() > 0 {
        form.lengths().for_each(|length| line(&[b"content-length: ", length.as_bytes()]));
    } else if terms.framing == Framing::Length && reply.has_length() {
        line(&[b"content-length: ", terms.len.to_string().as_bytes()]);
    }
    form.lines().for_each(|text| line(&[text]));
    for i in 1..=form.filler_fields() {
        line(&[b"flaky-filler-", i.to_string().as_bytes(), b": x"]);
    }
    // In an answer of HTTP/1.0 it goes without saying.
    if form.says_close() || (!terms.keep && *form.start() != StartLine::Http10) {
        line(&[b"connection: close"]);
    } else if terms.keep && terms.version < Version::HTTP_11 {
        line(&[b"connection: keep-alive"]);
    }
    if !reply.headers.contains_key(header::DATE) {
        line(&[b"date: ", now().as_bytes()]);
    }
    let Some(size) = form.head_size() else {
        line(&[]);
        return Ok(head.freeze());
    };
    let least = head.len() + FILLER.len() + 2 * end.len();
    let room = usize::try_from(size).ok().and_then(|size| size.checked_sub(least));
    if let Some(room) = room {
        head.reserve(room + least);
        head.put_slice(FILLER);
        head.put_bytes(b'x', room);
        head.put_slice(end);
    }
    head.put_slice(end);
    let head = head.freeze();
    if head.len() as u64 == size { Ok(head) } else { Err(head) }
}
