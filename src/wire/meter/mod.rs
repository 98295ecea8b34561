//! Reads what goes out, so that the journal can say what was on the wire rather than what was meant to be.

mod reply;

use std::collections::VecDeque;

pub(super) use self::reply::Reply;

/// A response head larger than this is none of ours.
const MAX_HEAD: usize = 64 * 1024;

/// Splits the bytes that are written to one connection into responses, and counts their body bytes.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// Bytes that were written so far.
    written: u64,
    state: State,
    /// Responses that are expected, in order: whether each has no body whatever its head says (RFC 9112 §6.3 item 1).
    expected: VecDeque<Expected>,
    /// What was written of the responses that were expected, in order, the unsettled ones only.
    replies: VecDeque<Reply>,
    /// The status of a response that nobody expected: hyper's own 400, 414 or 431.
    unexpected: Option<u16>,
}

#[derive(Clone, Copy, Debug)]
struct Expected {
    bodyless: bool,
}

#[derive(Debug)]
enum State {
    Head(Vec<u8>),
    /// A body of which this much is left.
    Length(u64),
    /// A chunk's size line.
    ChunkSize(Vec<u8>),
    /// A chunk's data, of which this much is left, and the line's end behind it.
    Chunk(u64),
    /// The trailer section behind the last chunk, as far as its current line goes.
    Trailer(Vec<u8>),
    /// A body that ends with the connection.
    Close,
    /// A message that is written raw: what of it is the body is told.
    Raw,
}

impl Default for State {
    fn default() -> Self {
        Self::Head(Vec::new())
    }
}

