//! What HTTP says of a request: pure functions from a request and a fixture to a reply, without
//! sockets.
//!
//! - [`reply()`] is the correct answer, with preconditions, ranges and validators (RFC 9110 §8.8,
//!   §13, §14).
//! - [`other()`] is the answer to a method that reads nothing.
//! - [`status()`] is an answer that consists of a status code, [`instead()`] the one that was asked for
//!   in the place of the correct one. [`retell()`] changes what a reply says of itself, and [`stamp()`] a date in
//!   it.
//! - [`revised()`] and [`replaced()`] are what a fixture has become.
//! - A [`Reply`] leaves framing to the wire: it has neither `Content-Length` nor
//!   `Transfer-Encoding`, `Connection` or `Date`. Its facts give the length that goes into the
//!   head, also where no body follows it.
//!
//! # Choices
//!
//! Where the RFC leaves a choice, the reply is the one that depends on the least: never on the time
//! of day.
//!
//! - Several ranges get several parts, as they were asked for: none is moved, none joined with another.
//!   If together they are longer than the fixture, or more than 64, they are ignored, as §14.2 permits.
//!   If only one of them is there, it comes alone, without `multipart/byteranges` (§15.3.7.2).
//! - A date in `If-Range` matches if it is exactly that of `Last-Modified`. It is a strong
//!   validator only if the fixture did not change twice within that second (§8.8.2.2). That is
//!   taken for granted of fixtures: to ask the clock whether the second is over would make the same
//!   request succeed or fail by the time of day.
//! - The reply to a conditional range request carries all headers of the whole; §15.3.7 would
//!   rather have fewer.
//! - A method that is known but not served, TRACE and CONNECT among them, is 405; an unknown one is 501
//!   (§9.1). OPTIONS says the same of every target, there or not, with 200 and a length of 0.
//! - Where nothing is acceptable by `Accept-Encoding`, the fixture is sent as it is (§12.4.1).
//! - An expectation that is unknown is ignored: 417 is only permitted (§10.1.1).

mod date;
mod encoding;
mod method;
mod multipart;
mod page;
mod preconditions;
mod range;
mod reply;
mod request;
mod status;
mod tail;
#[cfg(test)]
mod tests;
mod validators;
mod withhold;

pub(crate) use self::date::stamp;
#[cfg(feature = "verify")]
pub(crate) use self::date::written;
pub(crate) use self::method::other;
pub(crate) use self::reply::{Reply, ReplyBody};
pub(crate) use self::request::{Request, replaced, reply, revised};
pub(crate) use self::status::{instead, retell, status};
pub(crate) use self::tail::Tail;
