//! uv: each cause on its line.
//!
//! ```text
//! error: Failed to install app
//!   cause: Request failed after 3 retries in 9.2s
//!   cause: connection closed before message completed
//! ```
//!
//! Older ones say `Caused by:`, as programs do that print the sources of an error by hand. In a terminal, uv wraps long
//! causes.

use super::{Format, marked};

pub(super) const FORMAT: Format = Format { name: "uv", read: |lines| marked::last(lines, |_| false) };

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn each_cause_says_so() {
        check(&FORMAT, "error: a\n  Caused by: b\n  Caused by: c: d\n\nhint: e", &["a", "b", "c: d"]);
        check(&FORMAT, "error: a\nerror: b\n  cause: c\nInstalled d", &["b", "c"]);
        check_none(&FORMAT, "error: a\nCaused by: b");
        check_none(&FORMAT, "  cause: b\n  cause: c");
    }

    #[test]
    fn long_causes_are_wrapped() {
        let text =
            "error: a\n  cause: Failed to extract archive:\n         cpython-3.8.20-linux-gnu.tar.gz\n  cause: b\n";
        check(&FORMAT, text, &["a", "Failed to extract archive: cpython-3.8.20-linux-gnu.tar.gz", "b"]);
    }
}
