//! A reply's body as the plan has it: in slices, with flips, at a rate.

use std::collections::VecDeque;
use std::fmt;
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};

use super::pacer::Pacer;
use crate::content::{Block, Loading, ReadError};
use crate::decision::Plan;
use crate::respond::ReplyBody;

/// Flips that are less than this apart go out in one slice: copying is cheaper than a slice for each.
const CLOSE: usize = 1024;

/// Hands out a reply's body in order, in slices of shared blocks, flipped and paced as planned.
pub(super) struct Reader {
    body: ReplyBody,
    len: u64,
    position: u64,
    flips: VecDeque<u64>,
    pacer: Option<Pacer>,
    loading: Option<Loading>,
    /// A block of which only a part has been handed out, and where it begins: small pieces must not make it anew each.
    held: Option<(u64, Bytes)>,
}

impl Reader {
    pub(super) fn new(body: ReplyBody, plan: &Plan) -> Self {
        Self {
            len: plan.short_body().map_or(body.len(), |short| short.min(body.len())),
            body,
            position: 0,
            flips: plan.flips().iter().copied().collect(),
            pacer: Pacer::of(plan),
            loading: None,
            held: None,
        }
    }

    /// The body as it is.
    pub(super) fn unplanned(body: ReplyBody) -> Self {
        Self { len: body.len(), body, position: 0, flips: VecDeque::new(), pacer: None, loading: None, held: None }
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
        let block = ready!(self.poll_block(cx))?;
        let from = self.position;
        let part = block.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        let bytes = self.flip(block.slice(..part));
        self.position += bytes.len() as u64;
        self.held = (bytes.len() < block.len()).then_some((from, block));
        if let Some(pacer) = &mut self.pacer {
            pacer.sent(bytes.len() as u64);
        }
        Poll::Ready(Ok(bytes))
    }

    fn poll_block(&mut self, cx: &mut Context<'_>) -> Poll<Result<Bytes, ReadError>> {
        if let Some((start, block)) = self.held.take() {
            return Poll::Ready(Ok(block.slice((self.position - start) as usize..)));
        }
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
    /// out in a slice of its own, together with those that follow closely.
    fn flip(&mut self, mut bytes: Bytes) -> Bytes {
        while self.flips.front().is_some_and(|flip| *flip < self.position) {
            self.flips.pop_front();
        }
        let Some(ahead) = self.flips.front().map(|flip| flip - self.position) else { return bytes };
        match usize::try_from(ahead) {
            Ok(0) => {
                let places = self.flips.iter().map(|flip| (flip - self.position) as usize);
                let places = places.take_while(|place| *place < bytes.len()).scan(0, |last, place| {
                    let gap = place - *last;
                    *last = place;
                    (gap < CLOSE).then_some(place)
                });
                let places: Vec<usize> = places.collect();
                bytes.truncate(places.last().map_or(1, |last| last + 1));
                let mut flipped = BytesMut::from(bytes.as_ref());
                places.into_iter().for_each(|place| flipped[place] = !flipped[place]);
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

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use proptest::prelude::*;

    use super::*;
    use crate::content::Fixture;
    use crate::decision::{ReplyFacts, lower};
    use crate::respond::Tail;

    fn content(len: usize, salt: u8) -> Vec<u8> {
        (0..len).map(|at| (at / 251) as u8 ^ at as u8 ^ salt).collect()
    }

    /// What is read up to each of these places and then to the end.
    fn read(reader: &mut Reader, places: &[u64]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for place in places.iter().copied().chain([u64::MAX]) {
            let upto = place.min(reader.len());
            while reader.position() < upto {
                let Poll::Ready(next) = reader.poll_next(&mut Context::from_waker(Waker::noop()), upto) else {
                    panic!("all is in memory, and nothing is paced");
                };
                let next = next.unwrap();
                assert!(!next.is_empty() && next.len() as u64 <= upto - bytes.len() as u64);
                bytes.extend_from_slice(&next);
                assert_eq!(reader.position(), bytes.len() as u64);
            }
        }
        bytes
    }

    proptest! {
        #[test]
        fn every_byte_is_the_one_that_is_planned(
            len in prop_oneof![1..3_000_usize, 260_000..270_000_usize],
            (at, share) in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
            flips in prop_oneof![Just(None), (1..500_u32).prop_map(Some)],
            tail in 0..3_usize,
            other_len in prop_oneof![1..10_usize, 1..300_000_usize],
            short in any::<bool>(),
            mut places in prop::collection::vec(0..270_000_u64, 0..4),
        ) {
            let (from, end) = (at.index(len), share.index(len));
            let mut terms = vec![format!("corrupt-after={}", (from + 7) % len)];
            terms.extend(flips.map(|count| format!("corrupt-bytes={count}")));
            terms.extend(["", "zeros-after=", "splice=/b@"].get(tail).filter(|_| tail > 0).map(|name| format!("{name}{from}")));
            terms.extend(short.then(|| format!("short-body={end}")));
            let facts = ReplyFacts { start: 0, len: len as u64, total: len as u64, has_body: true, ranged: false };
            let plan = lower(&terms.join(" ").parse().unwrap(), &facts);

            let (own, other) = (content(len, 0), content(other_len, 0x55));
            let fixture = Fixture::from_bytes("b", other.clone().into());
            let mut body = ReplyBody::Bytes(own.clone().into());
            if let Some(from) = plan.zeros() {
                body = body.spliced(from, Tail::Zeros);
            }
            if let Some((_, from)) = plan.splice() {
                body = body.spliced(from, Tail::Fixture(fixture));
            }
            places.sort_unstable();
            let got = read(&mut Reader::new(body, &plan), &places);

            let mut expected = own;
            for (place, byte) in expected.iter_mut().enumerate() {
                if place >= from && tail > 0 {
                    *byte = if tail == 1 { 0 } else { other[place % other_len] };
                }
            }
            for flip in plan.flips() {
                expected[*flip as usize] ^= 0xff;
            }
            expected.truncate(if short { end } else { len });
            prop_assert!(got == expected, "{}", plan.text());
        }
    }
}
