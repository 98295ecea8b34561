//! The io that hyper gets: the socket, with the control block listening.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::conn::{ClientEnd, Conn};

/// The io that hyper gets.
///
/// It forwards reads and writes and tells the control block of them. While the connection is held it reads nothing
/// and does not shut down, and a flush (hyper calls it only when its own buffer is empty) means that the hold has
/// taken effect.
#[derive(Debug)]
pub(super) struct Tap {
    conn: Arc<Conn>,
    /// What was read before hyper came, and not made use of.
    unread: Bytes,
}

impl Tap {
    pub(super) fn new(conn: Arc<Conn>, unread: Bytes) -> Self {
        Self { conn, unread }
    }
}

/// The most that is read at once. Request heads are shorter, and what is read into has to be zeroed before: with
/// thousands of connections all of hyper's buffers would be touched, which else are memory in name only.
const READ: usize = 1024;

impl AsyncRead for Tap {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if self.conn.is_held() {
            // The driver, or the body, wakes the task when the hold is over.
            return Poll::Pending;
        }
        if !self.unread.is_empty() {
            let most = buf.remaining().min(self.unread.len());
            buf.put_slice(&self.unread.split_to(most));
            self.conn.read();
            return Poll::Ready(Ok(()));
        }
        loop {
            ready!(self.conn.stream.poll_read_ready(cx))?;
            let most = buf.remaining().min(READ);
            match self.conn.stream.try_read(buf.initialize_unfilled_to(most)) {
                Ok(0) => {
                    self.conn.client_ended(ClientEnd::Fin);
                    return Poll::Ready(Ok(()));
                }
                Ok(n) => {
                    buf.advance(n);
                    self.conn.read();
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => {
                    self.conn.io_failed(&error);
                    return Poll::Ready(Err(error));
                }
            }
        }
    }
}

impl AsyncWrite for Tap {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(cx, &[IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.conn.is_sealed() {
            // hyper may have found another request in its buffer, and have something to say to it.
            return Poll::Pending;
        }
        loop {
            match self.conn.stream.poll_write_ready(cx) {
                Poll::Ready(ready) => ready?,
                Poll::Pending => {
                    self.conn.blocked();
                    return Poll::Pending;
                }
            }
            match self.conn.stream.try_write_vectored(bufs) {
                Ok(written) => {
                    self.conn.wrote(bufs, written);
                    return Poll::Ready(Ok(written));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => {
                    self.conn.io_failed(&error);
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.conn.flushed();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.conn.is_held() {
            return Poll::Pending;
        }
        Poll::Ready(self.conn.send_fin())
    }
}
