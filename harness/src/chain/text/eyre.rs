//! eyre's `{:?}`: that of anyhow, and the place where the error was made.
//!
//! ```text
//! Error: could not install `app`
//!
//! Caused by:
//!    0: gave up after 3 attempts
//!    1: Connection refused (os error 111)
//!
//! Location:
//!     src/main.rs:11:39
//! ```

use super::{Format, caused_by};

pub(super) const FORMAT: Format = Format {
    name: "eyre",
    read: |lines| caused_by::last(lines, |block| block.behind(lines).trim_end() == "Location:"),
};

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn the_place_is_no_link() {
        check(&FORMAT, "Error: a\n\nCaused by:\n   0: b\n\nLocation:\n    src/main.rs:1:2\n", &["a", "b"]);
        check_none(&FORMAT, "Error: a\n\nCaused by:\n   0: b\n");
    }
}
