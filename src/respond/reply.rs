//! A reply: all that goes on the wire but its framing.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::multipart::Multipart;
use super::tail::{Spliced, Tail};
use crate::content::{Block, Fixture};
use crate::decision::{ReplyFacts, RetryDate};

/// The answer to a request, without framing: the wire adds `Content-Length` or `Transfer-Encoding`,
/// `Connection` and `Date`.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    /// The status code.
    pub(crate) status: StatusCode,
    /// The headers, without those of framing.
    pub(crate) headers: HeaderMap,
    /// The bytes that follow the head.
    pub(crate) body: ReplyBody,
    /// What offsets and percentages are resolved against. In a reply to HEAD, `len` is the length
    /// that GET would get.
    pub(crate) facts: ReplyFacts,
    /// Something that was planned of the answer cannot be had here.
    pub(crate) missed: bool,
    /// The date that `Retry-After` tells, which depends on when the reply goes out.
    pub(super) comes_again: Option<RetryDate>,
}

impl Reply {
    /// The facts that a plan is made from. A body that is not of the fixture, the text of a 404 for one, lies behind
    /// every offset in it, and so does one that is no stretch of it: there `-at` faults do not apply, and are not used up.
    pub(crate) fn facts_in_fixture(&self) -> ReplyFacts {
        match self.body {
            ReplyBody::Bytes(_) => self.facts.elsewhere(),
            ReplyBody::Parts(_) => self.facts.in_pieces(),
            ReplyBody::Empty | ReplyBody::Fixture { .. } | ReplyBody::Spliced(_) => self.facts,
        }
    }

    /// Which byte of the fixture is the first of the body; `None` if the body is no stretch of the fixture, or of what is
    /// sent for it, or there is none.
    pub(crate) fn start(&self) -> Option<u64> {
        matches!(self.body, ReplyBody::Fixture { .. }).then_some(self.facts.start)
    }

    /// Whether it is the same on the wire; a fixture's bytes are told by its version.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let facts = |reply: &Self| {
            let ReplyFacts { start, len, has_body, .. } = reply.facts;
            (reply.status, start, len, has_body)
        };
        let is_head_like = self.headers == other.headers && self.comes_again == other.comes_again;
        facts(self) == facts(other) && is_head_like && self.body.is_like(&other.body)
    }

    /// Whether a `Content-Length` may stand in the head: not with 1xx and 204; with 304 it would be
    /// that of the 200 reply, and is left out (RFC 9110 §8.6).
    pub(crate) fn has_length(&self) -> bool {
        !is_bodiless(self.status)
    }

    /// `text` and a line feed, unless method or status forbid a body.
    pub(super) fn text(status: StatusCode, text: &str, method: &Method) -> Self {
        let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
        Self::made_up(status, content_type, Bytes::from(format!("{text}\n")), method)
    }

    /// These bytes, unless method or status forbid a body.
    pub(super) fn made_up(status: StatusCode, content_type: HeaderValue, body: Bytes, method: &Method) -> Self {
        let mut headers = HeaderMap::new();
        // 205 has a length, 0, but no content (RFC 9110 §15.3.6).
        if is_bodiless(status) || status == StatusCode::RESET_CONTENT {
            let facts = ReplyFacts { start: 0, len: 0, total: 0, has_body: false, ranged: false };
            return Self { status, headers, body: ReplyBody::Empty, facts, missed: false, comes_again: None };
        }
        headers.insert(header::CONTENT_TYPE, content_type);
        let len = body.len() as u64;
        let has_body = method != Method::HEAD;
        let body = if has_body { ReplyBody::Bytes(body) } else { ReplyBody::Empty };
        let facts = ReplyFacts { start: 0, len, total: len, has_body, ranged: false };
        Self { status, headers, body, facts, missed: false, comes_again: None }
    }
}

/// Whether a reply with this status ends with its head (RFC 9112 §6.3).
fn is_bodiless(status: StatusCode) -> bool {
    status.is_informational() || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
}

/// The bytes of a reply.
#[derive(Clone, Debug)]
pub(crate) enum ReplyBody {
    /// These bytes.
    Bytes(Bytes),
    /// None.
    Empty,
    /// A part of a fixture.
    Fixture {
        /// The fixture.
        fixture: Fixture,
        /// The offset in it of the first byte.
        start: u64,
        /// One past the offset in it of the last byte.
        end: u64,
    },
    /// Several parts of a fixture.
    Parts(Multipart),
    /// One that becomes another one.
    Spliced(Spliced),
}

impl ReplyBody {
    /// Whether it has the same bytes.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::Empty, Self::Empty) => true,
            (
                Self::Fixture { fixture, start, end },
                Self::Fixture { fixture: other, start: other_start, end: other_end },
            ) => fixture.version() == other.version() && (start, end) == (other_start, other_end),
            (Self::Parts(one), Self::Parts(other)) => one.is_like(other),
            _ => false,
        }
    }

    /// How many bytes there are.
    pub(crate) fn len(&self) -> u64 {
        match self {
            Self::Bytes(bytes) => bytes.len() as u64,
            Self::Empty => 0,
            Self::Fixture { start, end, .. } => end - start,
            Self::Parts(multipart) => multipart.len(),
            Self::Spliced(spliced) => spliced.len(),
        }
    }

    /// The bytes from `offset` in the body on, at most one block of them. Empty from the end on,
    /// and never empty before.
    ///
    /// # Panics
    ///
    /// If a file has to be read and there is no runtime.
    pub(crate) fn block(&self, offset: u64) -> Block {
        match self {
            Self::Bytes(bytes) => Block::slice(bytes, offset, u64::MAX),
            Self::Empty => Block::Ready(Bytes::new()),
            Self::Fixture { fixture, start, end } => fixture.block(start.saturating_add(offset), *end),
            Self::Parts(multipart) => multipart.block(offset),
            Self::Spliced(spliced) => spliced.block(offset),
        }
    }

    /// The same up to this place, and something else from there on to its end.
    pub(crate) fn spliced(self, from: u64, tail: Tail) -> Self {
        Self::Spliced(Spliced::new(self, from, tail))
    }
}
