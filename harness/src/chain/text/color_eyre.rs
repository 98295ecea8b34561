//! color-eyre's `{:?}`: all errors are numbered.
//!
//! ```text
//! Error:
//!    0: could not install `app`
//!    1: Connection refused (os error 111)
//!
//! Suggestion: try again later
//! ```

use super::caused_by::numbered;
use super::level::after_level;
use super::{Format, Found};

pub(super) const FORMAT: Format = Format { name: "color-eyre", read };

fn read(lines: &[&str]) -> Option<Found> {
    let is_head = |at: &usize| {
        after_level(lines[*at]) == Some("")
            && lines.get(at + 1).is_some_and(|line| line.trim_start().starts_with("0: "))
    };
    let head = (0..lines.len()).rev().find(is_head)?;
    let below = &lines[head + 1..];
    let below = &below[..below.iter().take_while(|line| line.starts_with(char::is_whitespace)).count()];
    Some(Found { links: numbered(below)?, lines: head..head + 1 + below.len() })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn the_list_ends_with_a_blank_line() {
        check(&FORMAT, "Error: \n   0: a\n      b\n   1: c\n\n   2: backtrace", &["a\nb", "c"]);
        check(&FORMAT, "Error:\n   0: a\n", &["a"]);
        check_none(&FORMAT, "Error: a\n   0: b");
    }
}
