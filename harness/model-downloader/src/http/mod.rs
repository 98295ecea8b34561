//! What requests ask, and what replies mean.

mod body;
mod client;
mod content_range;
mod etag;
mod judge;
mod rate;
mod redirects;

pub(crate) use self::body::Body;
pub(crate) use self::client::client;
pub use self::content_range::ContentRange;
pub use self::etag::StrongEtag;
pub(crate) use self::judge::{Asked, Refused, Reply, Verdict};
pub(crate) use self::redirects::Redirects;
