//! The body that hyper sends: it keeps to the plan, and holds where the plan breaks.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use super::conn::Conn;
use super::drain::drained;
use super::hold::Then;
use super::reader::Reader;
use super::takeover::Takeover;
use crate::decision::Step;

/// The body that hyper sends.
///
/// *Hold, drain, break*: it declares its full length, yields the bytes up to the break, and then stays pending. hyper
/// flushes what it has; when its own buffer is empty the [tap](super::tap) knows that head and body are in the kernel,
/// and the driver takes over. Were the body to end or to fail instead, hyper would drop what it has not flushed, and
/// close with a FIN.
pub(crate) struct PlannedBody {
    conn: Arc<Conn>,
    reader: Reader,
    steps: VecDeque<Step>,
    /// Whether the length is declared, as opposed to chunked.
    declared: bool,
    drain_deadline: Duration,
    pause: Pause,
}

/// What the body waits for between two steps.
enum Pause {
    None,
    /// hyper's flush.
    Flush,
    /// Time, or the client's acknowledgement.
    Until(Pin<Box<dyn Future<Output = ()> + Send + Sync>>),
    /// The driver, who takes over: for ever.
    Break,
}

impl PlannedBody {
    /// `steps` begin behind the head.
    pub(super) fn new(
        conn: Arc<Conn>,
        reader: Reader,
        steps: VecDeque<Step>,
        declared: bool,
        drain_deadline: Duration,
    ) -> Self {
        let mut body = Self { conn, reader, steps, declared, drain_deadline, pause: Pause::None };
        // A break right behind the head is armed here: hyper does not poll an empty body.
        body.pass();
        body
    }

    /// Drops the steps that are done; if only the break is left, hands it to the driver.
    ///
    /// This happens while the last bytes before the break are handed to hyper, not at the next poll: once hyper has
    /// the last byte of a declared length, it does not poll again.
    fn pass(&mut self) {
        while let Some(Step::Body(upto)) = self.steps.front() {
            if self.reader.position() < *upto {
                return;
            }
            self.steps.pop_front();
        }
        let breaks = matches!(self.steps.back(), Some(Step::Fin | Step::Rst | Step::Stop));
        // Silence behind the last byte of a declared length is the driver's as well: hyper thinks the message over.
        let over = self.declared && self.reader.position() == self.reader.len();
        let silent = over && self.steps.iter().any(|step| matches!(step, Step::Wait(_)));
        if (breaks || silent) && !self.steps.iter().any(|step| matches!(step, Step::Body(_))) {
            let rest = std::mem::take(&mut self.steps);
            self.take_over(Takeover::rest(rest));
        }
    }

    fn take_over(&mut self, takeover: Takeover) {
        self.conn.hold(Then::TakeOver(Box::new(takeover)));
        self.pause = Pause::Break;
    }

    fn poll_pause(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match &mut self.pause {
            Pause::None => return Poll::Ready(()),
            Pause::Flush if self.conn.is_held() => return Poll::Pending,
            Pause::Flush => {
                let (conn, deadline) = (Arc::clone(&self.conn), self.drain_deadline);
                self.pause = Pause::Until(Box::pin(async move {
                    drained(&conn, Some(deadline)).await;
                }));
                return self.poll_pause(cx);
            }
            Pause::Until(future) => ready!(future.as_mut().poll(cx)),
            Pause::Break => return Poll::Pending,
        }
        self.pause = Pause::None;
        Poll::Ready(())
    }
}

impl Body for PlannedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let this = &mut *self;
        loop {
            ready!(this.poll_pause(cx));
            let upto = match this.steps.front() {
                Some(Step::Body(upto)) => *upto,
                Some(Step::End) => this.reader.len(),
                Some(Step::Drain) => {
                    this.steps.pop_front();
                    this.conn.hold(Then::Resume(cx.waker().clone()));
                    this.pause = Pause::Flush;
                    continue;
                }
                Some(Step::Wait(duration)) => {
                    this.pause = Pause::Until(Box::pin(tokio::time::sleep(*duration)));
                    this.steps.pop_front();
                    continue;
                }
                Some(_) => {
                    this.steps.pop_front();
                    continue;
                }
                None => return Poll::Ready(None),
            };
            if this.reader.position() >= upto {
                this.steps.pop_front();
                this.pass();
                continue;
            }
            return match ready!(this.reader.poll_next(cx, upto)) {
                Ok(bytes) => {
                    this.pass();
                    Poll::Ready(Some(Ok(Frame::data(bytes))))
                }
                Err(error) => {
                    this.take_over(Takeover::abort(error.to_string()));
                    Poll::Pending
                }
            };
        }
    }

    fn is_end_stream(&self) -> bool {
        let done = self.reader.position() == self.reader.len() && matches!(self.pause, Pause::None);
        let rest = self.steps.iter().all(|step| matches!(step, Step::End));
        // An empty chunked body still has its last chunk to send.
        done && rest && (self.declared || self.reader.len() > 0)
    }

    fn size_hint(&self) -> SizeHint {
        if self.declared {
            SizeHint::with_exact(self.reader.len() - self.reader.position())
        } else {
            SizeHint::default()
        }
    }
}

impl fmt::Debug for PlannedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlannedBody").field("reader", &self.reader).field("steps", &self.steps).finish_non_exhaustive()
    }
}
