//! What an answer says of the fixture, true or not.

use std::sync::Arc;

use super::fault::Length;

/// What `Content-Range` says in the place of the truth (RFC 9110 §14.4).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum ContentRange {
    /// This.
    Text(Arc<[u8]>),
    /// The right range, and another length of the whole.
    Total(Length),
    /// The right range, and `*` for the length of the whole.
    UnknownTotal,
}

impl ContentRange {
    /// What it says of the length of the whole, which is this one; `None` if it is not about that.
    pub(crate) fn total(&self, len: u64) -> Option<Arc<str>> {
        match self {
            Self::Text(_) => None,
            Self::Total(length) => Some(length.resolve(len)),
            Self::UnknownTotal => Some("*".into()),
        }
    }
}

/// The entity tag in the place of the right one (RFC 9110 §8.8.3).
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum EntityTag {
    /// This, whether it is an entity tag or not.
    Text(Arc<[u8]>),
    /// The right one, but weak.
    Weak,
}
