//! anyhow's `{:?}`, which `main` prints.
//!
//! ```text
//! Error: could not install `app`
//!
//! Caused by:
//!     0: error decoding response body
//!     1: Connection reset by peer (os error 104)
//! ```
//!
//! A single cause has no number. [`one_line`](super::one_line) reads `{:#}`.

use super::{Format, caused_by};

pub(super) const FORMAT: Format = Format { name: "anyhow", read: |lines| caused_by::last(lines, |_| true) };

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn causes_have_numbers_or_not() {
        let text =
            "Error: a\n\nCaused by:\n    0: b\n    1: c\n       d\n       \n       e\n\nStack backtrace:\n   0: f";
        check(&FORMAT, text, &["a", "b", "c\nd\n\ne"]);
        check(&FORMAT, "Error: a\n\nCaused by:\n    b\n    c\n", &["a", "b\nc"]);
        check(&FORMAT, "Error: a\nb\n\nc\n\nCaused by:\n    d", &["a\nb\n\nc", "d"]);
    }

    #[test]
    fn the_last_error_counts() {
        check(&FORMAT, "Error: a\nError: b\n\nCaused by:\n    c\nError: d", &["b", "c"]);
        check(&FORMAT, "Error: a\n\nCaused by:\n    b\n\nError: c\n\nCaused by:\n    d", &["c", "d"]);
        check_none(&FORMAT, "Caused by:\n    b");
        check_none(&FORMAT, "Error: a\n\nCaused by:");
    }
}
