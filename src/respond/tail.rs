//! A body that is another one from some place on.

use bytes::Bytes;

use super::reply::ReplyBody;
use crate::content::{Block, Fixture};

/// Zeros to be sent, in slices.
static ZEROS: [u8; 64 * 1024] = [0; 64 * 1024];

/// What comes in the place of the end of a body. It has no end of its own.
#[derive(Clone, Debug)]
pub(crate) enum Tail {
    /// This fixture over and over, each byte at the place that it has in the fixture. It is not empty.
    Fixture(Fixture),
    /// Zeros.
    Zeros,
}

/// A body that is another one from some place on, and as long as it was.
#[derive(Clone, Debug)]
pub(crate) struct Spliced {
    body: Box<ReplyBody>,
    from: u64,
    tail: Tail,
}

impl Spliced {
    pub(super) fn new(body: ReplyBody, from: u64, tail: Tail) -> Self {
        Self { body: Box::new(body), from, tail }
    }

    pub(super) fn len(&self) -> u64 {
        self.body.len()
    }

    pub(super) fn block(&self, offset: u64) -> Block {
        if let Some(ahead) = self.from.checked_sub(offset).filter(|ahead| *ahead > 0) {
            return self.body.block(offset).truncated(ahead);
        }
        let left = self.len().saturating_sub(offset);
        match &self.tail {
            Tail::Zeros => Block::slice(&Bytes::from_static(&ZEROS), 0, left),
            Tail::Fixture(fixture) => {
                let start = offset % fixture.len().max(1);
                fixture.block(start, start.saturating_add(left))
            }
        }
    }
}
