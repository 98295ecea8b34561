//! Conditional requests (RFC 9110 §13).

use http::{HeaderMap, header};

use super::validators::{Comparison, Validators, date_of, is_exactly, names};

/// What the preconditions of a request that would succeed make of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Preconditions {
    /// A precondition is false: 412.
    Failed,
    /// The client has the fixture already: 304.
    NotModified,
    /// Go on.
    Passed,
}

/// Evaluates the preconditions of a GET or HEAD request, in the order of RFC 9110 §13.2.2.
pub(super) fn evaluate(headers: &HeaderMap, validators: &Validators) -> Preconditions {
    // Steps 1 and 2: `If-Unmodified-Since` counts only without `If-Match` (§13.1.4).
    let unchanged = names(headers, &header::IF_MATCH, validators, Comparison::Strong).unwrap_or_else(|| {
        match (date_of(headers, &header::IF_UNMODIFIED_SINCE), validators.second()) {
            (Some(date), Some(modified)) => modified <= date,
            _ => true,
        }
    });
    if !unchanged {
        return Preconditions::Failed;
    }
    // Steps 3 and 4: `If-Modified-Since` counts only without `If-None-Match` (§13.1.3).
    let known = names(headers, &header::IF_NONE_MATCH, validators, Comparison::Weak).unwrap_or_else(|| {
        match (date_of(headers, &header::IF_MODIFIED_SINCE), validators.second()) {
            (Some(date), Some(modified)) => modified <= date,
            _ => false,
        }
    });
    if known { Preconditions::NotModified } else { Preconditions::Passed }
}

