//! uv, and others that print each cause by hand, on a line that says so.
//!
//! ```text
//! error: Failed to install app
//!   cause: Request failed after 3 retries in 9.2s
//!   cause: connection closed before message completed
//! ```
//!
//! Older ones say `Caused by:`. In a terminal, uv wraps long causes and indents the rest of them as far as their
//! beginning.

use super::layout::{Placed, indent, unwrapped};
use super::level::after_level;
use super::{Format, Found};

pub(super) const FORMAT: Format = Format { name: "uv", read };

const MARKS: &[&str] = &["Caused by: ", "caused by: ", "cause: ", "Cause: "];

/// No message is longer than this.
const MESSAGE_LINES: usize = 50;

fn read(lines: &[&str]) -> Option<Found> {
    let mut last = None;
    let mut at = 0;
    while at < lines.len() {
        match block(lines, at) {
            Some(found) => {
                at = found.lines.end;
                last = Some(found);
            }
            None => at += 1,
        }
    }
    last
}

fn block(lines: &[&str], start: usize) -> Option<Found> {
    let message = after_level(lines[start]).filter(|message| !message.is_empty())?;
    let first_cause = (start + 1..lines.len())
        .take(MESSAGE_LINES)
        .take_while(|&at| after_level(lines[at]).is_none())
        .find(|&at| cause(lines[at]).is_some())?;
    let column = lines[start].trim_end().chars().count() - message.chars().count();
    let rest = lines[start + 1..first_cause].iter().filter(|line| !is_severity(line));
    let mut messages = vec![vec![Placed { column, text: message }]];
    messages[0].extend(rest.map(|line| Placed { column: indent(line), text: line.trim() }));
    let mut end = first_cause;
    while let Some(line) = lines.get(end) {
        if let Some(cause) = cause(line) {
            messages.push(vec![cause]);
        } else if let Some(of) = messages.last_mut().filter(|of| of[0].column == indent(line)) {
            of.push(Placed { column: indent(line), text: line.trim() });
        } else {
            break;
        }
        end += 1;
    }
    Some(Found { links: unwrapped(&messages), lines: start..end })
}

fn cause(line: &str) -> Option<Placed<'_>> {
    let indented = line.strip_prefix(char::is_whitespace)?.trim();
    let text = MARKS.iter().find_map(|mark| indented.strip_prefix(mark))?;
    Some(Placed { column: line.trim_end().chars().count() - text.chars().count(), text })
}

/// A line that miette's narration has between an error and its causes.
fn is_severity(line: &str) -> bool {
    line.trim_start().starts_with("Diagnostic severity: ")
}

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

    #[test]
    fn miette_narrates() {
        check(&FORMAT, "Error: a\n    Diagnostic severity: error\n    Caused by: b\ndiagnostic code: c", &["a", "b"]);
    }
}
