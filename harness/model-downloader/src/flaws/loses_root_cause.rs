//! Says that it failed, and not why.
//!
//! `map_err(|_| ...)`, an error printed with `{}` instead of its chain, `except Exception: raise DownloadError(url)`.
//! pip reported bodies that were cut short as wrong hashes (pypa/pip#11153).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "loses-root-cause",
    summary: "says that it failed, and not why",
    change: |policy| {
        policy.telling.causes = false;
    },
};
