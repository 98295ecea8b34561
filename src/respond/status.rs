//! Replies that consist of a status code.

use http::{HeaderValue, Method, StatusCode, header};

use super::page::page;
use super::reply::Reply;
use super::withhold::withhold;
use crate::decision::{Answer, RetryAfter};

/// The reply with status `code` and nothing else: code and reason as text, where a body is allowed.
///
/// # Panics
///
/// If the code has not three digits.
pub(crate) fn status(code: u16, method: &Method) -> Reply {
    let status = StatusCode::from_u16(code).expect("a status code has three digits");
    Reply::text(status, &line(status), method)
}

/// The reply in the place of the correct one, if `answer` has a status; with its body, with this `Location`, and with
/// `Retry-After` in whole seconds, rounded up (RFC 9110 §10.2.3). A client that waits for as long as
/// it is told never comes too early. A date is told by [`stamp`](super::stamp).
///
/// # Panics
///
/// If the code has not three digits.
pub(crate) fn instead(answer: &Answer, location: Option<HeaderValue>, method: &Method) -> Option<Reply> {
    let mut reply = status(answer.status()?, method);
    if let Some(body) = answer.body() {
        let (content_type, body) = page(body, reply.status);
        reply = Reply::made_up(reply.status, content_type, body, method);
    }
    let retry_after = match answer.retry_after() {
        Some(RetryAfter::In(after)) => {
            let seconds = after.as_secs().saturating_add(u64::from(after.subsec_nanos() > 0));
            Some(HeaderValue::from(seconds))
        }
        Some(RetryAfter::Text(text)) => HeaderValue::from_bytes(text).ok(),
        Some(RetryAfter::At(date)) => {
            reply.comes_again = Some(*date);
            None
        }
        None => None,
    };
    for (name, value) in [(header::RETRY_AFTER, retry_after), (header::LOCATION, location)] {
        if let Some(value) = value {
            reply.headers.insert(name, value);
        }
    }
    Some(reply)
}

/// Says of a reply what `answer` says of it, true or not.
pub(crate) fn retell(reply: &mut Reply, answer: &Answer) {
    for (name, said) in
        [(header::CONTENT_TYPE, answer.content_type()), (header::CONTENT_ENCODING, answer.content_encoding())]
    {
        if let Some(value) = said.and_then(|said| HeaderValue::from_bytes(said).ok()) {
            reply.headers.insert(name, value);
        }
    }
    withhold(reply, answer);
}

/// A status, and in its body why, in words of ours: nothing of the request is in it, and no path of this machine.
pub(super) fn trouble(status: StatusCode, why: &str, method: &Method) -> Reply {
    Reply::text(status, &format!("{}: {why}", line(status)), method)
}

/// The code and its reason, if it has one.
fn line(status: StatusCode) -> String {
    match status.canonical_reason() {
        Some(reason) => format!("{} {reason}", status.as_str()),
        None => status.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderValue, Method, header};

    use super::{instead, retell, status};
    use crate::decision::{Answer, ReplyFacts, lower};
    use crate::respond::ReplyBody;

    fn answer(entry: &str) -> Answer {
        let facts = ReplyFacts { start: 0, len: 0, total: 0, has_body: false, ranged: false };
        lower(&entry.parse().unwrap(), &facts).answer().clone()
    }

    #[track_caller]
    fn check(code: u16, expected: Option<&str>) {
        let reply = status(code, &Method::GET);
        let body = match &reply.body {
            ReplyBody::Bytes(bytes) => Some(str::from_utf8(bytes).unwrap()),
            _ => None,
        };
        assert_eq!(body, expected, "{code}");
        assert_eq!(reply.status.as_u16(), code);
        assert_eq!(reply.facts.has_body, expected.is_some(), "{code}");
        assert_eq!(reply.facts.len, expected.map_or(0, |body| body.len() as u64), "{code}");
        assert_eq!(reply.headers.contains_key(header::CONTENT_TYPE), expected.is_some(), "{code}");

        let head = status(code, &Method::HEAD);
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
    fn bodies_that_are_asked_for() {
        for (entry, content_type, expected) in [
            ("status=503 body=a%FF", "text/plain; charset=utf-8", &b"a\xff"[..]),
            (
                "status=404 problem=a",
                "application/problem+json",
                br#"{"type":"about:blank","title":"Not Found","status":404,"detail":"a"}"#,
            ),
        ] {
            let reply = |method| instead(&answer(entry), None, &method).unwrap();
            let (get, head) = (reply(Method::GET), reply(Method::HEAD));
            assert!(matches!(&get.body, ReplyBody::Bytes(bytes) if bytes == expected), "{get:?}");
            assert_eq!((get.facts.len, head.facts.len), (expected.len() as u64, expected.len() as u64));
            assert!(matches!(head.body, ReplyBody::Empty) && get.headers == head.headers);
            assert_eq!(get.headers[header::CONTENT_TYPE], content_type);
        }
        let portal = instead(&answer("login-page"), None, &Method::GET).unwrap();
        assert_eq!((portal.status.as_u16(), portal.headers.len()), (200, 1));
    }

    #[test]
    fn lengths() {
        for (code, expected) in [(100, false), (204, false), (304, false), (205, true), (503, true)] {
            assert_eq!(status(code, &Method::GET).has_length(), expected, "{code}");
        }
    }

    #[test]
    fn what_stands_in_the_place_of_the_correct_reply() {
        let reply = |entry: &str| instead(&answer(entry), None, &Method::GET);
        assert!(reply("ok").is_none() && reply("ignore-range").is_none());
        let plain = reply("status=503").unwrap();
        assert_eq!((plain.status.as_u16(), plain.headers.len()), (503, 1));
        let busy = reply("status=503 retry-after=1m30s").unwrap();
        assert_eq!(busy.headers[header::RETRY_AFTER], "90");
        let mut lying = reply("status=503").unwrap();
        retell(&mut lying, &answer("content-encoding=gzip content-type=a%FF%20b"));
        assert_eq!(lying.headers[header::CONTENT_ENCODING], "gzip");
        assert_eq!(lying.headers[header::CONTENT_TYPE].as_bytes(), b"a\xff b");
        let location = Some(HeaderValue::from_static("/a?b=%20"));
        let elsewhere = instead(&answer("status=302 location=/a?b=%20"), location, &Method::GET).unwrap();
        assert_eq!(elsewhere.headers[header::LOCATION], "/a?b=%20");
        let never = reply("status=503 retry-after-text=-5").unwrap();
        assert_eq!(never.headers[header::RETRY_AFTER], "-5");
    }
}
