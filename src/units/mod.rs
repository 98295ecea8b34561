//! Sizes, offsets, rates, probabilities and durations as people write them.
//!
//! Every unit has one spelling: `1MB` is 1,000,000 bytes and `1MiB` is 1,048,576, as in the SI and the IEC.
//! A near miss (`1mb`, `1M`, `1 MB`) is an error that names the right spelling, never a guess. Parse and display
//! are inverse to each other; values are exact integers inside, so that nothing is ever rounded twice.
//!
//! | what | examples |
//! |---|---|
//! | [`ByteSize`] | `1000`, `64kB`, `1.5MB`, `1MiB` |
//! | [`Offset`] | a size, `50%`, `12.5%`, `end`, `end-1kB` |
//! | [`Rate`] | `500kB/s` |
//! | [`Probability`] | `0.3`, `30%` |
//! | duration | `250ms`, `2s`, `1m30s` |

mod byte_size;
mod decimal;
mod duration;
mod error;
mod offset;
mod probability;
mod rate;
#[cfg(feature = "schedule-file")]
mod some;

pub use self::{
    byte_size::ByteSize,
    duration::{display_duration, parse_duration},
    error::UnitError,
    offset::Offset,
    probability::Probability,
    rate::Rate,
};

pub(crate) use self::error::{printable, quoted};
#[cfg(feature = "schedule-file")]
pub(crate) use self::some::{some_bytes, some_time};
