//! The correct answer to a request.

use std::time::UNIX_EPOCH;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use super::preconditions::{self, Preconditions};
use super::range::{self, Selected};
use super::reply::{Reply, ReplyBody};
use super::status::line;
use crate::content::{Fixture, OpenError};
use crate::decision::{Answer, Ranges, ReplyFacts};

/// What of a request decides the reply, beside the fixture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
}

/// The answer to `request`, where `opened` is what was found under its path: the correct one, but
/// for what `answer` says.
pub(crate) fn reply(request: &Request<'_>, opened: Result<Fixture, OpenError>, answer: &Answer) -> Reply {
    let Request { method, headers } = *request;
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut reply = trouble(StatusCode::METHOD_NOT_ALLOWED, "fixtures can be read only", method);
        // RFC 9110 §15.5.6.
        reply.headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
        return reply;
    }
    // Preconditions count only where the reply would succeed without them (RFC 9110 §13.2.1).
    let fixture = match opened {
        Ok(fixture) => fixture.revision(answer.revision()),
        Err(error) => return not_opened(&error, method),
    };
    match preconditions::evaluate(headers, &fixture) {
        Preconditions::Failed => {
            return trouble(StatusCode::PRECONDITION_FAILED, "the fixture is another one", method);
        }
        Preconditions::NotModified => return not_modified(&fixture),
        Preconditions::Passed => {}
    }
    let len = fixture.len();
    // Only GET knows ranges (RFC 9110 §14.2).
    let ranged = method == Method::GET && preconditions::range_applies(headers, &fixture);
    let asked = if ranged { range::select(headers, len) } else { Selected::Whole };
    let mut reply = match elsewhere(asked, answer.ranges(), len) {
        Selected::Part { start, end } => part(fixture, start, end),
        Selected::Unsatisfiable => {
            let why = if asked == Selected::Unsatisfiable { "the fixture ends before the range" } else { "refused" };
            let mut reply = trouble(StatusCode::RANGE_NOT_SATISFIABLE, why, method);
            // RFC 9110 §15.5.17.
            reply.headers.insert(header::CONTENT_RANGE, value(&format!("bytes */{len}")));
            reply
        }
        Selected::Whole => whole(fixture, method),
    };
    reply.facts.ranged = asked != Selected::Whole;
    reply
}

/// What is sent of the fixture, where this was asked for.
fn elsewhere(asked: Selected, ranges: Ranges, len: u64) -> Selected {
    match (asked, ranges) {
        (Selected::Whole, _) | (_, Ranges::Ignored) => Selected::Whole,
        (_, Ranges::Refused) => Selected::Unsatisfiable,
        (asked, Ranges::From(offset)) => match offset.resolve(len).filter(|&start| start < len) {
            Some(start) => {
                let end = if let Selected::Part { end, .. } = asked { end } else { len };
                Selected::Part { start, end: if start < end { end } else { len } }
            }
            None => asked,
        },
        (asked, _) => asked,
    }
}

/// 200 (RFC 9110 §15.3.1).
fn whole(fixture: Fixture, method: &Method) -> Reply {
    let (len, has_body) = (fixture.len(), method != Method::HEAD);
    Reply {
        status: StatusCode::OK,
        headers: representation(&fixture),
        facts: ReplyFacts { start: 0, len, total: len, has_body, ranged: false },
        body: if has_body { ReplyBody::Fixture { fixture, start: 0, end: len } } else { ReplyBody::Empty },
    }
}

/// 206 (RFC 9110 §15.3.7).
fn part(fixture: Fixture, start: u64, end: u64) -> Reply {
    let total = fixture.len();
    let mut headers = representation(&fixture);
    // RFC 9110 §14.4.
    headers.insert(header::CONTENT_RANGE, value(&format!("bytes {start}-{}/{total}", end - 1)));
    Reply {
        status: StatusCode::PARTIAL_CONTENT,
        headers,
        facts: ReplyFacts { start, len: end - start, total, has_body: true, ranged: true },
        body: ReplyBody::Fixture { fixture, start, end },
    }
}

/// 304. Of what the 200 reply would say of the representation, `ETag` alone (RFC 9110 §15.4.5).
fn not_modified(fixture: &Fixture) -> Reply {
    Reply {
        status: StatusCode::NOT_MODIFIED,
        headers: HeaderMap::from_iter([(header::ETAG, value(fixture.etag()))]),
        facts: ReplyFacts { start: 0, len: 0, total: fixture.len(), has_body: false, ranged: false },
        body: ReplyBody::Empty,
    }
}

/// What a reply says of the fixture, whole or in part.
fn representation(fixture: &Fixture) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, value(fixture.media_type()));
    headers.insert(header::ETAG, value(fixture.etag()));
    // A time before 1970 has no date in HTTP.
    if let Some(modified) = fixture.modified().filter(|modified| *modified >= UNIX_EPOCH) {
        headers.insert(header::LAST_MODIFIED, value(&httpdate::fmt_http_date(modified)));
    }
    headers
}

/// The reply to a path that could not be opened. The body says why in words of ours: nothing of the
/// request is in it, and no path of this machine.
fn not_opened(error: &OpenError, method: &Method) -> Reply {
    let status = match error {
        OpenError::BadPath(_) => StatusCode::BAD_REQUEST,
        OpenError::Denied(_) => StatusCode::FORBIDDEN,
        OpenError::NotFound | OpenError::NotRegular | OpenError::Outside | OpenError::RootGone { .. } => {
            StatusCode::NOT_FOUND
        }
        OpenError::Io(_) | OpenError::LargeTemplate { .. } | OpenError::Template(_) | OpenError::TooManyFiles(_) => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    };
    match error {
        OpenError::RootGone { .. } => trouble(status, "the served directory was removed", method),
        error => trouble(status, &error.to_string(), method),
    }
}

fn trouble(status: StatusCode, why: &str, method: &Method) -> Reply {
    Reply::text(status, &format!("{}: {why}", line(status)), method)
}

/// A header value of characters that headers may hold.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("no control characters")
}
