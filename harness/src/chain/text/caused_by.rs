//! `Caused by:` on a line of its own, with the causes indented below it: anyhow, eyre, cargo.

use std::ops::Range;

use super::layout::{indent, joined, unindent};
use super::level::after_level;
use super::{Found, skip_blank};

const CAUSED_BY: &str = "Caused by:";

/// No message is longer than this.
const MESSAGE_LINES: usize = 50;

/// An error and its causes.
pub(super) struct Block {
    links: Vec<String>,
    /// The blanks before the first cause.
    pub(super) indent: usize,
    lines: Range<usize>,
}

impl Block {
    /// The line behind the block and the blank lines after it.
    pub(super) fn behind<'a>(&self, lines: &[&'a str]) -> &'a str {
        lines.get(skip_blank(lines, self.lines.end)).copied().unwrap_or_default()
    }
}

/// The last error with such causes that `wanted` is true for.
pub(super) fn last(lines: &[&str], wanted: impl Fn(&Block) -> bool) -> Option<Found> {
    let mut last = None;
    let mut at = 0;
    while at < lines.len() {
        match block(lines, at) {
            Some(block) => {
                at = block.lines.end;
                last = wanted(&block).then_some(block).or(last);
            }
            None => at += 1,
        }
    }
    last.map(|block| Found { links: block.links, lines: block.lines })
}

fn block(lines: &[&str], start: usize) -> Option<Block> {
    let message = after_level(lines[start])?;
    let caused_by = (start + 1..lines.len())
        .take(MESSAGE_LINES)
        .take_while(|&at| after_level(lines[at]).is_none())
        .find(|&at| lines[at].trim_end() == CAUSED_BY)?;
    let mut links = vec![joined([message].into_iter().chain(lines[start + 1..caused_by].iter().copied()))];
    let first = *lines.get(caused_by + 1)?;
    let mut end = caused_by;
    // cargo repeats the line before each cause.
    while lines.get(end).is_some_and(|line| line.trim_end() == CAUSED_BY) {
        let causes = end + 1;
        end = indented(lines, causes);
        links.extend(numbered(&lines[causes..end]).unwrap_or_else(|| plain(&lines[causes..end])));
        let next = skip_blank(lines, end);
        if lines.get(next).is_some_and(|line| line.trim_end() == CAUSED_BY) {
            end = next;
        }
    }
    Some(Block { links, indent: indent(first), lines: start..end })
}

/// Where the indented lines from `from` on end.
fn indented(lines: &[&str], from: usize) -> usize {
    from + lines[from..].iter().take_while(|line| line.starts_with(char::is_whitespace)).count()
}

/// One cause, of one or more lines.
fn plain(lines: &[&str]) -> Vec<String> {
    let column = lines.first().map_or(0, |line| indent(line));
    let cause = joined(lines.iter().map(|line| unindent(line, column)));
    if cause.is_empty() { Vec::new() } else { vec![cause] }
}

/// `0: ...`, `1: ...`, in their order; a cause goes on where the next number does not come.
pub(super) fn numbered(lines: &[&str]) -> Option<Vec<String>> {
    let mut causes: Vec<Vec<&str>> = Vec::new();
    let mut column = 0;
    for line in lines {
        match line.trim_start().strip_prefix(&format!("{}: ", causes.len())) {
            Some(cause) => {
                column = line.chars().count() - cause.chars().count();
                causes.push(vec![cause]);
            }
            // Of a numbered list, each line is indented at least as far as its texts.
            None if indent(line) < column => break,
            None => causes.last_mut()?.push(unindent(line, column)),
        }
    }
    (!causes.is_empty()).then(|| causes.into_iter().map(joined).collect())
}
