//! The resolved decision for one exchange: concrete numbers only.

use std::time::Duration;

use crate::units::Rate;

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
