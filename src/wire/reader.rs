//! A reply's body as the plan has it: in slices, with flips, at a rate.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};

use super::pacer::Pacer;
use crate::content::{Block, Loading, ReadError};
use crate::decision::Plan;
use crate::respond::ReplyBody;

/// Hands out a reply's body in order, in slices of shared blocks, flipped and paced as planned.
pub(super) struct Reader {
    body: ReplyBody,
    len: u64,
    position: u64,
    flips: VecDeque<u64>,
    pacer: Option<Pacer>,
    loading: Option<Loading>,
}

impl Reader {
    pub(super) fn new(body: ReplyBody, plan: &Plan) -> Self {
        Self {
            len: body.len(),
            body,
            position: 0,
            flips: plan.flips().iter().copied().collect(),
            pacer: plan.rate().map(Pacer::new),
            loading: None,
        }
    }

    /// The body as it is.
    pub(super) fn unplanned(body: ReplyBody) -> Self {
        Self { len: body.len(), body, position: 0, flips: VecDeque::new(), pacer: None, loading: None }
    }

    pub(super) fn len(&self) -> u64 {
        self.len
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// The next bytes, at least one of them, none at or behind `upto`; call it only while that is ahead.
    pub(super) fn poll_next(&mut self, cx: &mut Context<'_>, upto: u64) -> Poll<Result<Bytes, ReadError>> {
        debug_assert!(self.position < upto && upto <= self.len, "there is nothing to read");
        let mut most = upto - self.position;
        if let Some(pacer) = &mut self.pacer {
            ready!(pacer.poll_due(cx));
            most = most.min(pacer.slice());
        }
        let mut bytes = ready!(self.poll_block(cx))?;
        bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        let bytes = self.flip(bytes);
        self.position += bytes.len() as u64;
        if let Some(pacer) = &mut self.pacer {
            pacer.sent(bytes.len() as u64);
        }
        Poll::Ready(Ok(bytes))
    }

    fn poll_block(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, ReadError>> {
        if self.loading.is_none() {
            match self.body.block(self.position) {
                Block::Ready(bytes) => return Poll::Ready(Ok(bytes)),
                Block::Loading(loading) => self.loading = Some(loading),
            }
        }
        let Some(loading) = &mut self.loading else { return Poll::Pending };
        let result = ready!(loading.as_mut().poll(cx));
        self.loading = None;
        Poll::Ready(result)
    }

    /// Inverts the byte at each flip. The block is shared, so it is cut before the flip, and the flipped byte goes
    /// out in a slice of its own.
    fn flip(&mut self, mut bytes: Bytes) -> Bytes {
        while self.flips.front().is_some_and(|flip| *flip < self.position) {
            self.flips.pop_front();
        }
        let Some(ahead) = self.flips.front().map(|flip| flip - self.position) else { return bytes };
        match usize::try_from(ahead) {
            Ok(0) => {
                bytes.truncate(1);
                let mut flipped = BytesMut::from(bytes.as_ref());
                flipped[0] = !flipped[0];
                flipped.freeze()
            }
            Ok(ahead) => {
                bytes.truncate(ahead);
                bytes
            }
            Err(_) => bytes,
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").field("position", &self.position).field("len", &self.len).finish_non_exhaustive()
    }
}
