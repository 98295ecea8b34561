//! A reply that hyper will not write, as far as it has gone out.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use super::chunks::Chunks;
use super::conn::Conn;
use super::pieces::{Pieces, Unwritten};
use super::reader::Reader;
use crate::content::ReadError;
use crate::decision::{Pace, SECOND_RESPONSE, TRAILER};
use crate::units::Offset;

/// A reply that is written byte by byte as its plan has it.
#[derive(Debug)]
pub(super) struct Message {
    /// What the plan is called.
    pub(super) plan: Arc<str>,
    /// Whether another request may follow on this connection.
    pub(super) keep: bool,
    begun: bool,
    head: Bytes,
    /// How much of the head has gone out.
    head_sent: usize,
    pace: Option<Pace>,
    /// What the head tells.
    status: Option<u16>,
    reader: Reader,
    /// `None` if its end is made known in another way.
    chunks: Option<Chunks>,
    /// Whether it ends with the connection.
    until_close: bool,
    /// How much of the trailer section has gone out.
    trailer_sent: Option<usize>,
    pieces: Pieces,
    /// How long a client that reads nothing is waited for.
    patience: Option<Duration>,
}

/// Why a message does not go on.
#[derive(Debug)]
pub(super) enum Failed {
    /// The client is gone.
    Gone,
    /// It has read nothing for so long that the break cannot wait any longer.
    Deadline,
    /// There is nothing to send.
    Content(ReadError),
}

impl From<Unwritten> for Failed {
    fn from(unwritten: Unwritten) -> Self {
        match unwritten {
            Unwritten::Gone => Self::Gone,
            Unwritten::Deadline => Self::Deadline,
        }
    }
}

/// The size of the last chunk.
const LAST_SIZE: &[u8] = b"0";

/// Bytes that belong to nothing.
const EXTRA: &[u8] = &[b'x'; 16 * 1024];

impl Message {
    /// A message with this status, behind which the connection ends.
    pub(super) fn new(head: Bytes, status: u16, reader: Reader) -> Self {
        Self {
            plan: "".into(),
            keep: false,
            begun: false,
            head,
            head_sent: 0,
            pace: None,
            status: Some(status),
            reader,
            chunks: None,
            until_close: false,
            trailer_sent: None,
            pieces: Pieces::default(),
            patience: None,
        }
    }

    /// Another request may follow; what this plan is called.
    pub(super) fn keep(mut self, keep: bool, plan: &str) -> Self {
        (self.keep, self.plan) = (keep, plan.into());
        self
    }

    /// Its head tells no status.
    pub(super) fn without_status(mut self) -> Self {
        self.status = None;
        self
    }

    /// Its head goes out in pieces.
    pub(super) fn paced(mut self, pace: Option<Pace>) -> Self {
        self.pace = pace;
        self
    }

    /// Its body goes out in chunks.
    pub(super) fn chunked(mut self, chunks: Chunks) -> Self {
        self.chunks = Some(chunks);
        self
    }

    /// Its body ends with the connection.
    pub(super) fn until_close(mut self) -> Self {
        self.until_close = true;
        self
    }

    /// A client that reads nothing is not waited for longer than this.
    pub(super) fn has_patience(&mut self, patience: Option<Duration>) {
        self.patience = patience;
    }

    fn begin(&mut self, conn: &Conn) {
        if !std::mem::replace(&mut self.begun, true) {
            conn.begin_raw();
        }
    }

    /// Sends interim responses.
    pub(super) async fn interims(&mut self, conn: &Conn, status: u16, count: u32) -> Result<(), Failed> {
        self.begin(conn);
        let text = Bytes::from(interim(status));
        for _ in 0..count {
            self.pieces.other(text.clone());
            if self.pieces.is_full() {
                self.write(conn).await?;
            }
        }
        self.write(conn).await
    }

    /// Sends the head up to this offset in it; says whether there is one.
    pub(super) async fn head_to(&mut self, conn: &Conn, offset: Offset) -> Result<bool, Failed> {
        let len = self.head.len() as u64;
        match offset.resolve(len).filter(|&at| at <= len) {
            Some(at) => {
                self.send_head(conn, at as usize).await?;
                self.write(conn).await.map(|()| true)
            }
            None => {
                conn.note(format!("the head has {len} bytes"));
                Ok(false)
            }
        }
    }

    /// Sends the rest of the head. Where nothing is to be waited for, it goes out with what follows.
    pub(super) async fn head(&mut self, conn: &Conn) -> Result<(), Failed> {
        self.send_head(conn, self.head.len()).await
    }

