//! What is to be written raw: bytes of the body, and bytes that are about it.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::time::Duration;

use bytes::{Buf as _, Bytes};

use super::conn::Conn;

/// What is to be written raw, in order: the meter is told which of it is the body.
#[derive(Debug, Default)]
pub(super) struct Pieces(VecDeque<Piece>);

#[derive(Debug)]
struct Piece {
    bytes: Bytes,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Body,
    /// The end of a head, which tells this status.
    HeadEnd(Option<u16>),
    Other,
}

/// How many pieces are handed to the kernel at once.
const AT_ONCE: usize = 64;

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
        if !bytes.is_empty() {
            self.0.push_back(Piece { bytes, kind });
        }
    }

    /// Whether there is so much of it that it had better be written.
    pub(super) fn is_full(&self) -> bool {
        self.0.len() >= AT_ONCE
    }

    /// Writes all of it. A client that reads nothing for so long is not waited for.
    pub(super) async fn write(&mut self, conn: &Conn, patience: Option<Duration>) -> Result<(), Unwritten> {
        while !self.0.is_empty() {
            let writable = match patience {
                None => conn.stream.writable().await,
                Some(patience) => {
                    tokio::time::timeout(patience, conn.stream.writable()).await.map_err(|_| Unwritten::Deadline)?
                }
            };
            let written = writable.and_then(|()| {
                let mut slices = [IoSlice::new(&[]); AT_ONCE];
                let count = self.0.len().min(AT_ONCE);
                for (slice, piece) in slices.iter_mut().zip(&self.0) {
                    *slice = IoSlice::new(&piece.bytes);
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

    fn wrote(&mut self, conn: &Conn, mut written: usize) {
        while written > 0
            && let Some(piece) = self.0.front_mut()
        {
            let part = piece.bytes.len().min(written);
            conn.wrote_raw(part as u64, piece.kind == Kind::Body);
            piece.bytes.advance(part);
            written -= part;
            if piece.bytes.is_empty() {
                if let Kind::HeadEnd(status) = piece.kind {
                    conn.tells(status);
                }
                self.0.pop_front();
            }
        }
    }
}
