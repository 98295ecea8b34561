//! The body of a reply, as it arrives.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use reqwest::Response;
use reqwest::header::{CONTENT_LENGTH, TRANSFER_ENCODING};

use super::rate::Rate;
use crate::policy::{BrokenEnd, Reading};
use crate::retry::links;

/// The body of a reply, as it arrives. Where it breaks off there is an error, and never just an end.
///
/// hyper sees to that: it counts the bytes against `Content-Length`, waits for the last chunk, and reports a reset. Only
/// a body that ends with its connection, and that in good order, looks whole whatever is missing (RFC 9112 §8): against
/// that there are digests, and formats that know their own end.
pub(crate) struct Body {
    chunks: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    framing: Framing,
    into_io: fn(reqwest::Error) -> io::Error,
    accepted: Vec<BrokenEnd>,
    /// `None` if it may come as slowly as it likes.
    rate: Option<Rate>,
}

/// How the end of a body is made known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Framing {
    Chunked,
    Close,
    Length,
}

impl Body {
    pub(crate) fn new(response: Response, policy: &Reading) -> Self {
        let headers = response.headers();
        let framing = if headers.contains_key(TRANSFER_ENCODING) {
            Framing::Chunked
        } else if headers.contains_key(CONTENT_LENGTH) {
            Framing::Length
        } else {
            Framing::Close
        };
        let chunks = response.bytes_stream().boxed();
        let rate = policy.timeout.map(|timeout| Rate::new(policy.min_rate, timeout, Instant::now()));
        Self { chunks, framing, into_io: policy.into_io, accepted: policy.accepted_ends.clone(), rate }
    }

    /// Whether this is to pass for the body's end.
    fn accepts(&self, error: &reqwest::Error) -> bool {
        BrokenEnd::of(self.framing, error).is_some_and(|end| self.accepted.contains(&end))
    }
}

impl BrokenEnd {
    fn of(framing: Framing, error: &(dyn Error + 'static)) -> Option<Self> {
        let is = |kind| {
            let errors = links(error).filter_map(|link| link.downcast_ref::<io::Error>());
            errors.into_iter().any(|error| error.kind() == kind)
        };
        let early = is(io::ErrorKind::UnexpectedEof)
            || links(error).any(|link| link.downcast_ref().is_some_and(hyper::Error::is_incomplete_message));
        match framing {
            Framing::Length if early => Some(Self::BeforeLength),
            // hyper's word for what is no chunk.
            Framing::Chunked if early || is(io::ErrorKind::InvalidInput) => Some(Self::BeforeLastChunk),
            Framing::Close if is(io::ErrorKind::ConnectionReset) => Some(Self::Reset),
            _ => None,
        }
    }
}

impl Stream for Body {
    /// The errors are `io::Error`s, as readers want them, each with reqwest's inside.
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let item = std::task::ready!(self.chunks.poll_next_unpin(cx));
        Poll::Ready(match item {
            Some(Err(error)) if self.accepts(&error) => None,
            Some(Err(error)) => Some(Err((self.into_io)(error))),
            Some(Ok(chunk)) => {
                let counted = self.rate.as_mut().map(|rate| rate.count(chunk.len(), Instant::now()));
                Some(counted.unwrap_or(Ok(())).map(|()| chunk))
            }
            None => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_framing_has_a_broken_end_of_its_own() {
        use io::ErrorKind::{ConnectionReset, InvalidInput, TimedOut, UnexpectedEof};
        for (framing, ends) in [
            (Framing::Length, [None, None, Some(BrokenEnd::BeforeLength), None]),
            (Framing::Chunked, [None, None, Some(BrokenEnd::BeforeLastChunk), Some(BrokenEnd::BeforeLastChunk)]),
            (Framing::Close, [None, Some(BrokenEnd::Reset), None, None]),
        ] {
            let of = |kind: io::ErrorKind| BrokenEnd::of(framing, &io::Error::other(io::Error::from(kind)));
            assert_eq!([TimedOut, ConnectionReset, UnexpectedEof, InvalidInput].map(of), ends, "{framing:?}");
        }
    }
}
