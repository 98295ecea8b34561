//! Longer reading.

#[doc = include_str!("before-and-after.md")]
pub mod before_and_after {}

#[doc = include_str!("clients.md")]
pub mod clients {}

#[cfg(feature = "audit")]
#[doc = include_str!("cases.md")]
pub mod cases {}

#[cfg(feature = "audit")]
#[doc = include_str!("first_audit.md")]
pub mod first_audit {}

#[cfg(feature = "audit")]
#[doc = include_str!("investigations.md")]
pub mod investigations {}

#[cfg(feature = "audit")]
#[doc = include_str!("scorecard.md")]
pub mod scorecard {}
