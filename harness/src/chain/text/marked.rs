//! An error, and below it each cause on a line that says so: uv, miette's narration, and many programs by hand.

use super::Found;
use super::layout::{Placed, indent, unwrapped};
use super::level::after_level;

const MARKS: &[&str] = &["Caused by: ", "caused by: ", "cause: ", "Cause: "];

/// No message is longer than this.
const MESSAGE_LINES: usize = 50;

/// The last error with such causes.
///
/// `is_note` is true for lines between an error and its causes that do not belong to its message.
pub(super) fn last(lines: &[&str], is_note: fn(&str) -> bool) -> Option<Found> {
    let mut last = None;
    let mut at = 0;
    while at < lines.len() {
        match block(lines, at, is_note) {
            Some(found) => {
                at = found.lines.end;
                last = Some(found);
            }
            None => at += 1,
        }
    }
    last
}

fn block(lines: &[&str], start: usize, is_note: fn(&str) -> bool) -> Option<Found> {
    let message = after_level(lines[start]).filter(|message| !message.is_empty())?;
    let first_cause = (start + 1..lines.len())
        .take(MESSAGE_LINES)
        .take_while(|&at| after_level(lines[at]).is_none())
        .find(|&at| cause(lines[at]).is_some())?;
    let rest = lines[start + 1..first_cause].iter().filter(|line| !is_note(line));
    let rest = rest.map(|line| Placed { column: indent(line), text: line.trim() });
    let mut messages = vec![[Placed::at_end_of(lines[start], message)].into_iter().chain(rest).collect::<Vec<_>>()];
    let mut end = first_cause;
    while let Some(line) = lines.get(end) {
        let open =
            messages.last_mut().filter(|message| message.first().is_some_and(|first| first.column == indent(line)));
        match (cause(line), open) {
            (Some(cause), _) => messages.push(vec![cause]),
            // A wrapped cause is indented as far as its beginning.
            (None, Some(open)) => open.push(Placed { column: indent(line), text: line.trim() }),
            (None, None) => break,
        }
        end += 1;
    }
    Some(Found { links: unwrapped(&messages), lines: start..end })
}

fn cause(line: &str) -> Option<Placed<'_>> {
    let indented = line.strip_prefix(char::is_whitespace)?.trim();
    let text = MARKS.iter().find_map(|mark| indented.strip_prefix(mark))?;
    Some(Placed::at_end_of(line, text))
}