impl Meter {
    /// Bytes that were written so far.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    pub(super) fn unexpected(&self) -> Option<u16> {
        self.unexpected
    }

    /// Announces the response to the next request; `bodyless` for HEAD.
    pub(super) fn expect(&mut self, bodyless: bool) {
        self.expected.push_back(Expected { bodyless });
        self.replies.push_back(Reply::default());
    }

    /// Whether a response is expected or has begun, and is not whole.
    pub(super) fn is_replying(&self) -> bool {
        !self.expected.is_empty() || !matches!(&self.state, State::Head(head) if head.is_empty())
    }

    /// The oldest unsettled response.
    pub(super) fn front(&self) -> Option<&Reply> {
        self.replies.front()
    }

    /// Forgets the oldest unsettled response.
    pub(super) fn pop(&mut self) -> Option<Reply> {
        // A response that never began must not be waited for either.
        if self.replies.len() == self.expected.len() {
            self.expected.pop_front();
        }
        self.replies.pop_front()
    }

    /// Ends a body that ends with the connection.
    pub(super) fn close(&mut self) {
        if matches!(self.state, State::Close) {
            self.end_message();
        }
    }

    /// Begins the next response that is expected, which is written raw.
    pub(super) fn begin_raw(&mut self) {
        if self.expected.pop_front().is_none() {
            self.unexpected = Some(0);
        }
        self.state = State::Raw;
    }

    /// The head of a response that is written raw is complete; the status that it tells.
    pub(super) fn tells(&mut self, status: Option<u16>) {
        if self.unexpected.is_some() {
            self.unexpected = status.or(Some(0));
        } else if let Some(reply) = self.current() {
            reply.status = status;
        }
    }

    /// Takes in how much was written, and whether it is a part of the body.
    pub(super) fn feed_raw(&mut self, len: u64, is_body: bool) {
        if is_body {
            self.body(len);
        }
        let is_over = !matches!(self.state, State::Raw);
        if let Some(reply) = self.current() {
            reply.has_begun = true;
            reply.beyond += if is_over { len } else { 0 };
        }
        self.written += len;
    }

    /// Ends a response that was written raw.
    pub(super) fn end_raw(&mut self) {
        if matches!(self.state, State::Raw) {
            self.end_message();
        }
    }

    /// Takes in what was written.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let used = self.step(bytes);
            self.written += used as u64;
            bytes = &bytes[used..];
            // Only now: the end of a message is behind its last byte.
            self.finish_step();
        }
    }

    /// Takes in at least one byte.
    fn step(&mut self, bytes: &[u8]) -> usize {
        match &mut self.state {
            State::Head(head) => fill_until(head, bytes, b"\r\n\r\n"),
            State::ChunkSize(line) => fill_until(line, bytes, b"\r\n"),
            State::Trailer(line) => fill_until(line, bytes, b"\r\n"),
            State::Length(left) => {
                let used = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= used as u64;
                self.body(used as u64);
                used
            }
            State::Chunk(left) => {
                let used = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                // The last two of them are the line's end.
                let data = (used as u64).min(left.saturating_sub(2));
                *left -= used as u64;
                self.body(data);
                used
            }
            State::Close => {
                self.body(bytes.len() as u64);
                bytes.len()
            }
            State::Raw => bytes.len(),
        }
    }

    fn finish_step(&mut self) {
        match &mut self.state {
            State::Head(head) if head.ends_with(b"\r\n\r\n") || head.len() > MAX_HEAD => {
                let head = std::mem::take(head);
                self.end_head(&head);
            }
            State::Length(0) => self.end_message(),
            State::ChunkSize(line) if line.ends_with(b"\r\n") => {
                let size = std::str::from_utf8(&line[..line.len() - 2])
                    .ok()
                    .and_then(|digits| u64::from_str_radix(digits, 16).ok())
                    .unwrap_or(0);
                self.state = if size == 0 { State::Trailer(Vec::new()) } else { State::Chunk(size + 2) };
            }
            State::Chunk(0) => self.state = State::ChunkSize(Vec::new()),
            State::Trailer(line) if line == b"\r\n" => self.end_message(),
            State::Trailer(line) if line.ends_with(b"\r\n") => line.clear(),
            _ => {}
        }
    }

    fn end_head(&mut self, bytes: &[u8]) {
        let mut headers = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut headers);
        let status = match head.parse(bytes) {
            Ok(_) => head.code,
            Err(_) => None,
        };
        if status.is_some_and(|status| status < 200) {
            // An interim response, 100 (Continue): the final one is still to come (RFC 9110 §15.2).
            return;
        }
        let Some(expected) = self.expected.pop_front() else {
            self.unexpected = status.or(Some(0));
            self.state = State::Close;
            return;
        };
        let header = |name: &str| {
            head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value)
        };
        let length = header("content-length")
            .and_then(|value| std::str::from_utf8(value).ok())
            .and_then(|value| value.parse::<u64>().ok());
        // RFC 9112 §6.3: the order of these arms is the order of its list.
        let state = if expected.bodyless || matches!(status, Some(204 | 304)) {
            State::Length(0)
        } else if header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case(b"chunked")) {
            State::ChunkSize(Vec::new())
        } else if let Some(length) = length {
            State::Length(length)
        } else {
            State::Close
        };
        if let Some(reply) = self.current() {
            (reply.status, reply.has_begun) = (status, true);
        }
        let empty = matches!(state, State::Length(0));
        self.state = state;
        if empty {
            self.end_message();
        }
    }

    fn end_message(&mut self) {
        let written = self.written;
        if let Some(reply) = self.current() {
            reply.end = Some(written);
        }
        self.state = State::default();
    }

    /// The response that is being written: the first whose head was not only announced but has gone out.
    fn current(&mut self) -> Option<&mut Reply> {
        let begun = self.replies.len() - self.expected.len();
        begun.checked_sub(1).and_then(|index| self.replies.get_mut(index))
    }

    fn body(&mut self, len: u64) {
        let at = self.written;
        if len > 0
            && self.unexpected.is_none()
            && let Some(reply) = self.current()
        {
            reply.body_sent += len;
            reply.extend(at, len);
        }
    }
}

