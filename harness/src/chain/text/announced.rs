//! Announcements of retries, one by one: "2 tries remaining", "Retrying ...".
//!
//! They count as what a downloader claims; and an error before one is not the last one.

use std::sync::LazyLock;

use regex::RegexSet;

use crate::chain::table::set;

/// A retry is announced.
const ANNOUNCEMENTS: &[&str] = &[
    // cargo: `warning: spurious network error (2 tries remaining): [56] ...`
    r"\(\d+ (?:tries|try) remaining\)",
    // curl, which wraps the rest: `Warning: Problem (retrying all errors). Will retry in 1 seconds. 2 retries left.`
    r"Will retry in \d+(?:\.\d+)? seconds?\b",
    // uv: `Transient failure while handling response from `...`; retrying after 1.6s...`
    r"; retrying (?:after|in) \d",
    // rustup: `warning: retrying download for 'http://h/a'`
    r"(?i)\bretrying download\b",
    // yt-dlp: `Retrying (1/10)...`; many: `Retrying (attempt 2 of 3)`, `no luck, retrying...`
    r"(?i)\bretrying(?: \((?:attempt )?\d+ ?(?:/|of) ?\d+\)| ?\.\.\.|…)",
    // urllib3: `Retrying (Retry(total=1, connect=None, ...)) after connection broken by ...`
    r"\bRetrying \(Retry\(total=",
    // tenacity: `Retrying get in 0.1 seconds as it raised ...`; gRPC and many others: `Retrying in 2s`
    r"(?i)\bretrying (?:\S+ )?in \d+(?:\.\d+)? ?(?:ms|s|m|milliseconds?|seconds?|secs?|minutes?)\b",
    // backoff: `Backing off get(...) for 0.1s (...)`
    r"\bBacking off \S+ for \d",
    // pip: `Attempting to resume incomplete download (0 bytes/400 kB, attempt 1)`
    r"\bAttempting to resume incomplete download\b",
    // huggingface_hub: `Trying to resume download...`
    r"\bTrying to resume download\b",
];

/// An attempt failed that was not the last: `attempt 1/3 failed`, `attempt 1 failed with 503` (npm).
///
/// Programs that say so number all their attempts. Their total says the same again, if they give one.
const NUMBERED: &[&str] = &[r"(?i)\battempt #?\d+(?: ?(?:/|of) ?\d+)? failed\b"];

/// Whether a line announces a retry.
pub(crate) fn announces(line: &str) -> bool {
    static SET: LazyLock<RegexSet> = LazyLock::new(|| set(ANNOUNCEMENTS));
    SET.is_match(line)
}

/// Whether a line says that an attempt failed, by its number.
pub(crate) fn implies(line: &str) -> bool {
    static SET: LazyLock<RegexSet> = LazyLock::new(|| set(NUMBERED));
    SET.is_match(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn announcements_look_forward() {
        assert!(announces("Retrying in 2s"));
        assert!(announces("no luck, retrying..."));
        assert!(announces("error sending request; retrying in 1s"));
        assert!(!announces("Retrying."), "wget, which counts its tries too");
        assert!(!announces("Max retries exceeded"));
        assert!(!announces("try again later, with `--retries 5`"));
        assert!(implies("attempt 1/3 failed: fetch failed"));
        assert!(implies("Attempt 1 of 3 failed"));
        assert!(!implies("3 attempts failed"));
    }
}
