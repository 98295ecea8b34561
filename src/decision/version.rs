//! Which version of a fixture an answer is made from.

use std::sync::Arc;

/// Which version of the fixture an answer is made from, and what it still says of the one before.
///
/// By default it is the fixture itself.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Version {
    pub(super) revision: Option<u32>,
    pub(super) replaced_by: Option<Arc<str>>,
    pub(super) same_etag: bool,
    pub(super) same_last_modified: bool,
}

impl Version {
    /// 1 is the fixture itself.
    pub(crate) fn revision(&self) -> u32 {
        self.revision.unwrap_or(1)
    }

    /// The path of the fixture that has taken its place.
    pub(crate) fn replaced_by(&self) -> Option<&str> {
        self.replaced_by.as_deref()
    }

    /// Whether it still has the entity tag of the fixture itself.
    pub(crate) fn has_same_etag(&self) -> bool {
        self.same_etag
    }

    /// Whether it still has the time of modification of the fixture itself.
    pub(crate) fn has_same_last_modified(&self) -> bool {
        self.same_last_modified
    }
}
