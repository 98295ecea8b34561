//! When the server went down, and came up again.

use std::time::Duration;

/// A server that went down, or came up again: between the two connections are refused, and nobody hears of them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Availability {
    /// Whether it accepts connections now.
    pub(crate) is_up: bool,
    /// When that began, since the server's start.
    pub(crate) at: Duration,
}