/// Step 5: whether the `Range` field of a request counts. Without `If-Range` it does; two lines of
/// it match nothing.
pub(super) fn range_applies(headers: &HeaderMap, validators: &Validators) -> bool {
    let mut lines = headers.get_all(header::IF_RANGE).iter();
    match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(line), None) => is_exactly(line.as_bytes(), validators),
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use bytes::Bytes;
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::Preconditions::{self, Failed, NotModified, Passed};
    use super::{evaluate, range_applies};
    use crate::content::Fixture;
    use crate::decision::{Answer, ReplyFacts, lower};
    use crate::respond::validators::Validators;

    const BEFORE: &str = "Sun, 06 Nov 1994 08:49:36 GMT";
    const EXACTLY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const AFTER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";

    fn undated() -> Fixture {
        Fixture::from_bytes("a.gz", Bytes::from_static(b"0123456789"))
    }

    fn dated() -> Fixture {
        undated().modified_at(UNIX_EPOCH + Duration::from_millis(784_111_777_500))
    }

    /// Lines of `name: value`, in which `TAG` is the tag of the fixture.
    fn headers(lines: &[&str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| {
                let (name, value) = line.split_once(": ").unwrap();
                let value = HeaderValue::from_str(&value.replace("TAG", undated().etag())).unwrap();
                (name.parse::<HeaderName>().unwrap(), value)
            })
            .collect()
    }

    #[track_caller]
    fn check(lines: &[&str], expected: Preconditions) {
        check_with("ok", lines, expected);
    }

    fn answer(entry: &str) -> Answer {
        lower(&entry.parse().unwrap(), &ReplyFacts::default()).answer().clone()
    }

    #[track_caller]
    fn check_with(entry: &str, lines: &[&str], expected: Preconditions) {
        let (fixture, answer) = (dated(), answer(entry));
        let validators = Validators::new(&fixture, &answer);
        assert_eq!(evaluate(&headers(lines), &validators), expected, "{entry} {lines:?}");
    }

    #[track_caller]
    fn check_range(lines: &[&str], expected: bool) {
        check_range_with("ok", lines, expected);
    }

    #[track_caller]
    fn check_range_with(entry: &str, lines: &[&str], expected: bool) {
        let (fixture, answer) = (dated(), answer(entry));
        let validators = Validators::new(&fixture, &answer);
        assert_eq!(range_applies(&headers(lines), &validators), expected, "{entry} {lines:?}");
    }

    #[test]
    fn if_match() {
        check(&["if-match: TAG"], Passed);
        check(&["if-match: *"], Passed);
        check(&[r#"if-match: "x", TAG"#], Passed);
        check(&[r#"if-match: "x""#, "if-match: TAG"], Passed);
        check(&[r#"if-match: "x""#], Failed);
        check(&["if-match: W/TAG"], Failed);
        check(&["if-match: "], Failed);
        check(&["if-match: malformed"], Failed);
    }

    #[test]
    fn if_unmodified_since() {
        check(&[&format!("if-unmodified-since: {BEFORE}")], Failed);
        check(&[&format!("if-unmodified-since: {EXACTLY}")], Passed);
        check(&[&format!("if-unmodified-since: {AFTER}")], Passed);
        check(&["if-unmodified-since: yesterday"], Passed);
        check(&[&format!("if-unmodified-since: {BEFORE}"), &format!("if-unmodified-since: {BEFORE}")], Passed);
        // It does not count beside `If-Match`.
        check(&["if-match: TAG", &format!("if-unmodified-since: {BEFORE}")], Passed);
    }

    #[test]
    fn if_none_match() {
        check(&["if-none-match: TAG"], NotModified);
        check(&["if-none-match: W/TAG"], NotModified);
        check(&["if-none-match: *"], NotModified);
        check(&[r#"if-none-match: "a,b", W/"x" , TAG"#], NotModified);
        check(&[r#"if-none-match: "x""#, "if-none-match: TAG"], NotModified);
        check(&[r#"if-none-match: "x""#], Passed);
        check(&["if-none-match: "], Passed);
        check(&["if-none-match: malformed, TAG"], Passed);
    }

    #[test]
    fn if_modified_since() {
        check(&[&format!("if-modified-since: {BEFORE}")], Passed);
        check(&[&format!("if-modified-since: {EXACTLY}")], NotModified);
        check(&[&format!("if-modified-since: {AFTER}")], NotModified);
        check(&["if-modified-since: Sunday, 06-Nov-94 08:49:37 GMT"], NotModified);
        check(&["if-modified-since: Sun Nov  6 08:49:37 1994"], NotModified);
        check(&["if-modified-since: 1994-11-06"], Passed);
        check(&[&format!("if-modified-since: {AFTER}"), &format!("if-modified-since: {AFTER}")], Passed);
        // It does not count beside `If-None-Match`.
        check(&[r#"if-none-match: "x""#, &format!("if-modified-since: {AFTER}")], Passed);
    }

    #[test]
    fn order() {
        check(&[], Passed);
        check(&[r#"if-match: "x""#, "if-none-match: TAG"], Failed);
        check(&["if-match: TAG", "if-none-match: TAG"], NotModified);
        check(&[&format!("if-unmodified-since: {BEFORE}"), "if-none-match: TAG"], Failed);
        check(&[&format!("if-unmodified-since: {AFTER}"), &format!("if-modified-since: {AFTER}")], NotModified);
    }

    #[test]
    fn if_range() {
        check_range(&[], true);
        check_range(&["if-range: TAG"], true);
        check_range(&["if-range: W/TAG"], false);
        check_range(&[r#"if-range: "x""#], false);
        check_range(&[r#"if-range: TAG, "x""#], false);
        check_range(&["if-range: *"], false);
        check_range(&[&format!("if-range: {EXACTLY}")], true);
        check_range(&["if-range: Sunday, 06-Nov-94 08:49:37 GMT"], true);
        check_range(&[&format!("if-range: {BEFORE}")], false);
        check_range(&[&format!("if-range: {AFTER}")], false);
        check_range(&["if-range: TAG", "if-range: TAG"], false);
        check_range(&["if-range: "], false);
    }

    #[test]
    fn dates_say_nothing_of_a_fixture_without_one() {
        let (fixture, answer) = (undated(), answer("ok"));
        let validators = Validators::new(&fixture, &answer);
        for name in ["if-modified-since", "if-unmodified-since"] {
            for date in [BEFORE, AFTER] {
                let line = format!("{name}: {date}");
                assert_eq!(evaluate(&headers(&[&line]), &validators), Passed, "{line}");
                check_with("no-header=last-modified", &[&line], Passed);
            }
        }
        let line = format!("if-range: {EXACTLY}");
        assert!(!range_applies(&headers(&[&line]), &validators));
        check_range_with("no-header=last-modified", &[&line], false);
    }

    #[test]
    fn a_weak_tag() {
        for line in ["if-none-match: TAG", "if-none-match: W/TAG", "if-none-match: *"] {
            check_with("weak-etag", &[line], NotModified);
        }
        for line in ["if-match: TAG", "if-match: W/TAG"] {
            check_with("weak-etag", &[line], Failed);
        }
        check_with("weak-etag", &["if-match: *"], Passed);
        for line in ["if-range: TAG", "if-range: W/TAG"] {
            check_range_with("weak-etag", &[line], false);
        }
        check_range_with("weak-etag", &[&format!("if-range: {EXACTLY}")], true);
    }

    #[test]
    fn another_tag() {
        for (entry, line, expected) in [
            ("etag=%22v2%22", "if-none-match: \"v2\"", NotModified),
            ("etag=%22v2%22", "if-none-match: TAG", Passed),
            ("etag=%22v2%22", "if-match: TAG", Failed),
            ("etag=W/%22v2%22", "if-none-match: \"v2\"", NotModified),
            ("etag=W/%22v2%22", "if-match: \"v2\"", Failed),
            // What is no tag matches nothing.
            ("etag=v2", "if-none-match: v2", Passed),
            ("etag=v2", "if-none-match: \"v2\"", Passed),
            ("etag=%22v1%22%2C%22v2%22", "if-none-match: \"v1\"", Passed),
            ("etag=v2", "if-match: *", Passed),
            ("no-header=etag", "if-none-match: TAG", Passed),
            ("no-header=etag", "if-match: TAG", Failed),
            ("no-header=etag", "if-match: *", Passed),
        ] {
            check_with(entry, &[line], expected);
        }
        for (entry, line, expected) in [
            ("etag=%22v2%22", "if-range: \"v2\"", true),
            ("etag=%22v2%22", "if-range: TAG", false),
            ("etag=W/%22v2%22", "if-range: W/\"v2\"", false),
            ("etag=v2", "if-range: v2", false),
            ("no-header=etag", "if-range: TAG", false),
        ] {
            check_range_with(entry, &[line], expected);
        }
    }
}
