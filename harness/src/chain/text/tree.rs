//! Trees of errors, as miette and pip draw them, in Unicode and in ASCII.

use super::Found;
use super::layout::{Placed, indent, unwrapped};
use super::level::after_level;

/// What a line of a tree is.
enum Part<'a> {
    /// `├─▶ ...`
    Branch(Placed<'a>),
    /// `│ ...`, or something that is indented as far as the texts are.
    More(Placed<'a>),
}

const BRANCHES: &[&str] = &["├─▶ ", "╰─▶ ", "├─> ", "╰─> ", "|-> ", "`-> "];
const BARS: &[&str] = &["│", "|"];

/// The last tree with a root, which `root` gives the text of, if it is at a line.
pub(super) fn last<'a>(lines: &[&'a str], root: impl Fn(usize) -> Option<Placed<'a>>) -> Option<Found> {
    let (at, text) = (0..lines.len()).rev().find_map(|at| Some((at, root(at)?)))?;
    let mut found = read(lines, at, text);
    // The name of the error may be above: `error: connection-failed`, and a blank line.
    if at >= 2 && lines[at - 1].trim().is_empty() && after_level(lines[at - 2]).is_some() {
        found.lines.start = at - 2;
    }
    Some(found)
}

fn read<'a>(lines: &[&'a str], root: usize, text: Placed<'a>) -> Found {
    let mut messages = vec![vec![text]];
    let mut end = root + 1;
    while let Some(part) = lines.get(end).and_then(|line| part(line, &messages)) {
        match part {
            Part::Branch(text) => messages.push(vec![text]),
            Part::More(text) => messages.last_mut().unwrap_or(&mut Vec::new()).push(text),
        }
        end += 1;
    }
    Found { links: unwrapped(&messages), lines: root..end }
}

/// The text behind the mark of a root, without a level before it: the column is that of a line without one.
pub(super) fn root<'a>(line: &'a str, marks: &[&str]) -> Option<Placed<'a>> {
    let tree = after_level(line).map_or(line, |_| line.split_once(": ").map_or("", |(_, tree)| tree));
    let text = marks.iter().find_map(|mark| tree.trim_start().strip_prefix(mark))?;
    Some(Placed::at_end_of(tree, text.trim_end()))
}

/// Whether a line is the first of a tree's branches, or goes on with its root.
pub(super) fn is_below_root(line: &str) -> bool {
    BRANCHES.iter().chain(BARS).any(|mark| line.trim_start().starts_with(mark))
}

fn part<'a>(line: &'a str, messages: &[Vec<Placed<'a>>]) -> Option<Part<'a>> {
    let inner = line.trim();
    if let Some(text) = BRANCHES.iter().find_map(|mark| inner.strip_prefix(mark)) {
        return Some(Part::Branch(Placed::at_end_of(line, text)));
    }
    if let Some(text) = BARS.iter().find_map(|mark| inner.strip_prefix(mark)) {
        return Some(Part::More(Placed::at_end_of(line, text.trim_start())));
    }
    let texts = messages.last()?.first()?.column;
    let of_branch = messages.len() > 1 && !inner.is_empty() && indent(line) == texts;
    of_branch.then(|| Part::More(Placed::at_end_of(line, inner)))
}
