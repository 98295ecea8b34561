//! Replies that consist of a status code.

use std::time::Duration;

use http::{HeaderValue, Method, StatusCode, header};

use super::reply::Reply;

/// The reply with status `code` and nothing else: code and reason as text, where a body is allowed,
/// and `Retry-After` in whole seconds, rounded up (RFC 9110 §10.2.3). A client that waits for as
/// long as it is told never comes too early.
///
/// # Panics
///
/// If the code has not three digits.
pub(crate) fn status(code: u16, retry_after: Option<Duration>, method: &Method) -> Reply {
    let status = StatusCode::from_u16(code).expect("a status code has three digits");
    let mut reply = Reply::text(status, &line(status), method);
    if let Some(after) = retry_after {
        let seconds = after.as_secs().saturating_add(u64::from(after.subsec_nanos() > 0));
        reply.headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    reply
}

/// The code and its reason, if it has one.
pub(super) fn line(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_str()),
        None => status.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::{Method, header};

    use super::status;
    use crate::respond::ReplyBody;

    #[track_caller]
    fn check(code: u16, expected: Option<&str>) {
        let reply = status(code, None, &Method::GET);
        let body = match &reply.body {
            ReplyBody::Bytes(bytes) => Some(str::from_utf8(bytes).unwrap()),
            _ => None,
        };
        assert_eq!(body, expected, "{code}");
        assert_eq!(reply.status.as_u16(), code);
        assert_eq!(reply.facts.has_body, expected.is_some(), "{code}");
        assert_eq!(reply.facts.len, expected.map_or(0, |body| body.len() as u64), "{code}");
        assert_eq!(reply.headers.contains_key(header::CONTENT_TYPE), expected.is_some(), "{code}");

        let head = status(code, None, &Method::HEAD);
        assert!(matches!(head.body, ReplyBody::Empty) && !head.facts.has_body, "{code}");
        assert_eq!((head.facts.len, &head.headers), (reply.facts.len, &reply.headers), "{code}");
    }

    #[test]
    fn bodies() {
        check(503, Some("503 Service Unavailable\n"));
        check(404, Some("404 Not Found\n"));
        check(200, Some("200 OK\n"));
        check(599, Some("599\n"));
        check(999, Some("999\n"));
        check(100, None);
        check(204, None);
        check(205, None);
        check(304, None);
    }

    #[test]
    fn lengths() {
        for (code, expected) in [(100, false), (204, false), (304, false), (205, true), (503, true)] {
            assert_eq!(status(code, None, &Method::GET).has_length(), expected, "{code}");
        }
    }

    #[test]
    fn retry_after_is_rounded_up() {
        for (millis, expected) in [(0, "0"), (1, "1"), (999, "1"), (1000, "1"), (1001, "2"), (90_000, "90")] {
            let reply = status(503, Some(Duration::from_millis(millis)), &Method::GET);
            assert_eq!(reply.headers[header::RETRY_AFTER], expected, "{millis} ms");
        }
        assert!(!status(503, None, &Method::GET).headers.contains_key(header::RETRY_AFTER));
        let longest = status(503, Some(Duration::MAX), &Method::GET);
        assert_eq!(longest.headers[header::RETRY_AFTER], u64::MAX.to_string());
    }
}
