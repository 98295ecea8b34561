//! Limits, of which a file may leave any out.

use std::time::Duration;

use crate::limits::Limits;
use crate::units::ByteSize;

/// The limits that a file, or a command line, has a word on; the others are as they are without it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct FileLimits {
    pub(crate) connections: Option<usize>,
    pub(crate) head: Option<ByteSize>,
    pub(crate) headers: Option<usize>,
    pub(crate) request_body: Option<ByteSize>,
    pub(crate) request_timeout: Option<Duration>,
    pub(crate) journal: Option<usize>,
    pub(crate) cache: Option<ByteSize>,
    pub(crate) drain_deadline: Option<Duration>,
}

impl FileLimits {
    /// These limits, but for those that the file has a word on.
    pub(crate) fn over(&self, limits: Limits) -> Limits {
        Limits {
            connections: self.connections.unwrap_or(limits.connections),
            // A head that no memory holds is not limited.
            head: self.head.map_or(limits.head, |head| usize::try_from(head.bytes()).unwrap_or(usize::MAX)),
            headers: self.headers.unwrap_or(limits.headers),
            request_body: self.request_body.map_or(limits.request_body, ByteSize::bytes),
            request_timeout: self.request_timeout.unwrap_or(limits.request_timeout),
            journal: self.journal.unwrap_or(limits.journal),
            cache: self.cache.map_or(limits.cache, ByteSize::bytes),
        }
    }

    /// These, and those of another file where these have no word.
    #[cfg(feature = "cli")]
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            connections: self.connections.or(other.connections),
            head: self.head.or(other.head),
            headers: self.headers.or(other.headers),
            request_body: self.request_body.or(other.request_body),
            request_timeout: self.request_timeout.or(other.request_timeout),
            journal: self.journal.or(other.journal),
            cache: self.cache.or(other.cache),
            drain_deadline: self.drain_deadline.or(other.drain_deadline),
        }
    }
}
