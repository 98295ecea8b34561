//! Whether a downloader says what went wrong last, in whichever words: those of libraries are known to
//! [`Meaning`], and people have others. To be taken at one's word takes little.

use std::sync::LazyLock;

use regex::Regex;

use crate::chain::Link;
use crate::chain::table::regex;
use crate::{Meaning, Outcome};

/// The connection, or the body, ended too early.
static EOF: LazyLock<Regex> = LazyLock::new(|| {
    regex(concat!(
        r"(?i)\bclosed\b|\bincomplete|\btruncated?\b|\bpremature|\bshort read\b|\btoo short\b|\bshorter than\b|",
        r"\b(?:size|length) mismatch\b|\bended? (?:too )?early\b|\bcut (?:off|short)\b|\bunexpected(?:ly)? (?:end|eof)|",
        r"\bexpected \d+.*\b(?:got|received) \d+|\b(?:got|received) \d+.*\bexpected \d+|\b\d+ (?:of|out of|/) \d+ bytes\b|",
        r"\b\d+ bytes (?:received|expected)\b|\b\d+ instead of \d+\b|\bwrong (?:size|length)\b|\binterrupted\b|",
        r"\bbytes (?:are )?missing\b|\bconnection (?:was )?(?:lost|broken|dropped|aborted)\b"
    ))
});

static REFUSED: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?i)\brefused\b|\b(?:could not|cannot|can't|failed to|unable to) connect\b"));

/// Who writes behind a reset is told of a broken pipe (POSIX, `write`).
static RESET: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\breset\b|\bECONNRESET\b|\bEPIPE\b|\bbroken pipe\b"));

static TIMEOUT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        // Exceptions are called so: `ReadTimeout`, `TimeoutError`.
        concat!(
            r"(?i)time(?:d)?[ -]?out(?:error)?\b|\btoo slow\b|\bstall(?:ed|s)?\b|\bno (?:data|answer|reply|response)\b|",
            r"\bnothing (?:came|arrived)\b|\boperation was aborted\b"
        ),
    )
});

/// Whether the downloader says so anywhere in what it printed, or in the error that it returned.
pub(super) fn says(outcome: &Outcome, cause: Meaning) -> bool {
    let printed = [outcome.stderr().text(), outcome.stdout().text()];
    let mut lines = printed.iter().flat_map(|text| text.lines());
    outcome.chain().links().iter().any(|link| is_said(link, cause))
        || lines.any(|line| is_said(&Link::said(line.to_owned()), cause))
}

static RETRIES: LazyLock<Regex> = LazyLock::new(|| {
    regex(r"(?i)\bretr(?:y|ies|ied|ying)\b|\btr(?:y|ying) again\b|\b(?:attempts?|tries)\b|\bonce more\b")
});

/// Whether the downloader says that there were retries, with a number or without.
pub(super) fn says_retries(outcome: &Outcome) -> bool {
    RETRIES.is_match(&outcome.stderr().text()) || RETRIES.is_match(&outcome.stdout().text())
}

fn is_said(link: &Link, cause: Meaning) -> bool {
    let text = link.text();
    link.means(cause)
        || match cause {
            Meaning::Eof => EOF.is_match(text),
            Meaning::Refused => REFUSED.is_match(text),
            // That the connection was closed is said of one that was reset, too: some libraries do not tell.
            Meaning::Reset => RESET.is_match(text) || EOF.is_match(text) || link.means(Meaning::Eof),
            // What the reply said beside its status may be what it could make nothing of.
            Meaning::Status(status) => says_status(text, status) || text.to_ascii_lowercase().contains("retry-after"),
            Meaning::Timeout => TIMEOUT.is_match(text),
            Meaning::Tls => false,
        }
}

/// Its number, where it is no part of an address or of a longer number; or what it is called.
fn says_status(text: &str, status: u16) -> bool {
    let number = status.to_string();
    let stands_alone = |at: usize| {
        let (before, behind) = (text[..at].chars().next_back(), text[at + number.len()..].chars().next());
        let is_part =
            |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '.' | '-' | '_'));
        // `: 503` and `":503` are no port, and `503:` no address.
        let is_value = text[..at].ends_with("\":") || text[..at].ends_with("HTTP_");
        (is_value || !is_part(before))
            && !behind.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_'))
    };
    text.match_indices(&number).any(|(at, _)| stands_alone(at))
        || called(status).is_some_and(|name| text.to_ascii_lowercase().contains(&name.to_ascii_lowercase()))
}

/// What RFC 9110 §15 and RFC 6585 call it.
fn called(status: u16) -> Option<&'static str> {
    Some(match status {
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        408 => "Request Timeout",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        511 => "Network Authentication Required",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cause: Meaning, said: &[&str], unsaid: &[&str]) {
        let is_said = |text: &&str| is_said(&Link::said((*text).to_owned()), cause);
        for text in said {
            assert!(is_said(text), "{text}");
        }
        for text in unsaid {
            assert!(!is_said(text), "{text}");
        }
    }

    #[test]
    fn people_have_words_of_their_own() {
        check(
            Meaning::Eof,
            &[
                "connection closed early: 1000000 of 2000000 bytes",
                "incomplete download: got 5 of 9 bytes",
                "size mismatch: expected 9, got 5",
                "truncated",
                "short read",
                "premature end of body",
                "file is shorter than Content-Length",
                "unexpected EOF",
                "connection dropped",
                "download interrupted",
                "only 1000000 bytes received, 2000000 expected",
                "wrong size: 5 instead of 9",
            ],
            &["download failed", "checksum mismatch", "error 56"],
        );
        check(
            Meaning::Reset,
            &["connection reset", "socket closed", "ECONNRESET", "Error: write EPIPE", "Broken pipe (os error 32)"],
            &["it failed", "curl: (56)"],
        );
        check(
            Meaning::Timeout,
            &[
                "read timeout",
                "it timed out",
                "stalled",
                "nothing came for 2 s",
                "requests.exceptions.ReadTimeout",
                "TimeoutError: x",
                "no response from server",
                "AbortError: This operation was aborted",
            ],
            &["failed in time"],
        );
        check(Meaning::Refused, &["refused", "could not connect to h:1"], &["no route"]);
    }

    #[test]
    fn a_word_about_retries_is_one() {
        for text in
            ["npm warn tarball x seems to be corrupted. Trying again.", "Max retries exceeded", "4 tries", "retrying"]
        {
            assert!(RETRIES.is_match(text), "{text}");
        }
        for text in ["entries", "the country", "error: it failed"] {
            assert!(!RETRIES.is_match(text), "{text}");
        }
    }

    #[test]
    fn a_status_is_its_number_or_its_name() {
        check(
            Meaning::Status(500),
            &[
                "failed after 3 retries: <HTTPError 500: 'Internal Server Error'>",
                "error 500",
                "Internal Server Error",
                "server said (500)",
                "status=500",
                "http status: 500, giving up",
                r#"{"status":500}"#,
                "HTTP_500",
                "internal server error",
            ],
            &["http://h:500/f", "after 5000 ms", "/v500/f", "a500", "it failed", "1.500 s"],
        );
    }
}
