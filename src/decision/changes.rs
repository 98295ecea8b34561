//! What becomes of a body, beside what breaks it.

use std::sync::Arc;

use super::fault::Drip;

/// What becomes of a body, beside what breaks it and the bytes that are inverted. Offsets are those in the body of this
/// response; by default nothing is changed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Changes {
    /// From here on zeros are sent.
    pub(super) zeros: Option<u64>,
    /// From here on bytes of the fixture under this path are sent.
    pub(super) splice: Option<(Arc<str>, u64)>,
    /// The body is so long, by its head as well.
    pub(super) short: Option<u64>,
    /// The pieces in which it goes out.
    pub(super) drip: Option<Drip>,
    /// So many bytes go out at full speed before the rate counts.
    pub(super) burst: u64,
}
