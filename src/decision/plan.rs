//! The resolved decision for one exchange: concrete numbers only.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use super::{
    answer::{Answer, RetryAfter},
    changes::Changes,
    entry::Entry,
    fault::{Drip, Fault},
    form::Form,
    ledger::Claim,
};
use crate::units::{Offset, Rate, UnitError, quoted};

/// What the correct reply to a request looks like: what offsets and percentages are resolved against.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
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
    /// Waits until the client sends something, which is its next request.
    Await,
    /// Body bytes of this response, up to this offset in it.
    Body(u64),
    /// Waits until the peer's kernel has acknowledged every byte so far.
    Drain,
    /// The rest of the message: what is left of the body, and its end. The connection lives on.
    End,
    /// So many bytes `x` that belong to no message.
    Extra(u64),
    /// Closes the write side in order: the peer reads EOF.
    Fin,
    /// The status line and the headers, or what is left of them.
    Head,
    /// The head up to this offset in it; a head that is shorter, and all that follows, is sent as without this fault.
    HeadTo(Offset),
    /// Waits until the client has sent nothing for so long. If it does, what follows is left out.
    Idle(Duration),
    /// An interim response with this status, so many times.
    Interim {
        /// From 100 to 199.
        status: u16,
        /// At least 1.
        count: u32,
    },
    /// Resets the connection: the peer gets ECONNRESET.
    Rst,
    /// A whole response that nobody asked for.
    SecondResponse,
    /// Sends nothing more, and keeps the connection open.
    Stop,
    /// The last chunk's size line, and so many bytes of the trailer section behind it.
    TrailerTo(u64),
    /// Does nothing for this long; what went before it is flushed first.
    Wait(Duration),
}

impl Step {
    /// Whether it ends the connection.
    pub(crate) fn is_break(&self) -> bool {
        matches!(self, Self::Fin | Self::Rst | Self::Stop)
    }

    /// Whether it is something that an HTTP server has no words for.
    fn is_raw(&self) -> bool {
        match self {
            Self::Await
            | Self::Extra(_)
            | Self::HeadTo(_)
            | Self::Idle(_)
            | Self::Interim { .. }
            | Self::SecondResponse
            | Self::TrailerTo(_) => true,
            Self::Body(_)
            | Self::Drain
            | Self::End
            | Self::Fin
            | Self::Head
            | Self::Rst
            | Self::Stop
            | Self::Wait(_) => false,
        }
    }
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
    pub(super) form: Form,
    pub(super) answer: Answer,
    pub(super) close: bool,
    pub(super) text: Arc<str>,
    pub(super) applied: bool,
    /// The terms that cannot happen here.
    pub(super) missed: Vec<Fault>,
    /// How many terms there are.
    pub(super) terms: usize,
    pub(super) claims: Vec<Claim>,
}

impl Plan {
    /// What is done, in order.
    ///
    /// Without a reply there are only waits before the break. With one it begins with waits and interim responses, then
    /// comes [`Step::Head`] or [`Step::HeadTo`], and later either a break, [`Step::Fin`], [`Step::Rst`] or
    /// [`Step::Stop`], or [`Step::End`] and perhaps something behind it.
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

    /// Terms of the entry cannot be had after all: those at these positions.
    pub(crate) fn miss_terms(&mut self, entry: &Entry, positions: &[usize]) {
        let missed = entry.terms().iter().enumerate();
        let missed = missed.filter(|(i, term)| self.missed.contains(term) || positions.contains(i));
        self.missed = missed.map(|(_, term)| term.clone()).collect();
        self.applied &= positions.is_empty();
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

    /// How the message is written.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// Whether it asks for something that an HTTP server has no words for.
    pub(crate) fn is_raw(&self) -> bool {
        // A message that is whole, and a break behind it that it does not tell of.
        let silent = self.steps.contains(&Step::End) && self.steps.last().is_some_and(Step::is_break);
        silent || !self.form.is_proper() || self.steps.iter().any(Step::is_raw)
    }

    /// Whether the reply is to be another one than without the plan, from its head on; waits and breaks are no part of it.
    pub(crate) fn shapes_reply(&self) -> bool {
        let is_before = |step: &Step| matches!(step, Step::Interim { .. });
        !self.form.is_proper()
            || self.changes != Changes::default()
            || self.answer != Answer::default()
            || self.rate.is_some()
            || self.framing != Framing::default()
            || self.close
            || self.steps.iter().any(is_before)
    }

    /// The status that is sent in the place of the correct one.
    pub fn status(&self) -> Option<u16> {
        self.answer.status
    }

    /// What the `Retry-After` header says.
    pub fn retry_after(&self) -> Option<&RetryAfter> {
        self.answer.retry_after()
    }

    /// How the answer differs from the correct one.
    pub fn answer(&self) -> &Answer {
        &self.answer
    }

    /// Whether the connection is closed behind the reply, which says so.
    pub fn closes(&self) -> bool {
        self.close
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

    /// The terms that cannot happen here, while others can.
    pub fn missed(&self) -> &[Fault] {
        if self.missed.len() < self.terms { &self.missed } else { &[] }
    }

    /// The once-only work that this plan has taken on.
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }
}
