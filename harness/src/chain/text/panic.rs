//! Rust's panics: of `unwrap` and `expect`, which show an error after what they say themselves.
//!
//! ```text
//! thread 'main' panicked at src/main.rs:3:9:
//! could not install: Custom { kind: Other, error: "no" }
//! note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace
//! ```

use super::caused_by::numbered;
use super::layout::{indent, joined, unindent};
use super::{Format, Found};

pub(super) const FORMAT: Format = Format { name: "panic", read };

fn read(lines: &[&str]) -> Option<Found> {
    let is_head = |line: &&str| line.starts_with("thread '") && line.contains(" panicked at ");
    let head = lines.iter().rposition(is_head)?;
    let below = &lines[head + 1..];
    let length = below.iter().take_while(|line| !is_end(line)).count();
    let message = &below[..length];
    let (message, causes) = match message.iter().position(|line| line.trim_end() == "Caused by:") {
        Some(at) => (&message[..at], causes(&message[at + 1..])),
        None => (message, Vec::new()),
    };
    let links = [joined(message.iter().copied())].into_iter().chain(causes).filter(|link| !link.is_empty());
    Some(Found { links: links.collect(), lines: head..head + 1 + length })
}

fn is_end(line: &str) -> bool {
    ["note: ", "stack backtrace:", "Stack backtrace:", "Location:"].iter().any(|end| line.starts_with(end))
}

fn causes(lines: &[&str]) -> Vec<String> {
    let lines = &lines[..lines.iter().take_while(|line| line.starts_with(char::is_whitespace)).count()];
    let column = lines.first().map_or(0, |line| indent(line));
    numbered(lines).unwrap_or_else(|| vec![joined(lines.iter().map(|line| unindent(line, column)))])
}

#[cfg(test)]
mod tests {
    use super::super::testing::check;
    use super::FORMAT;

    #[test]
    fn errors_are_shown_as_anyhow_does() {
        let head = "thread 'main' panicked at src/main.rs:3:9:";
        let note = "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace";
        check(&FORMAT, &format!("{head}\na: B\n{note}\n"), &["a: B"]);
        check(&FORMAT, &format!("{head}\na: b\n\nCaused by:\n    0: c\n    1: d\n{note}\n"), &["a: b", "c", "d"]);
        check(&FORMAT, &format!("{head}\na: b\n\nCaused by:\n    c\n"), &["a: b", "c"]);
    }
}
