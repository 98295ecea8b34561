//! wget: a paragraph for each attempt, which says at its end what went wrong.
//!
//! ```text
//! --2026-11-24 02:52:40--  (try: 3)  http://h/app.tar.gz
//! Connecting to 127.0.0.1:80... connected.
//! HTTP request sent, awaiting response... No data received.
//! Giving up.
//! ```

use std::sync::LazyLock;

use regex::Regex;

use super::{Format, Found, skip_blank};
use crate::chain::table::regex;

pub(super) const FORMAT: Format = Format { name: "wget", read };

/// The start of an attempt.
static ATTEMPT: LazyLock<Regex> = LazyLock::new(|| regex(r"^--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--  "));

/// The end of an attempt that worked.
static SAVED: LazyLock<Regex> = LazyLock::new(|| regex(r" (?:saved \[\d|-> \x22)"));

/// What was being done, and what came of it.
static STEP: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"^(?:Resolving|Connecting to|(?:HTTP|Proxy) request sent, awaiting response)\b.*?\.\.\. (?P<result>.+)$")
});

/// How a body, or a reply, ended: `2026-11-24 02:55:27 (253 MB/s) - Connection closed at byte 300000. Giving up.`
static ENDED: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d (?:\([^)]*\) - )?(?P<result>ERROR \d{3}: .*|.*?)(?P<then> Giving up\.| Retrying\.)?$",
    )
});

/// Lines that say by themselves what went wrong: all that there is with `--no-verbose`.
static BARE: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"^(?:wget: )?(?P<result>No data received\.|Read error .*|Connection closed at byte \d+\.|Unable to establish SSL connection\.|unable to resolve host address .*|failed: .*)$",
    )
});

fn read(lines: &[&str]) -> Option<Found> {
    let attempt = lines.iter().rposition(|line| ATTEMPT.is_match(line));
    let start = attempt.unwrap_or(0);
    if lines[start..].iter().any(|line| SAVED.is_match(line)) {
        return None;
    }
    let errors = (start..lines.len()).rev();
    let (at, error) = errors.into_iter().find_map(|at| Some((at, error(lines, at, attempt.is_some())?)))?;
    Some(Found { links: vec![error.to_owned()], lines: attempt.unwrap_or(at)..at + 1 })
}

fn error<'a>(lines: &[&'a str], at: usize, verbose: bool) -> Option<&'a str> {
    let line = lines[at].trim_end();
    let result = |parts: regex::Captures<'a>| parts.name("result").map(|result| result.as_str());
    if let Some(parts) = BARE.captures(line) {
        return result(parts).filter(|_| next(lines, at) != "Retrying.");
    }
    if let Some(parts) = ENDED.captures(line) {
        let given_up = parts.name("then").is_some_and(|then| then.as_str() == " Giving up.");
        return result(parts).filter(|result| given_up || result.starts_with("ERROR "));
    }
    let step = STEP.captures(line).filter(|_| verbose).and_then(result)?;
    (next(lines, at) == "Giving up." || step.starts_with("failed: ") && next(lines, at) != "Retrying.").then_some(step)
}

/// The next line that is not blank.
fn next<'a>(lines: &[&'a str], at: usize) -> &'a str {
    lines.get(skip_blank(lines, at + 1)).map_or("", |line| line.trim())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_none};
    use super::FORMAT;

    const ATTEMPT: &str = "--2026-11-24 02:52:40--  http://h/a\n";
    const SENT: &str = "HTTP request sent, awaiting response... ";

    #[test]
    fn the_last_attempt_counts() {
        check(&FORMAT, &format!("{ATTEMPT}{SENT}A.\nRetrying.\n\n{ATTEMPT}{SENT}B.\nGiving up.\n"), &["B."]);
        check(&FORMAT, &format!("{ATTEMPT}{SENT}503 No\n2026-11-24 02:52:53 ERROR 503: No.\n"), &["ERROR 503: No."]);
        check(
            &FORMAT,
            &format!("{ATTEMPT}Connecting to h... failed: Connection refused.\n"),
            &["failed: Connection refused."],
        );
        check(&FORMAT, "No data received.\nNo data received.\n", &["No data received."]);
    }

    #[test]
    fn what_worked_is_no_error() {
        let ended = "2026-11-24 02:55:27 (253 MB/s) - ";
        check_none(
            &FORMAT,
            &format!("{ATTEMPT}{ended}Connection closed at byte 3. Retrying.\n\n{ATTEMPT}{ended}‘a’ saved [1/1]\n"),
        );
        check_none(&FORMAT, &format!("{ATTEMPT}{SENT}A.\nRetrying.\n"));
        check_none(&FORMAT, &format!("{SENT}A.\nGiving up.\n"));
    }
}
