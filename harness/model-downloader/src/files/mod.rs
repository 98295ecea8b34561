//! What is on the disk while a download is not complete.

mod entry;
mod partial;

pub(crate) use self::entry::Facts;
pub(crate) use self::partial::{Partial, beside};
