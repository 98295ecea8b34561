//! miette: a tree, in Unicode or in ASCII, or a narration of it.
//!
//! ```text
//! Error:   × could not install `app`
//!   ├─▶ gave up after 3 attempts
//!   ╰─▶ Connection refused (os error 111)
//!   help: try again later
//! ```

use super::layout::Placed;
use super::level::after_level;
use super::{Format, Found, marked, tree};

pub(super) const FORMAT: Format = Format { name: "miette", read };

fn read(lines: &[&str]) -> Option<Found> {
    let tree = tree::last(lines, |at| root(lines, at));
    let narration = marked::last(lines, is_severity)
        .filter(|found| lines[found.lines.clone()].iter().any(|line| is_severity(line)));
    [tree, narration].into_iter().flatten().max_by_key(|found| found.lines.start)
}

fn root<'a>(lines: &[&'a str], at: usize) -> Option<Placed<'a>> {
    let line = lines[at];
    // An x could be anything where no tree is below it.
    let is_root = line.contains('×') || lines.get(at + 1).is_some_and(|below| tree::is_below_root(below));
    let is_ours = line.starts_with("  ") || after_level(line).is_some();
    tree::root(line, &["× ", "x "]).filter(|_| is_root && is_ours)
}

/// The line between an error and its causes in a narration.
fn is_severity(line: &str) -> bool {
    line.trim_start().starts_with("Diagnostic severity: ")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn trees_are_drawn_in_two_ways() {
        check(&FORMAT, "Error:   × a\n  ├─▶ b\n  ╰─▶ c\n  help: d\n", &["a", "b", "c"]);
        check(&FORMAT, "Error: app::code\n\n  x a\n  |-> b\n  `-> c\n", &["a", "b", "c"]);
        check(&FORMAT, "Error:   × a\n", &["a"]);
        check_none(&FORMAT, "  x a\n");
    }

    #[test]
    fn narrations_are_for_screen_readers() {
        check(&FORMAT, "Error: a\n    Diagnostic severity: error\n    Caused by: b\ndiagnostic code: c", &["a", "b"]);
        check_none(&FORMAT, "Error: a\n    Caused by: b\n");
    }

    #[test]
    fn texts_are_wrapped() {
        let text =
            "Error:   × it did not all\n  │ work out\n  ├─▶ error reading\n  │   the body\n  ╰─▶ os error\n      104\n";
        check(&FORMAT, text, &["it did not all work out", "error reading the body", "os error\n104"]);
    }
}
