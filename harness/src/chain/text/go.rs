//! Go, and others that print the name of the program, or the time, before the error: at the end of all that they say.
//!
//! ```text
//! get: Get "http://h/app.tar.gz": dial tcp 127.0.0.1:80: connect: connection refused
//! ```
//!
//! Or `panic: ...`, with the stacks of the goroutines below it.

use std::sync::LazyLock;

use regex::Regex;

use super::level::after_level;
use super::{Format, Found, announces, implies, joined};
use crate::chain::table::regex;

pub(super) const FORMAT: Format = Format { name: "go", read };

/// What Go's log package prints before a message.
static TIME: LazyLock<Regex> =
    LazyLock::new(|| regex(r"^\d{4}/\d\d/\d\d \d\d:\d\d:\d\d(?:\.\d+)? (?:\S+\.go:\d+: )?(?P<message>.+)$"));

/// The name of a program.
static NAME: LazyLock<Regex> = LazyLock::new(|| regex(r"^(?P<name>[a-z][\w.+-]*): (?P<message>.+)$"));

/// Without the time or a level before it, only such words make a line an error.
static FAILURE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?i)\b(?:abort(?:ed)?|broken|cannot|can't|could(?:n't| not)|denied|didn't|EOF|errors?|exceeded|fail(?:ed|s|ure)?|gave up|giving up|invalid|no (?:route|such)|not found|refused|reset by|status:? [45]\d\d|[45]\d\d (?-i:[A-Z])\w+|time(?:d )?out|unable|unexpected|unreachable|unsupported)\b",
    )
});

/// Nothing went wrong.
static NO_FAILURE: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:0|no|without) (?:errors?|failures?|failed)\b"));

/// These are levels: of what is not an error, or of what [`one_line`](super::one_line) reads.
const NOT_NAMES: &[&str] =
    &["debug", "error", "fatal", "help", "hint", "info", "note", "notice", "trace", "usage", "warn", "warning"];

fn read(lines: &[&str]) -> Option<Found> {
    panic(lines).or_else(|| last_line(lines))
}

fn panic(lines: &[&str]) -> Option<Found> {
    let goroutine = lines.iter().rposition(|line| line.starts_with("goroutine ") && line.trim_end().ends_with("]:"))?;
    let at = lines[..goroutine].iter().rposition(|line| line.starts_with("panic: "))?;
    let message = lines[at].strip_prefix("panic: ")?.trim_end();
    let end = at + lines[at..].iter().take_while(|line| !line.trim().is_empty()).count();
    Some(Found { links: joined::split(message), lines: at..end })
}

fn last_line(lines: &[&str]) -> Option<Found> {
    let at = lines.iter().rposition(|line| !line.trim().is_empty())?;
    let line = lines[at].trim_end();
    let message = message(line).filter(|message| FAILURE.is_match(message) && !NO_FAILURE.is_match(message))?;
    let is_logged = announces(line) || implies(line);
    (!is_logged).then(|| Found { links: joined::split(message), lines: at..at + 1 })
}

fn message(line: &str) -> Option<&str> {
    let parts = TIME.captures(line).or_else(|| NAME.captures(line))?;
    let is_name = parts.name("name").is_none_or(|name| !NOT_NAMES.contains(&name.as_str()));
    let message = parts.name("message").filter(|_| is_name)?.as_str();
    Some(after_level(message).unwrap_or(message))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    #[test]
    fn the_name_is_no_link() {
        check(&FORMAT, "get: reading body: unexpected EOF\n\n", &["reading body", "unexpected EOF"]);
        check(&FORMAT, "2026/11/24 02:58:27 main.go:7: could not install: EOF", &["could not install", "EOF"]);
        check(&FORMAT, "git: fatal: unable to access", &["unable to access"]);
    }

    #[test]
    fn panics_have_stacks() {
        check(&FORMAT, "panic: a: b\n\ngoroutine 1 [running]:\nmain.main()\n", &["a", "b"]);
    }

    #[test]
    fn only_the_end_counts() {
        check_none(&FORMAT, "get: unexpected EOF\n1289334 bytes\n");
        check_none(&FORMAT, "2026/11/24 02:58:34 attempt 2/3 failed: EOF\n");
        check_none(&FORMAT, "note: the first mirror failed\n");
        check_none(&FORMAT, "tests: 5 passed, 0 failed\n");
        check_none(&FORMAT, "saved: app.tar.gz\n");
        check_none(&FORMAT, "get: status 200, 503 bytes\n");
    }
}
