//! One attempt.

mod file;
mod folder;
mod pour;

pub(crate) use self::file::fetch;
pub(crate) use self::folder::{extract, vacant};
pub(crate) use self::pour::pour;
