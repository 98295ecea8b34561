//! Exit codes. They are stable.

/// All hold, or what was asked for was printed.
pub(super) const HOLDS: u8 = 0;
/// Something was found.
pub(super) const FOUND: u8 = 1;
/// The arguments are wrong.
pub(super) const USAGE: u8 = 2;
/// The audit itself has failed, in all or in some cases.
pub(super) const FAILED: u8 = 3;
/// Ended by SIGINT or SIGTERM before it was done. It is 128 and the number of SIGINT, as shells have it.
pub(super) const STOPPED: u8 = 130;
