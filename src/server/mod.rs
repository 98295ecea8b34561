//! The server: a builder, then a running handle.

mod accept;
mod address;
mod builder;
mod content;
mod door;
mod down;
mod downtimes;
mod error;
mod fixture;
mod found;
#[cfg(feature = "schedule-file")]
mod from_file;
mod gate;
mod guard;
mod handle;
mod later;
mod places;
mod runtime;
mod service;
mod start;

pub use builder::FlakyServerBuilder;
pub use down::DownGuard;
pub use error::StartError;
pub use fixture::FixtureReader;
pub use guard::RuleGuard;
pub use handle::FlakyServer;
