//! What is to be written raw: bytes of the body, and bytes that are about it.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};

use super::conn::Conn;

/// What is to be written raw, in order: the meter is told which of it is the body.
#[derive(Debug, Default)]
pub(super) struct Pieces {
    segments: VecDeque<Bytes>,
    /// What comes behind them: a small piece is copied rather than handed over on its own.
    small: BytesMut,
    runs: VecDeque<Run>,
    len: usize,
}

/// So many bytes of one kind.
#[derive(Debug)]
struct Run {
    len: usize,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Body,
    /// The end of a head, which tells this status.
    HeadEnd(Option<u16>),
    Other,
}

/// Pieces that are smaller are copied.
const SMALL: usize = 1024;

/// How many segments are handed to the kernel at once.
const AT_ONCE: usize = 64;

/// How many bytes wait to be written at most, and one piece more.
const MOST: usize = 256 * 1024;

/// Why something could not be written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unwritten {
    /// The client is gone.
    Gone,
    /// It has read nothing for so long.
    Deadline,
}

impl Pieces {
    /// Bytes of the body.
    pub(super) fn body(&mut self, bytes: Bytes) {
        self.push(bytes, Kind::Body);
    }

    /// The end of a head, and the status that it tells.
    pub(super) fn head_end(&mut self, bytes: Bytes, status: Option<u16>) {
        self.push(bytes, Kind::HeadEnd(status));
    }

    /// Bytes that are no part of the body: a head, a chunk's size.
    pub(super) fn other(&mut self, bytes: impl Into<Bytes>) {
        self.push(bytes.into(), Kind::Other);
    }

    fn push(&mut self, bytes: Bytes, kind: Kind) {
        if bytes.is_empty() {
            return;
        }
        self.len += bytes.len();
        match self.runs.back_mut() {
            Some(run) if run.kind == kind => run.len += bytes.len(),
            _ => self.runs.push_back(Run { len: bytes.len(), kind }),
        }
        if bytes.len() < SMALL {
            self.small.extend_from_slice(&bytes);
        } else {
            self.segments.extend([self.small.split().freeze(), bytes]);
        }
    }

    /// Whether there is so much of it that it had better be written.
    pub(super) fn is_full(&self) -> bool {
        self.len >= MOST || self.segments.len() >= AT_ONCE
    }

    /// Writes all of it. A client that reads nothing for so long is not waited for.
    pub(super) async fn write(&mut self, conn: &Conn, patience: Option<Duration>) -> Result<(), Unwritten> {
        self.segments.push_back(self.small.split().freeze());
        self.segments.retain(|segment| !segment.is_empty());
        while !self.segments.is_empty() {
            // A client that reads as fast as this writes must not keep the thread to itself.
            tokio::task::coop::consume_budget().await;
            let writable = match patience {
                None => conn.stream.writable().await,
                Some(patience) => {
                    tokio::time::timeout(patience, conn.stream.writable()).await.map_err(|_| Unwritten::Deadline)?
                }
            };
            let written = writable.and_then(|()| {
                let mut slices = [IoSlice::new(&[]); AT_ONCE];
                let count = self.segments.len().min(AT_ONCE);
                for (slice, segment) in slices.iter_mut().zip(&self.segments) {
                    *slice = IoSlice::new(segment);
                }
                conn.stream.try_write_vectored(&slices[..count])
            });
            match written {
                Ok(written) => self.wrote(conn, written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => {
                    conn.io_failed(&error);
                    return Err(Unwritten::Gone);
                }
            }
        }
        Ok(())
    }

    fn wrote(&mut self, conn: &Conn, written: usize) {
        self.len -= written;
        let mut left = written;
        while left > 0
            && let Some(run) = self.runs.front_mut()
        {
            let part = run.len.min(left);
            conn.wrote_raw(part as u64, run.kind == Kind::Body);
            run.len -= part;
            left -= part;
            if run.len == 0 {
                if let Kind::HeadEnd(status) = run.kind {
                    conn.tells(status);
                }
                self.runs.pop_front();
            }
        }
        let mut left = written;
        while left > 0
            && let Some(segment) = self.segments.front_mut()
        {
            let part = segment.len().min(left);
            segment.advance(part);
            left -= part;
            if segment.is_empty() {
                self.segments.pop_front();
            }
        }
    }
}
