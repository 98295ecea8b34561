//! How downloaders state how often they tried.

use std::sync::LazyLock;

use regex::Regex;

use super::Claim;
use super::pattern::count;
use crate::chain::table::regex;
use crate::chain::text::announces;

/// Said at the end, and about all that was done.
const TOTALS: &[&str] = &[
    // uv, reqwest-retry: `Request failed after 3 retries in 9.2s`, `after 1 retry`; yt-dlp: `Giving up after 10 retries`
    r"(?i)(?:\b(?:\w+ )?(?:failed|up) )?\bafter (?P<retries>\d+) (?:retries|retry)\b",
    // pip: `Download failed after 6 attempts because ...`; many: `gave up after 3 attempts`
    // Go's retryablehttp: `giving up after 3 attempt(s)`; backoff: `Giving up get(...) after 3 tries (...)`
    r"(?i)(?:\b(?:\w+ )?(?:failed|up) )?\bafter (?P<attempts>\d+) (?:attempt\(s\)|(?:attempts?|tries|try)\b)",
    // aria2: `2 times attempted, but no success.`; many: `tried 3 times`, `retried 3 times`
    r"\b(?P<attempts>\d+) times attempted\b",
    r"(?i)\b(?:tried|attempted) (?P<attempts>\d+) times\b",
    r"(?i)\bretried (?P<retries>\d+) times?\b",
    // Many: `(3 attempts)`, `all 3 attempts failed`, `3 retries exhausted`
    r"(?i)\((?P<attempts>\d+) (?:attempts|tries)\)",
    r"(?i)\b(?:all )?(?P<attempts>\d+) attempts (?:failed|made)\b",
    r"(?i)\b(?:all )?(?P<retries>\d+) retries (?:failed|exhausted|made)\b",
    // Reactor: `Retries exhausted: 3/3`; many: `Maximum retries (3) exceeded`
    r"(?i)\bretries exhausted: (?P<retries>\d+)/\d+",
    r"(?i)\bmax(?:imum)?(?: number of)? retries \((?P<retries>\d+)\) (?:exceeded|reached)\b",
];

/// Counted while it goes on: the last of them is the total, if no retry is announced behind it.
const RUNNING: &[&str] = &[
    // wget: `(try: 3)`
    r"\(try: ?(?P<attempts>\d+)\)",
    // tenacity: `this was the 3rd time calling it`
    r"\bthis was the (?P<attempts>\d+)(?:st|nd|rd|th) time calling it\b",
    // npm: `GET 200 http://h/app.tgz 627ms attempt #3 (cache miss)`
    r"\battempt #(?P<attempts>\d+)\b",
    // Many: `retry 2 of 2`, `Retry 2/3`
    r"(?i)\bretry (?:attempt )?#?(?P<retries>\d+) ?(?:of|/) ?\d+\b",
    // Many: `(attempt 2/5)`, `attempt 2 of 5`, which `attempt 2/5 failed` is not
    r"(?i)\(attempt (?P<attempts>\d+) ?(?:of|/) ?\d+\)",
];

static TOTAL_REGEXES: LazyLock<Vec<Regex>> = LazyLock::new(|| regexes(TOTALS));
static RUNNING_REGEXES: LazyLock<Vec<Regex>> = LazyLock::new(|| regexes(RUNNING));

fn regexes(patterns: &[&str]) -> Vec<Regex> {
    patterns.iter().map(|pattern| regex(pattern)).collect()
}

/// What is stated in the links of a chain. The outermost one speaks about most of what was done.
pub(super) fn total_of_chain(links: &str) -> Option<Claim> {
    let all = TOTAL_REGEXES.iter().chain(RUNNING_REGEXES.iter());
    let first = all.filter_map(|regex| found(regex, links).next());
    first.min_by_key(|&(at, _)| at).map(|(_, claim)| claim)
}

/// What is stated in the whole output: what is said last.
pub(super) fn total_of_output(text: &str) -> Option<Claim> {
    let total = TOTAL_REGEXES.iter().filter_map(|regex| found(regex, text).last()).max_by_key(|&(at, _)| at);
    total.or_else(|| running(text)).map(|(_, claim)| claim)
}

fn running(text: &str) -> Option<(usize, Claim)> {
    let last = RUNNING_REGEXES.iter().filter_map(|regex| found(regex, text).last()).max_by_key(|&(at, _)| at)?;
    let goes_on = text[last.0..].lines().skip(1).any(announces);
    (!goes_on).then_some(last)
}

/// What comes before a limit, which is no total: `will give up after 5 attempts`, `up to (5 attempts)`.
static LIMIT: LazyLock<Regex> = LazyLock::new(|| regex(r"(?i)\b(?:(?:may|might|will|would)(?: \w+){0,2}|up to) $"));

/// Where a regular expression matches, and what is stated there.
fn found(regex: &Regex, text: &str) -> impl Iterator<Item = (usize, Claim)> {
    regex.captures_iter(text).filter_map(|found| {
        let words = found.get_match();
        if LIMIT.is_match(&text[..words.start()]) {
            return None;
        }
        Some((words.start(), Claim { count: count(&found)?, text: words.as_str().to_owned() }))
    })
}
