//! How the answer to a request differs from the correct one.

use std::{sync::Arc, time::Duration};

use super::fault::{Location, RetryDate};
use crate::units::Offset;

/// How the answer to a request differs from the correct one, before its body is broken in any way.
///
/// By default it does not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer {
    pub(super) status: Option<u16>,
    pub(super) retry_after: Option<RetryAfter>,
    pub(super) location: Option<Location>,
    pub(super) hop: Option<u32>,
    pub(super) body: Option<Body>,
    pub(super) ranges: Ranges,
    pub(super) revision: Option<u32>,
    pub(super) gzip: Option<u32>,
    pub(super) content_type: Option<Arc<[u8]>>,
    pub(super) content_encoding: Option<Arc<[u8]>>,
}

/// What becomes of a request for a range (RFC 9110 §14.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ranges {
    /// It is answered from this byte of the fixture on, whatever was asked for.
    From(Offset),
    /// It gets what it asked for.
    #[default]
    Honoured,
    /// It gets the whole.
    Ignored,
    /// It is told that there is no such range.
    Refused,
}

/// What a `Retry-After` header says (RFC 9110 §10.2.3).
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// A date, made when the reply is.
    At(RetryDate),
    /// A number of seconds.
    In(Duration),
    /// These bytes, whatever they mean.
    Text(Arc<[u8]>),
}

/// The body of an answer that is made up.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Body {
    /// The login page of a captive portal.
    LoginPage,
    /// A problem with this detail (RFC 9457 §3.1).
    Problem(Arc<str>),
    /// These bytes.
    Text(Arc<[u8]>),
}

impl Answer {
    /// The status in the place of the correct one.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// What the `Retry-After` header says.
    pub fn retry_after(&self) -> Option<&RetryAfter> {
        self.retry_after.as_ref()
    }

    /// What the `Location` header says.
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// Which redirect of a chain it is, counted from 1.
    pub fn hop(&self) -> Option<u32> {
        self.hop
    }

    /// What the body is, where it is not that of the correct answer, nor the short one that names the status.
    pub fn body(&self) -> Option<&Body> {
        self.body.as_ref()
    }

    /// What becomes of a request for a range.
    pub fn ranges(&self) -> Ranges {
        self.ranges
    }

    /// Which revision of the fixture it is made from: 1 is the fixture itself.
    pub fn revision(&self) -> u32 {
        self.revision.unwrap_or(1)
    }

    /// The same, for somebody who sees to it: the answer is made from the fixture itself then.
    pub(crate) fn take_revision(&mut self) -> u32 {
        self.revision.take().unwrap_or(1)
    }

    /// How many times over the representation is gzip-coded, which is said once.
    pub fn gzip(&self) -> Option<u32> {
        self.gzip
    }

    /// The value of the `Content-Type` header.
    pub fn content_type(&self) -> Option<&[u8]> {
        self.content_type.as_deref()
    }

    /// The value of the `Content-Encoding` header.
    pub fn content_encoding(&self) -> Option<&[u8]> {
        self.content_encoding.as_deref()
    }
}
