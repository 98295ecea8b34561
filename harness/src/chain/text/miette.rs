//! miette: a tree, in Unicode or in ASCII. [`uv`](super::uv) reads its narration.
//!
//! ```text
//! Error:   × could not install `app`
//!   ├─▶ gave up after 3 attempts
//!   ╰─▶ Connection refused (os error 111)
//!   help: try again later
//! ```

use super::level::after_level;
use super::{Format, Found, tree};

pub(super) const FORMAT: Format = Format { name: "miette", read };

fn read(lines: &[&str]) -> Option<Found> {
    let (at, text) = (0..lines.len()).rev().find_map(|at| Some((at, root(lines, at)?)))?;
    let mut found = tree::read(lines, at, text);
    // `Error: code::of::the::error` is above, with a blank line between.
    if at >= 2 && lines[at - 1].trim().is_empty() && after_level(lines[at - 2]).is_some() {
        found.lines.start = at - 2;
    }
    Some(found)
}

fn root<'a>(lines: &[&'a str], at: usize) -> Option<super::layout::Placed<'a>> {
    let line = lines[at];
    // An x could be anything where no tree is below it.
    let is_root = line.contains('×') || lines.get(at + 1).is_some_and(|below| tree::is_below_root(below));
    let is_ours = line.starts_with("  ") || after_level(line).is_some();
    tree::root(line, &["× ", "x "]).filter(|_| is_root && is_ours)
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
    fn texts_are_wrapped() {
        let text =
            "Error:   × it did not all\n  │ work out\n  ├─▶ error reading\n  │   the body\n  ╰─▶ os error\n      104\n";
        check(&FORMAT, text, &["it did not all work out", "error reading the body", "os error\n104"]);
    }
}
