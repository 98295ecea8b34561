//! How the answer to a request differs from the correct one.

use std::{sync::Arc, time::Duration};

use crate::units::Offset;

/// How the answer to a request differs from the correct one, before its body is broken in any way.
///
/// By default it does not.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Answer {
    pub(super) status: Option<u16>,
    pub(super) retry_after: Option<Duration>,
    pub(super) location: Option<Arc<str>>,
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

impl Answer {
    /// The status in the place of the correct one.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The value of the `Retry-After` header: whole seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The value of the `Location` header.
    pub fn location(&self) -> Option<&str> {
        self.location.as_deref()
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
