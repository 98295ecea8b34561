//! Methods other than GET and HEAD (RFC 9110 §9).

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::reply::{Reply, ReplyBody};
use super::status::trouble;
use crate::decision::ReplyFacts;
use crate::decision::matchers::METHODS;

/// What every target can be asked.
const ALLOW: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// The answer to a method that does not read; `None` to one that does.
pub(crate) fn other(method: &Method) -> Option<Reply> {
    match *method {
        Method::GET | Method::HEAD => None,
        Method::OPTIONS => Some(options()),
        _ if METHODS.contains(&method.as_str()) => {
            let mut reply = trouble(StatusCode::METHOD_NOT_ALLOWED, "fixtures can be read only", method);
            // §15.5.6.
            reply.headers.insert(header::ALLOW, ALLOW);
            Some(reply)
        }
        // §9.1: what is not known at all is not implemented.
        _ => Some(trouble(StatusCode::NOT_IMPLEMENTED, "no such method is known here", method)),
    }
}

/// What can be asked, of one target or of the server (§9.3.7), and what else there is to know (§14.3).
///
/// 200 with a length of 0, where 204 would do: RFC 7231 §4.3.7 demanded that length, and there are clients of its age.
fn options() -> Reply {
    let accept_ranges = (header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    Reply {
        status: StatusCode::OK,
        headers: HeaderMap::from_iter([(header::ALLOW, ALLOW), accept_ranges]),
        body: ReplyBody::Empty,
        facts: ReplyFacts { start: 0, len: 0, total: 0, has_body: false, ranged: false },
        missed: false,
        comes_again: None,
    }
}

#[cfg(test)]
mod tests {
    use http::{Method, header};

    use super::other;
    use crate::respond::ReplyBody;

    #[track_caller]
    fn check(name: &str, status: u16, allow: Option<&str>, body: &str) {
        let reply = other(&Method::from_bytes(name.as_bytes()).unwrap()).unwrap();
        let got = reply.headers.get(header::ALLOW).map(|allow| allow.to_str().unwrap());
        assert_eq!((reply.status.as_u16(), got), (status, allow), "{name}");
        let text = match &reply.body {
            ReplyBody::Bytes(bytes) => str::from_utf8(bytes).unwrap(),
            _ => "",
        };
        assert_eq!(text, body, "{name}");
        assert_eq!((reply.facts.has_body, reply.has_length()), (!body.is_empty(), true), "{name}");
    }

    #[test]
    fn methods() {
        assert!(other(&Method::GET).is_none() && other(&Method::HEAD).is_none());
        let allow = Some("GET, HEAD, OPTIONS");
        check("OPTIONS", 200, allow, "");
        for name in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"] {
            check(name, 405, allow, "405 Method Not Allowed: fixtures can be read only\n");
        }
        // Methods are case-sensitive (RFC 9110 §9.1).
        for name in ["BREW", "PROPFIND", "get"] {
            check(name, 501, None, "501 Not Implemented: no such method is known here\n");
        }
    }
}
