//! The resolved decision for one exchange: concrete numbers only.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use super::{answer::Answer, changes::Changes, fault::Drip, ledger::Claim};
use crate::units::{Rate, UnitError, quoted};

/// What the correct reply to a request looks like: what offsets and percentages are resolved against.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ReplyFacts {
    /// Offset in the fixture of the first byte of this response's body; 0 unless it answers a Range request.
    pub start: u64,
    /// Length of this response's body, in bytes.
    pub len: u64,
    /// Length of the whole fixture, in bytes.
    pub total: u64,
    /// Whether a body is sent at all: not to HEAD, not with 204 and 304.
    pub has_body: bool,
    /// Whether a range was asked for, in a way that a correct server heeds (RFC 9110 §14.2).
    pub ranged: bool,
}

impl ReplyFacts {
    /// Where a body begins that is put together from several parts of the fixture: behind all of it.
    const IN_PIECES: u64 = u64::MAX;

    /// The same for a body that is not of the fixture: it lies behind every offset in it.
    pub(crate) fn elsewhere(self) -> Self {
        Self { start: Self::IN_PIECES - self.len.max(1), ..self }
    }

    /// The same for a body that is put together from several parts of the fixture: no offset in it is one in the body.
    pub(crate) fn in_pieces(self) -> Self {
        Self { start: Self::IN_PIECES, ..self }
    }

    /// Whether the body has anything of the fixture.
    pub(super) fn is_of_fixture(&self) -> bool {
        self.start <= self.total || self.start == Self::IN_PIECES
    }
}

/// One thing that the wire does. A plan is a short list of them, performed in order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Step {
    /// Body bytes of this response, up to this offset in it.
    Body(u64),
    /// Waits until the peer's kernel has acknowledged every byte so far.
    Drain,
    /// The rest of the message: what is left of the body, and its end. The connection lives on.
    End,
    /// Closes the write side in order: the peer reads EOF.
    Fin,
    /// The status line and the headers.
    Head,
    /// Resets the connection: the peer gets ECONNRESET.
    Rst,
    /// Sends nothing more, and keeps the connection open.
    Stop,
    /// Does nothing for this long; what went before it is flushed first.
    Wait(Duration),
}

/// How the end of a body is made known (RFC 9112 §6.3).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Framing {
    /// The connection's end is the body's end.
    Close,
    /// `Transfer-Encoding: chunked`.
    Chunked,
    /// `Content-Length`. The default.
    #[default]
    Length,
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Close => "close",
            Self::Chunked => "chunked",
            Self::Length => "length",
        })
    }
}

impl FromStr for Framing {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        match text {
            "close" => Ok(Self::Close),
            "chunked" => Ok(Self::Chunked),
            "length" => Ok(Self::Length),
            _ => {
                Err(UnitError::new(format!("unknown framing {}", quoted(text)), "it is `length`, `chunked` or `close`"))
            }
        }
    }
}

/// What the wire is to do in one exchange, in concrete numbers.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    pub(super) steps: Vec<Step>,
    pub(super) flips: Vec<u64>,
    pub(super) changes: Changes,
    pub(super) rate: Option<Rate>,
    pub(super) framing: Framing,
    pub(super) answer: Answer,
    pub(super) text: Arc<str>,
    pub(super) applied: bool,
    pub(super) claims: Vec<Claim>,
}

impl Plan {
    /// What is done, in order.
    ///
    /// Either there is no reply at all, or the first step besides waits is [`Step::Head`]. The last step ends the
    /// exchange: [`Step::End`], [`Step::Fin`], [`Step::Rst`] or [`Step::Stop`].
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The offsets in this response's body whose bytes are inverted, in order.
    pub fn flips(&self) -> &[u64] {
        &self.flips
    }

    /// From which offset in this response's body on zeros are sent.
    pub fn zeros(&self) -> Option<u64> {
        self.changes.zeros
    }

    /// Under which path the fixture is whose bytes are sent, and from which offset in this response's body on.
    pub fn splice(&self) -> Option<(&str, u64)> {
        self.changes.splice.as_ref().map(|(path, from)| (&**path, *from))
    }

    /// How long the body is, by its head as well, where that is less than it would be.
    pub fn short_body(&self) -> Option<u64> {
        self.changes.short
    }

    /// In which pieces the body goes out.
    pub fn drip(&self) -> Option<Drip> {
        self.changes.drip
    }

    /// How many bytes of the body go out at full speed before the [rate](Self::rate) counts.
    pub fn burst(&self) -> u64 {
        self.changes.burst
    }

    /// Something that was planned cannot be had after all.
    pub(crate) fn miss(&mut self) {
        self.applied = false;
    }

    /// There is nothing that could be spliced in.
    pub(crate) fn miss_splice(&mut self) {
        self.changes.splice = None;
        self.miss();
    }

    /// How fast the body goes out at most.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// How the end of the body is made known.
    pub fn framing(&self) -> Framing {
        self.framing
    }

    /// The status that is sent in the place of the correct one.
    pub fn status(&self) -> Option<u16> {
        self.answer.status
    }

    /// The value of the `Retry-After` header: whole seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        self.answer.retry_after
    }

    /// How the answer differs from the correct one.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// The entry of the script that was lowered, as its text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether every fault of the entry can happen here.
    ///
    /// False if one of them cannot: its offset lies outside this body or behind the place where another fault
    /// breaks it off, or there is no body. The others happen all the same. A term that has done its once-only
    /// work in an earlier attempt (`-at`) counts only if there is no other fault in the entry.
    pub fn applied(&self) -> bool {
        self.applied
    }

    /// The once-only work that this plan has taken on.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }
}
