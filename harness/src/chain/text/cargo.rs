//! cargo: one `Caused by:` for each cause, indented by two.
//!
//! ```text
//! error: failed to download from `http://h/app-1.0.0.crate`
//!
//! Caused by:
//!   [56] Failure when receiving data from the peer (Recv failure: Connection reset by peer)
//! ```

use super::{Format, caused_by};

pub(super) const FORMAT: Format =
    Format { name: "cargo", read: |lines| caused_by::last(lines, |block| block.indent < 3) };

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::FORMAT;

    #[test]
    fn each_cause_has_its_line() {
        check(&FORMAT, "error: a\n\nCaused by:\n  b\n\nCaused by:\n  c\n  d\n", &["a", "b", "c\nd"]);
    }
}
