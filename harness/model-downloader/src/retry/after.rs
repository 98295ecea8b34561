//! `Retry-After`.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};

/// How long a reply asks to wait. `None` if it does not say so, or says it in a way that means nothing.
///
/// A date is held against the `Date` of the reply, where there is one: our clock may be wrong, and the difference
/// between two times of the same clock is not.
pub fn asked(headers: &HeaderMap) -> Option<Duration> {
    let now = text(headers, DATE).and_then(|date| httpdate::parse_http_date(date).ok()).unwrap_or_else(SystemTime::now);
    asked_at(text(headers, RETRY_AFTER)?, now)
}

/// How long this value asks to wait: seconds, or a date in one of the three forms that RFC 9110 §5.6.7 wants accepted.
///
/// A date that has passed asks for nothing more. A number that is too large for us asks for a very long time, which
/// is for the caller to bound. All else is ignored: negative numbers, fractions, words.
pub fn asked_at(value: &str, now: SystemTime) -> Option<Duration> {
    let date = || httpdate::parse_http_date(value.trim()).ok();
    seconds(value).or_else(|| Some(date()?.duration_since(now).unwrap_or(Duration::ZERO)))
}

/// How long a reply asks to wait, if it says so in seconds.
pub(super) fn asked_in_seconds(headers: &HeaderMap) -> Option<Duration> {
    seconds(text(headers, RETRY_AFTER)?)
}

fn seconds(value: &str) -> Option<Duration> {
    let value = value.trim();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| value.parse().map_or(Duration::MAX, Duration::from_secs))
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sun, 06 Nov 1994 08:49:30 GMT: seven seconds before the example of RFC 9110.
    fn now() -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_770)
    }

    #[track_caller]
    fn check(value: &str, expected: Option<u64>) {
        assert_eq!(asked_at(value, now()), expected.map(Duration::from_secs), "{value}");
    }

    #[test]
    fn seconds() {
        check("0", Some(0));
        check("120", Some(120));
        check(" 7 ", Some(7));
    }

    #[test]
    fn dates_in_all_three_forms() {
        check("Sun, 06 Nov 1994 08:49:37 GMT", Some(7));
        check("Sunday, 06-Nov-94 08:49:37 GMT", Some(7));
        check("Sun Nov  6 08:49:37 1994", Some(7));
    }

    #[test]
    fn what_has_passed_is_no_wait() {
        check("Sun, 06 Nov 1994 08:49:00 GMT", Some(0));
    }

    #[test]
    fn rubbish_is_ignored() {
        for value in ["", "-5", "+5", "1.5", "soon", "5 s", "Sun, 99 Nov 1994 08:49:37 GMT", "\u{664}"] {
            check(value, None);
        }
    }

    #[test]
    fn too_large_a_number_is_a_very_long_time() {
        assert_eq!(asked_at("99999999999999999999999", now()), Some(Duration::MAX));
    }

    #[test]
    fn a_date_is_held_against_that_of_the_reply() {
        let header = |name, value: &str| (name, reqwest::header::HeaderValue::from_str(value).unwrap());
        let date = header(DATE, "Sun, 06 Nov 1994 08:49:30 GMT");
        let after = header(RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(asked(&HeaderMap::from_iter([date, after.clone()])), Some(Duration::from_secs(7)));
        assert_eq!(asked(&HeaderMap::from_iter([after])), Some(Duration::ZERO));
        assert_eq!(asked(&HeaderMap::new()), None);
    }
}