/// Appends to `buffer` until it ends with `end` or is larger than any head; returns how many bytes that took.
fn fill_until(buffer: &mut Vec<u8>, bytes: &[u8], end: &[u8]) -> usize {
    // The end may lie across two writes.
    let from = buffer.len().saturating_sub(end.len() - 1);
    let before = buffer.len();
    let take = bytes.len().min(MAX_HEAD + 1);
    buffer.extend_from_slice(&bytes[..take]);
    match buffer[from..].windows(end.len()).position(|window| window == end) {
        Some(position) => {
            buffer.truncate(from + position + end.len());
            buffer.len() - before
        }
        None => take,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Feeds `stream` in pieces of `piece` bytes; returns the replies.
    fn replies(stream: &[u8], piece: usize, bodyless: &[bool]) -> (Meter, Vec<Reply>) {
        let mut meter = Meter::default();
        for bodyless in bodyless {
            meter.expect(*bodyless);
        }
        for bytes in stream.chunks(piece) {
            meter.feed(bytes);
        }
        let replies = std::iter::from_fn(|| meter.pop()).collect();
        (meter, replies)
    }

    #[track_caller]
    fn check(stream: &[u8], bodyless: &[bool], expected: &[(Option<u16>, u64, Option<u64>)]) {
        for piece in 1..=stream.len() {
            let (meter, replies) = replies(stream, piece, bodyless);
            let got: Vec<_> = replies.iter().map(|reply| (reply.status, reply.body_sent, reply.end)).collect();
            assert_eq!(got, expected, "in pieces of {piece}");
            assert_eq!(meter.written(), stream.len() as u64);
        }
    }

    #[test]
    fn declared_lengths_and_pipelining() {
        let stream = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabcdeHTTP/1.1 206 P\r\nContent-Length: 2\r\n\r\nf";
        check(stream, &[false, false], &[(Some(200), 5, Some(43)), (Some(206), 1, None)]);
    }

    #[test]
    fn chunks() {
        let stream = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n";
        check(stream, &[false], &[(Some(200), 13, Some(stream.len() as u64))]);
        check(&stream[..stream.len() - 2], &[false], &[(Some(200), 13, None)]);
    }

    #[test]
    fn replies_without_a_body() {
        let head = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n";
        check(head, &[true], &[(Some(200), 0, Some(head.len() as u64))]);
        let not_modified = b"HTTP/1.1 304 Not Modified\r\n\r\n";
        check(not_modified, &[false], &[(Some(304), 0, Some(not_modified.len() as u64))]);
    }

    #[test]
    fn an_interim_response_is_not_the_answer() {
        let stream = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx";
        check(stream, &[false], &[(Some(200), 1, Some(stream.len() as u64))]);
    }

    #[test]
    fn a_body_that_ends_with_the_connection() {
        let mut meter = Meter::default();
        meter.expect(false);
        meter.feed(b"HTTP/1.1 200 OK\r\n\r\nabc");
        assert_eq!(meter.front().and_then(|reply| reply.end), None);
        meter.close();
        let reply = meter.pop().unwrap();
        assert_eq!((reply.body_sent, reply.end), (3, Some(22)));
    }

    #[test]
    fn what_nobody_asked_for_is_no_reply() {
        let (meter, replies) = replies(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", 7, &[]);
        assert_eq!(meter.unexpected(), Some(400));
        assert!(replies.is_empty());
    }

    #[test]
    fn equal_chunks_take_no_memory_each() {
        let mut stream = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
        for _ in 0..1_000 {
            stream.extend_from_slice(b"4\r\nabcd\r\n");
        }
        for piece in [1, 3, 9, 100] {
            let (_, replies) = replies(&stream, piece, &[false]);
            assert_eq!(replies[0].body_sent, 4_000);
            assert!(replies[0].runs.len() <= 3, "{} runs in pieces of {piece}", replies[0].runs.len());
        }
    }

    proptest! {
        /// What is acknowledged is counted as by a model that marks each byte of the stream.
        #[test]
        fn acknowledged_bytes(chunks in prop::collection::vec(1_usize..40, 0..20), piece in 1_usize..64) {
            let mut stream = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
            let mut is_body = vec![false; stream.len()];
            for len in chunks {
                for (bytes, body) in [(format!("{len:x}\r\n"), false), ("x".repeat(len), true), ("\r\n".to_owned(), false)] {
                    is_body.extend(std::iter::repeat_n(body, bytes.len()));
                    stream.extend_from_slice(bytes.as_bytes());
                }
            }
            let (_, replies) = replies(&stream, piece, &[false]);
            for acked in 0..=stream.len() {
                let expected = is_body[..acked].iter().filter(|body| **body).count() as u64;
                prop_assert_eq!(replies[0].body_acked(acked as u64), expected, "of {} bytes", acked);
            }
        }
    }
}
