//! How the answer to a request differs from the correct one.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use super::{
    fault::{Location, RetryDate},
    said::{ContentRange, EntityTag},
    version::Version,
};
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
    pub(super) ignores_if_range: bool,
    pub(super) version: Version,
    pub(super) gzip: Option<u32>,
    pub(super) content_type: Option<Arc<[u8]>>,
    pub(super) content_encoding: Option<Arc<[u8]>>,
    pub(super) content_range: Option<ContentRange>,
    pub(super) accept_ranges: Option<Arc<[u8]>>,
    pub(super) etag: Option<EntityTag>,
    /// Names of headers, in lower case.
    pub(super) left_out: BTreeSet<Arc<str>>,
}

/// What becomes of a request for a range (RFC 9110 §14.2).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum Ranges {
    /// It is answered from so many bytes before what it asked for on.
    Earlier(u64),
    /// It is answered from this byte of the fixture on, whatever was asked for.
    From(Offset),
    /// It gets what it asked for.
    #[default]
    Honoured,
    /// It gets the whole.
    Ignored,
    /// It is answered from so many bytes behind the first one that it asked for on.
    Later(u64),
    /// It gets so many bytes more than it asked for.
    Longer(u64),
    /// It gets what it asked for as the one part of a `multipart/byteranges`.
    Multipart,
    /// It is told that there is no such range.
    Refused,
    /// It gets so many bytes less than it asked for, and one at least.
    Shorter(Offset),
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
        self.version.revision()
    }

    /// Which version of the fixture it is made from.
    pub(crate) fn version(&self) -> &Version {
        &self.version
    }

    /// The same, for somebody who sees to it: the answer is made from what it is given then.
    pub(crate) fn take_version(&mut self) -> Version {
        std::mem::take(&mut self.version)
    }

    /// Whether `If-Range` counts for nothing.
    pub(crate) fn ignores_if_range(&self) -> bool {
        self.ignores_if_range
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

    /// What the `Content-Range` header says in the place of the truth.
    pub(crate) fn content_range(&self) -> Option<&ContentRange> {
        self.content_range.as_ref()
    }

    /// The value of the `Accept-Ranges` header.
    pub fn accept_ranges(&self) -> Option<&[u8]> {
        self.accept_ranges.as_deref()
    }

    /// The entity tag in the place of the right one.
    pub(crate) fn etag(&self) -> Option<&EntityTag> {
        self.etag.as_ref()
    }

    /// The names of the headers that are left out, in lower case.
    pub fn left_out(&self) -> impl Iterator<Item = &str> {
        self.left_out.iter().map(|name| &**name)
    }

    /// Whether the header with this name, in lower case, is left out.
    pub(crate) fn leaves_out(&self, name: &str) -> bool {
        self.left_out.contains(name)
    }

    /// Whether it sends the client somewhere else.
    pub(crate) fn leads_on(&self) -> bool {
        self.location.is_some() || self.hop.is_some()
    }

    /// The same with the content coding of another one; what is coded is the version, which is seen to there.
    pub(crate) fn coded_as(mut self, other: &Self) -> Self {
        self.gzip = other.gzip;
        if self.gzip.is_some() {
            self.take_version();
        }
        self
    }
}