    async fn send_head(&mut self, conn: &Conn, upto: usize) -> Result<(), Failed> {
        self.begin(conn);
        while self.head_sent < upto {
            let rest = self.head.slice(self.head_sent..upto);
            let piece = match self.pace {
                None => rest,
                Some(Pace { piece: Some(len), .. }) => {
                    rest.slice(..rest.len().min(usize::try_from(len).unwrap_or(usize::MAX)))
                }
                Some(Pace { piece: None, .. }) => {
                    let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
                    rest.slice(..end)
                }
            };
            self.head_sent += piece.len();
            if self.head_sent < self.head.len() {
                self.pieces.other(piece);
            } else {
                self.pieces.head_end(piece, self.status);
            }
            if let Some(pace) = self.pace {
                self.write(conn).await?;
                if self.head_sent < self.head.len() {
                    tokio::time::sleep(pace.every).await;
                }
            }
        }
        Ok(())
    }

    /// Sends the body up to this offset in it.
    pub(super) async fn body(&mut self, conn: &Conn, upto: u64) -> Result<(), Failed> {
        self.begin(conn);
        let len = self.reader.len();
        while self.reader.position() < upto {
            let mut end = upto;
            if let Some(chunks) = &mut self.chunks {
                if let Some(size) = chunks.begin(self.reader.position(), upto, len) {
                    self.pieces.other(size);
                    self.pieces.other(chunks.behind_size());
                }
                end = end.min(chunks.end());
            }
            // What waits to be written must not wait for a pause, or for a disk.
            let ready = poll_fn(|cx| std::task::Poll::Ready(self.reader.poll_next(cx, end))).await;
            let bytes = match ready {
                std::task::Poll::Ready(bytes) => bytes,
                std::task::Poll::Pending => {
                    self.write(conn).await?;
                    poll_fn(|cx| self.reader.poll_next(cx, end)).await
                }
            };
            self.pieces.body(bytes.map_err(Failed::Content)?);
            if let Some(line) = self.chunks.as_mut().and_then(|chunks| chunks.finish(self.reader.position())) {
                self.pieces.other(line);
            }
            if self.chunks.is_none() || self.pieces.is_full() {
                self.write(conn).await?;
            }
        }
        self.write(conn).await
    }

    /// Sends the last chunk's size line, and the trailer section up to this offset in it; says whether there are chunks.
    pub(super) async fn trailer_to(&mut self, conn: &Conn, upto: u64) -> Result<bool, Failed> {
        if self.chunks.is_none() {
            return Ok(false);
        }
        let upto = usize::try_from(upto).unwrap_or(usize::MAX).min(TRAILER.len());
        if self.trailer_sent.is_none() {
            self.last_size();
        }
        let sent = self.trailer_sent.unwrap_or_default().min(upto);
        self.pieces.other(&TRAILER[sent..upto]);
        self.trailer_sent = Some(upto);
        self.write(conn).await.map(|()| true)
    }

    /// Sends the rest of the body, and its end.
    pub(super) async fn end(&mut self, conn: &Conn) -> Result<(), Failed> {
        self.body(conn, self.reader.len()).await?;
        if self.trailer_sent.is_some() {
            self.trailer_to(conn, TRAILER.len() as u64).await?;
        } else if self.chunks.is_some() {
            self.last_size();
            self.pieces.other(&b"\r\n"[..]);
            self.write(conn).await?;
        }
        conn.end_raw();
        Ok(())
    }

    fn last_size(&mut self) {
        self.pieces.other(LAST_SIZE);
        self.pieces.other(self.chunks.as_ref().map(Chunks::behind_size).unwrap_or_default());
    }

    /// Sends so many bytes that belong to nothing.
    pub(super) async fn extra(&mut self, conn: &Conn, mut count: u64) -> Result<(), Failed> {
        while count > 0 {
            let part = usize::try_from(count).unwrap_or(usize::MAX).min(EXTRA.len());
            self.pieces.other(&EXTRA[..part]);
            count -= part as u64;
            if self.pieces.is_full() {
                self.write(conn).await?;
            }
        }
        self.write(conn).await
    }

    /// Sends a response that nobody asked for.
    pub(super) async fn second_response(&mut self, conn: &Conn) -> Result<(), Failed> {
        self.pieces.other(SECOND_RESPONSE);
        self.write(conn).await
    }

    async fn write(&mut self, conn: &Conn) -> Result<(), Failed> {
        self.pieces.write(conn, self.patience).await?;
        if self.is_whole() {
            conn.end_raw();
        }
        Ok(())
    }

    /// Whether the last byte of the message is among those that were sent; it may be before its end was asked for.
    fn is_whole(&self) -> bool {
        if self.chunks.is_some() {
            return self.trailer_sent == Some(TRAILER.len());
        }
        let is_sent = self.head_sent == self.head.len() && self.reader.position() == self.reader.len();
        is_sent && !self.until_close
    }
}

/// An interim response (RFC 9110 §15.2), with fields as they may have them.
fn interim(status: u16) -> String {
    let reason = http::StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason()).unwrap_or("");
    let link = if status == 103 { "link: </style.css>; rel=preload; as=style\r\n" } else { "" };
    format!("HTTP/1.1 {status} {reason}\r\nflaky-interim: yes\r\n{link}\r\n")
}
