//! Wordings, and which of them counts.

use super::{Claim, ClaimPattern, ClaimPatternError, Claims, Count};
use crate::Chain;

fn read(output: &str) -> Claims {
    Claims::read(output.as_bytes(), &Chain::from_output(output.as_bytes()), &[])
}

#[track_caller]
fn check(output: &str, count: Count, words: &str) {
    let claims = read(output);
    let total = claims.total().map(|total| (total.count(), total.text()));
    assert_eq!(total, Some((count, words)), "{output}");
}

#[test]
fn totals_have_many_wordings() {
    use Count::{Attempts, Retries};
    check("error: Request failed after 3 retries", Retries(3), "Request failed after 3 retries");
    check("  cause: Request failed after 1 retry in 10.4s", Retries(1), "Request failed after 1 retry");
    check("Giving up after 4 tries", Attempts(4), "Giving up after 4 tries");
    check("ERROR:backoff:Giving up get(...) after 3 tries (no)", Attempts(3), "after 3 tries");
    check("warning: no; (attempt 2/5)", Attempts(2), "(attempt 2/5)");
    check("warning: no; retry 2 of 2", Retries(2), "retry 2 of 2");
    check("--2026--  (try: 3)  http://h", Attempts(3), "(try: 3)");
    check("it failed, this was the 3rd time calling it.", Attempts(3), "this was the 3rd time calling it");
    check("Error: gave up after 3 attempts", Attempts(3), "gave up after 3 attempts");
    check("x Download failed after 6 attempts because", Attempts(6), "Download failed after 6 attempts");
    check("a: giving up after 3 attempt(s): b", Attempts(3), "giving up after 3 attempt(s)");
    check("2 times attempted, but no success", Attempts(2), "2 times attempted");
    check("Giving up after 10 retries", Retries(10), "Giving up after 10 retries");
    check("error: no luck, retried 3 times", Retries(3), "retried 3 times");
    check("error: no luck (4 attempts)", Attempts(4), "(4 attempts)");
    check("Maximum retries (3) exceeded", Retries(3), "Maximum retries (3) exceeded");
}

#[test]
fn other_numbers_are_no_totals() {
    for output in [
        "use `--retries 5`",
        "Max retries exceeded",
        "after 3 seconds",
        "retry 2",
        "99999999999999999999 times attempted",
    ] {
        assert_eq!(read(output), Claims::default(), "{output}");
    }
}

#[test]
fn the_chain_comes_first_and_its_outermost_link() {
    check("retry 2 of 2\nerror: gave up after 3 attempts\n", Count::Attempts(3), "gave up after 3 attempts");
    check(
        "error: failed after 2 retries\n  cause: failed after 3 retries\n",
        Count::Retries(2),
        "failed after 2 retries",
    );
    check("(try: 2)\n(try: 3)\n", Count::Attempts(3), "(try: 3)");
}

#[test]
fn a_limit_is_no_total() {
    let retrying = read("download failed, retrying in 1s (will give up after 5 attempts)\nok\n");
    assert_eq!((retrying.total(), retrying.retries()), (None, Some(1)));
    check("error: failed to download a file after 3 retries\n", Count::Retries(3), "after 3 retries");
    check("error: would not start: gave up after 2 attempts\n", Count::Attempts(2), "gave up after 2 attempts");
}

#[test]
fn announcements_are_counted() {
    let claims = read("(2 tries remaining): a\n(1 try remaining): b\nok\n");
    assert_eq!((claims.total(), claims.announced(), claims.retries()), (None, 2, Some(2)));
    let running = read("this was the 1st time calling it\nRetrying f in 0.1 seconds as it raised E\nok\n");
    assert_eq!((running.total(), running.retries()), (None, Some(1)));
    assert_eq!(read("attempt 1/3 failed: a\nattempt 2/3 failed: a\nok\n").retries(), Some(2));
    assert_eq!(read("attempt 1/1 failed: a\nerror: gave up after 1 attempt\n").announced(), 0);
    assert_eq!(read("ok\n").retries(), None);
}

#[test]
fn own_patterns_come_first() {
    let own = [r"(?<retries>\d+) more goes", r"(?<attempts>\d+) goes"].map(|p| ClaimPattern::new(p).unwrap());
    let claims = Claims::read(b"7 goes\n2 goes\nerror: failed after 5 retries", &Chain::default(), &own);
    assert_eq!(claims.total().map(Claim::to_string).as_deref(), Some("2 attempts (\"2 goes\")"));
}

#[test]
fn an_own_pattern_has_one_number() {
    assert!(matches!(ClaimPattern::new("("), Err(ClaimPatternError::Syntax { .. })));
    assert!(matches!(ClaimPattern::new(r"(?<n>\d+)"), Err(ClaimPatternError::NoCount { .. })));
    assert!(matches!(ClaimPattern::new(r"(?<retries>\d+)(?<attempts>\d+)"), Err(ClaimPatternError::TwoCounts { .. })));
}

#[test]
fn retries_are_one_less_than_attempts() {
    assert_eq!(
        [Count::Attempts(0), Count::Attempts(1), Count::Attempts(4), Count::Retries(4)].map(Count::retries),
        [0, 0, 3, 4]
    );
    assert_eq!(Count::Retries(1).to_string(), "1 retry");
}
