//! Fixtures of any size that are computed, and kept nowhere.
//!
//! Every byte follows from the path, the length and the seed, so that a part is computed without what stands before
//! it. A [`Layout`] says what stands where; its bytes are [`Noise`] wherever nothing else has to be there.
//!
//! An archive needs a checksum of all that is in it. [`Gzip`](gzip::Gzip) arranges for one that is known without
//! reading it all.

mod gzip;
mod layout;
mod noise;
mod payload;
mod spec;
mod tar;
#[cfg(test)]
mod tests;

pub(super) use self::layout::Layout;
use self::noise::Noise;
use self::payload::Payload;
pub use self::spec::Generated;
