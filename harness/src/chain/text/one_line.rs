//! One line with all errors in it, which `{:#}` of anyhow and eyre gives.
//!
//! ```text
//! Error: could not install `app`: gave up after 3 attempts: Connection refused (os error 111)
//! ```

use super::level::after_level;
use super::{Format, Found, announces, implies, joined};

pub(super) const FORMAT: Format = Format { name: "one line", read };

fn read(lines: &[&str]) -> Option<Found> {
    let message = |at: &usize| after_level(lines[*at]).filter(|message| !message.is_empty());
    let at = (0..lines.len()).rev().find(|at| message(at).is_some())?;
    if announces(lines[at]) || implies(lines[at]) {
        return None;
    }
    Some(Found { links: joined::split(message(&at)?), lines: at..at + 1 })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn the_last_line_with_a_level_counts() {
        check(&FORMAT, "error: a: b\nError: c: d (os error 1)\n", &["c", "d (os error 1)"]);
        check_none(&FORMAT, "error: a; retrying in 2s\n");
        check_none(&FORMAT, "warning: a: b\n");
    }
}
