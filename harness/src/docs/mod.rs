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
