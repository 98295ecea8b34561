//! Python's tracebacks. The outermost exception is the last one.
//!
//! ```text
//! Traceback (most recent call last):
//!   File "get.py", line 3, in get
//!     sock.connect(address)
//! ConnectionRefusedError: [Errno 111] Connection refused
//!
//! The above exception was the direct cause of the following exception:
//!
//! Traceback (most recent call last):
//!   File "get.py", line 5, in <module>
//!     raise RuntimeError("could not install `app`") from error
//! RuntimeError: could not install `app`
//! ```

use super::layout::joined;
use super::{Format, Found, announces};

pub(super) const FORMAT: Format = Format { name: "python", read };

/// No message without a traceback is longer than this.
const MESSAGE_LINES: usize = 50;

const TRACEBACK: &str = "Traceback (most recent call last):";
const JOINTS: &[&str] = &[
    "The above exception was the direct cause of the following exception:",
    "During handling of the above exception, another exception occurred:",
];

fn read(lines: &[&str]) -> Option<Found> {
    let mut last = None;
    // The exceptions so far of a chain that goes on, and where it started.
    let mut open: Option<(usize, Vec<String>)> = None;
    let mut at = 0;
    while at < lines.len() {
        if is_traceback(lines[at]) {
            let exception = frames_end(lines, at + 1);
            if lines.get(exception).is_none_or(|line| line.is_empty()) {
                open = None;
                at = exception;
                continue;
            }
            let (start, mut exceptions) = open.take().unwrap_or((at, Vec::new()));
            let (end, is_joined) = message_end(lines, exception);
            exceptions.push(joined(lines[exception..end].iter().copied()));
            if is_joined {
                open = Some((start, exceptions));
                at = end + 1;
            } else {
                exceptions.reverse();
                last = Some(Found { links: exceptions, lines: start..end });
                at = end;
            }
        } else {
            // An exception that was never raised has no traceback.
            if let Some(exception) = exception_above(lines, at) {
                let (_, exceptions) = open.get_or_insert((exception, Vec::new()));
                exceptions.push(joined(lines[exception..at].iter().copied()));
            }
            at += 1;
        }
    }
    last
}

/// The line before the frames; also of a traceback that rich has drawn a box around.
fn is_traceback(line: &str) -> bool {
    let line = line.trim_end();
    line == TRACEBACK || line.starts_with('╭') && line.contains(TRACEBACK.trim_end_matches(':'))
}

fn is_joint(line: &str) -> bool {
    JOINTS.contains(&line.trim_end())
}

fn is_frame(line: &str) -> bool {
    line.starts_with(|char: char| char.is_whitespace() || matches!(char, '│' | '╰'))
}

/// Where the frames end, and the exception is.
fn frames_end(lines: &[&str], from: usize) -> usize {
    from + lines[from..].iter().take_while(|line| is_frame(line)).count()
}

/// Where the message of an exception ends, and whether it is joined there to the next one: at the joint, wherever it
/// comes, or else at a blank line or where the program goes on with a retry.
fn message_end(lines: &[&str], from: usize) -> (usize, bool) {
    let mut end = None;
    for (at, line) in lines.iter().enumerate().skip(from) {
        if is_joint(line) {
            return (at, true);
        }
        if is_traceback(line) {
            return (end.unwrap_or(at), false);
        }
        if line.trim().is_empty() || announces(line) {
            end = end.or(Some(at));
        }
    }
    (end.unwrap_or(lines.len()), false)
}

/// The line above a joint, a blank line away, that starts with the name of a class.
fn exception_above(lines: &[&str], joint: usize) -> Option<usize> {
    if !is_joint(lines[joint]) {
        return None;
    }
    let above = (0..joint).rev().take(MESSAGE_LINES).skip_while(|&at| lines[at].trim().is_empty());
    above.take_while(|&at| !lines[at].trim().is_empty()).find(|&at| starts_with_class(lines[at]))
}

/// `ValueError: ...` or `package.module.ValueError`.
fn starts_with_class(line: &str) -> bool {
    let path = line.split_once(": ").map_or(line, |(path, _)| path);
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|char| char.is_alphanumeric() || char == '_');
    let class = path.rsplit('.').next().unwrap_or_default();
    path.split('.').all(is_word) && class.starts_with(char::is_uppercase)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    const HEAD: &str = "Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\n    f()\n    ^^^\n";
    const CAUSE: &str = "\nThe above exception was the direct cause of the following exception:\n\n";
    const CONTEXT: &str = "\nDuring handling of the above exception, another exception occurred:\n\n";

    #[test]
    fn the_last_exception_is_the_outermost() {
        let text = format!("log\n{HEAD}a.B: c\n{CAUSE}{HEAD}D: e\nf\n{CONTEXT}{HEAD}G\n");
        check(&FORMAT, &text, &["G", "D: e\nf", "a.B: c"]);
        check(&FORMAT, &format!("{HEAD}A: b\n\nretried\n{HEAD}C: d\n"), &["C: d"]);
        check(&FORMAT, &format!("{HEAD}A: b\nc\nRetrying in 1 second\n"), &["A: b\nc"]);
    }

    #[test]
    fn an_exception_that_was_not_raised_has_no_traceback() {
        check(&FORMAT, &format!("WARNING:log:Retrying\na.B: c\n{CAUSE}{HEAD}D: e\n"), &["D: e", "a.B: c"]);
    }

    #[test]
    fn a_traceback_may_be_in_a_box() {
        let head = "╭── Traceback (most recent call last) ──╮\n│ a.py:1 in f │\n│ ❱ 1 f()     │\n╰────╯\n";
        check(&FORMAT, &format!("{head}A: b\n{CAUSE}{head}C: d\n"), &["C: d", "A: b"]);
    }

    #[test]
    fn a_traceback_without_its_end_is_none() {
        check_none(&FORMAT, HEAD);
        check_none(&FORMAT, &format!("{HEAD}\nA: b\n"));
        check_none(&FORMAT, &format!("{CAUSE}{CAUSE}"));
        check_none(&FORMAT, &format!("{HEAD}A: b\n{CAUSE}"));
    }
}
