//! The correct answer to a request.

use std::ops::Range;
use std::time::UNIX_EPOCH;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use percent_encoding::{CONTROLS, utf8_percent_encode};

use super::encoding;
use super::multipart::{Multipart, content_range};
use super::preconditions::{self, Preconditions};
use super::range::{self, Selected};
use super::reply::{Reply, ReplyBody};
use super::status::trouble;
use crate::content::{Fixture, OpenError, Opened};
use crate::decision::{Answer, Ranges, ReplyFacts};

/// What of a request decides the reply, beside the fixture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// The method.
    pub(crate) method: &'a Method,
    /// The query of the target, without the question mark.
    pub(crate) query: Option<&'a str>,
    /// The headers.
    pub(crate) headers: &'a HeaderMap,
}

/// The answer to a GET or HEAD `request`, where `opened` is what was found under its path: the correct one, but
/// for what `answer` says.
pub(crate) fn reply(request: &Request<'_>, opened: Result<Opened, OpenError>, answer: &Answer) -> Reply {
    // Preconditions count only where the reply would succeed without them (RFC 9110 §13.2.1).
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return not_opened(&error, request),
    };
    let varies = !opened.variants.is_empty();
    let fixture = encoding::choose(request.headers, opened).revision(answer.revision());
    let mut reply = of_fixture(request, fixture, answer);
    if varies {
        // RFC 9110 §12.5.5: whatever was chosen, and with 304 as well (§15.4.5).
        reply.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    reply
}

/// The answer to GET or HEAD.
fn of_fixture(request: &Request<'_>, fixture: Fixture, answer: &Answer) -> Reply {
    let Request { method, headers, .. } = *request;
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
    let asked = match if ranged { range::select(headers, len) } else { Selected::Whole } {
        // What decodes the content would decode the delimiters between its parts. Ranges may be ignored (§14.2).
        Selected::Parts(_) if fixture.coding().is_some() => Selected::Whole,
        asked => asked,
    };
    let mut reply = match elsewhere(&asked, answer.ranges(), len) {
        Selected::Part(range) => part(fixture, range),
        Selected::Parts(ranges) => parts(fixture, &ranges),
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
fn elsewhere(asked: &Selected, ranges: Ranges, len: u64) -> Selected {
    match (asked, ranges) {
        (Selected::Whole, _) | (_, Ranges::Ignored) => Selected::Whole,
        (_, Ranges::Refused) => Selected::Unsatisfiable,
        (asked, Ranges::From(offset)) => match offset.resolve(len).filter(|&start| start < len) {
            Some(start) => {
                let end = match asked {
                    Selected::Part(range) => range.end,
                    Selected::Parts(ranges) => ranges.iter().map(|range| range.end).max().unwrap_or(len),
                    Selected::Unsatisfiable | Selected::Whole => len,
                };
                Selected::Part(start..if start < end { end } else { len })
            }
            None => asked.clone(),
        },
        (asked, _) => asked.clone(),
    }
}

/// 200 (RFC 9110 §15.3.1).
fn whole(fixture: Fixture, method: &Method) -> Reply {
    let (len, has_body) = (fixture.len(), method != Method::HEAD);
    Reply {
        status: StatusCode::OK,
        headers: representation(&fixture),
        facts: ReplyFacts { start: 0, len, total: len, has_body, ranged: false },
        missed: false,
        body: if has_body { ReplyBody::Fixture { fixture, start: 0, end: len } } else { ReplyBody::Empty },
    }
}

/// 206 with one part (RFC 9110 §15.3.7.1).
fn part(fixture: Fixture, Range { start, end }: Range<u64>) -> Reply {
    let total = fixture.len();
    let mut headers = representation(&fixture);
    headers.insert(header::CONTENT_RANGE, value(&content_range(&(start..end), total)));
    Reply {
        status: StatusCode::PARTIAL_CONTENT,
        headers,
        facts: ReplyFacts { start, len: end - start, total, has_body: true, ranged: true },
        missed: false,
        body: ReplyBody::Fixture { fixture, start, end },
    }
}

/// 206 with several parts (RFC 9110 §15.3.7.2): each has its own `Content-Range`, and the whole must not have one.
fn parts(fixture: Fixture, ranges: &[Range<u64>]) -> Reply {
    let total = fixture.len();
    let mut headers = representation(&fixture);
    let multipart = Multipart::new(fixture, ranges);
    headers.insert(header::CONTENT_TYPE, value(&multipart.media_type()));
    Reply {
        status: StatusCode::PARTIAL_CONTENT,
        headers,
        facts: ReplyFacts { start: 0, len: multipart.len(), total, has_body: true, ranged: true },
        missed: false,
        body: ReplyBody::Parts(multipart),
    }
}

/// 304. Of what the 200 reply would say of the representation, `ETag` alone (RFC 9110 §15.4.5).
fn not_modified(fixture: &Fixture) -> Reply {
    Reply {
        status: StatusCode::NOT_MODIFIED,
        headers: HeaderMap::from_iter([(header::ETAG, value(fixture.etag()))]),
        facts: ReplyFacts { start: 0, len: 0, total: fixture.len(), has_body: false, ranged: false },
        missed: false,
        body: ReplyBody::Empty,
    }
}

/// What a reply says of the fixture, whole or in part.
fn representation(fixture: &Fixture) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, value(fixture.media_type()));
    if let Some(coding) = fixture.coding() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    headers.insert(header::ETAG, value(fixture.etag()));
    // A time before 1970 has no date in HTTP.
    if let Some(modified) = fixture.modified().filter(|modified| *modified >= UNIX_EPOCH) {
        headers.insert(header::LAST_MODIFIED, value(&httpdate::fmt_http_date(modified)));
    }
    headers
}

/// The reply to a path that could not be opened.
fn not_opened(error: &OpenError, request: &Request<'_>) -> Reply {
    let method = request.method;
    let status = match error {
        OpenError::BadPath(_) => StatusCode::BAD_REQUEST,
        OpenError::Denied(_) => StatusCode::FORBIDDEN,
        OpenError::Directory { path } => return moved(path, request),
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

/// 301 to the path of a directory, so that references in its page are below it (RFC 9110 §15.4.2). The path has one
/// slash in front: with two it would name a host (RFC 3986 §4.2).
fn moved(path: &str, request: &Request<'_>) -> Reply {
    let mut reply = trouble(StatusCode::MOVED_PERMANENTLY, "the path of a directory ends in a slash", request.method);
    let query = request.query.map(|query| format!("?{}", utf8_percent_encode(query, CONTROLS)));
    reply.headers.insert(header::LOCATION, value(&format!("{path}{}", query.unwrap_or_default())));
    reply
}

/// A header value of characters that headers may hold.
fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).expect("no control characters")
}
