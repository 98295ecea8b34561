//! The correct answer to a request.

use std::ops::Range;
use std::time::UNIX_EPOCH;

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use percent_encoding::{CONTROLS, utf8_percent_encode};

use super::encoding;
use super::multipart::Multipart;
use super::preconditions::{self, Preconditions};
use super::range::{self, Selected};
use super::reply::{Reply, ReplyBody};
use super::status::trouble;
use super::validators::Validators;
use crate::content::{Fixture, OpenError, Opened};
use crate::decision::{Answer, ContentRange, Ranges, ReplyFacts, Version};

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
pub(crate) fn reply(request: &Request<'_>, opened: Result<Opened, &OpenError>, answer: &Answer) -> Reply {
    // Preconditions count only where the reply would succeed without them (RFC 9110 §13.2.1).
    let opened = match opened {
        Ok(opened) => opened,
        Err(error) => return not_opened(error, request),
    };
    let varies = !opened.variants.is_empty();
    let fixture = encoding::choose(request.headers, opened);
    let mut reply = of_fixture(request, revised(fixture, answer.version()), answer);
    if varies {
        // RFC 9110 §12.5.5: whatever was chosen, and with 304 as well (§15.4.5).
        reply.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    reply
}

/// The revision of a fixture, and what it has of the fixture itself.
pub(crate) fn revised(fixture: Fixture, version: &Version) -> Fixture {
    match version.revision() {
        1 => fixture,
        revision => changed(fixture.clone().revision(revision), &fixture, version),
    }
}

/// What is found in the place of something.
pub(crate) fn replaced(opened: &Opened, by: Opened, version: &Version) -> Opened {
    let own = &opened.fixture;
    let in_place_of = |fixture: Fixture, other: &Fixture| changed(fixture.in_place_of(own), other, version);
    let variants = by.variants.into_iter().map(|variant| {
        let same = opened.variants.iter().find(|other| other.coding() == variant.coding());
        in_place_of(variant, same.unwrap_or(own))
    });
    Opened { variants: variants.collect(), fixture: in_place_of(by.fixture, own) }
}

/// What a fixture has become, with what it still has of what it was.
fn changed(mut fixture: Fixture, was: &Fixture, version: &Version) -> Fixture {
    if version.has_same_etag() {
        fixture = fixture.with_etag_of(was);
    }
    if version.has_same_last_modified() {
        fixture = fixture.with_last_modified_of(was);
    }
    fixture
}

/// The answer to GET or HEAD.
fn of_fixture(request: &Request<'_>, fixture: Fixture, answer: &Answer) -> Reply {
    let Request { method, headers, .. } = *request;
    let validators = Validators::new(&fixture, answer);
    match preconditions::evaluate(headers, &validators) {
        Preconditions::Failed => {
            return trouble(StatusCode::PRECONDITION_FAILED, "the fixture is another one", method);
        }
        Preconditions::NotModified => return not_modified(&fixture, validators),
        Preconditions::Passed => {}
    }
    let len = fixture.len();
    // Only GET knows ranges (RFC 9110 §14.2).
    let ranged =
        method == Method::GET && (answer.ignores_if_range() || preconditions::range_applies(headers, &validators));
    let asked = match if ranged { range::select(headers, len) } else { Selected::Whole } {
        // What decodes the content would decode the delimiters between its parts. Ranges may be ignored (§14.2).
        Selected::Parts(_) if fixture.coding().is_some() => Selected::Whole,
        asked => asked,
    };
    let is_coded = fixture.coding().is_some();
    let mut reply = match elsewhere(&asked, answer.ranges(), len, is_coded) {
        Selected::Part(range) => part(fixture, validators, answer, range),
        Selected::Parts(ranges) => parts(fixture, validators, answer, &ranges),
        Selected::Unsatisfiable => {
            let why = if asked == Selected::Unsatisfiable { "the fixture ends before the range" } else { "refused" };
            let mut reply = trouble(StatusCode::RANGE_NOT_SATISFIABLE, why, method);
            // RFC 9110 §15.5.17.
            reply.headers.insert(header::CONTENT_RANGE, content_range(answer, None, len));
            reply
        }
        Selected::Whole => whole(fixture, validators, method),
    };
    reply.facts.ranged = asked != Selected::Whole;
    reply
}

/// What is sent of the fixture, where this was asked for.
fn elsewhere(asked: &Selected, ranges: Ranges, len: u64, is_coded: bool) -> Selected {
    let moved = |range: Range<u64>| if range.is_empty() { asked.clone() } else { Selected::Part(range) };
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
        (Selected::Part(Range { start, end }), Ranges::Earlier(bytes)) => moved(start.saturating_sub(bytes)..*end),
        (Selected::Part(Range { start, end }), Ranges::Later(bytes)) => moved(start.saturating_add(bytes)..*end),
        (Selected::Part(Range { start, end }), Ranges::Longer(bytes)) => {
            moved(*start..end.saturating_add(bytes).min(len))
        }
        (Selected::Part(Range { start, end }), Ranges::Shorter(bytes)) => {
            let less = bytes.resolve(end - start).map_or(0, |less| less.min(end - start - 1));
            moved(*start..end - less)
        }
        // As of several ranges: no coding, and room for the head of the part.
        (Selected::Part(range), Ranges::Multipart) if !is_coded && len <= range::MOST_IN_PARTS => {
            Selected::Parts(vec![range.clone()])
        }
        (asked, _) => asked.clone(),
    }
}

/// The value of `Content-Range`: for a part, or where there is none (RFC 9110 §14.4).
pub(super) fn content_range(answer: &Answer, part: Option<&Range<u64>>, len: u64) -> HeaderValue {
    let said = answer.content_range();
    if let Some(value) = said.and_then(|said| match said {
        ContentRange::Text(text) => HeaderValue::from_bytes(text).ok(),
        ContentRange::Total(_) | ContentRange::UnknownTotal => None,
    }) {
        return value;
    }
    let total = said.and_then(|said| said.total(len)).unwrap_or_else(|| len.to_string().into());
    match part {
        Some(Range { start, end }) => value(&format!("bytes {start}-{}/{total}", end - 1)),
        None => value(&format!("bytes */{total}")),
    }
}

/// 200 (RFC 9110 §15.3.1).
fn whole(fixture: Fixture, validators: Validators, method: &Method) -> Reply {
    let (len, has_body) = (fixture.len(), method != Method::HEAD);
    Reply {
        status: StatusCode::OK,
        headers: representation(&fixture, validators),
        facts: ReplyFacts { start: 0, len, total: len, has_body, ranged: false },
        missed: false,
        comes_again: None,
        body: if has_body { ReplyBody::Fixture { fixture, start: 0, end: len } } else { ReplyBody::Empty },
    }
}

/// 206 with one part (RFC 9110 §15.3.7.1).
fn part(fixture: Fixture, validators: Validators, answer: &Answer, range: Range<u64>) -> Reply {
    let total = fixture.len();
    let mut headers = representation(&fixture, validators);
    headers.insert(header::CONTENT_RANGE, content_range(answer, Some(&range), total));
    let Range { start, end } = range;
    Reply {
        status: StatusCode::PARTIAL_CONTENT,
        headers,
        facts: ReplyFacts { start, len: end - start, total, has_body: true, ranged: true },
        missed: false,
        comes_again: None,
        body: ReplyBody::Fixture { fixture, start, end },
    }
}

/// 206 with several parts (RFC 9110 §15.3.7.2): each has its own `Content-Range`, and the whole must not have one.
fn parts(fixture: Fixture, validators: Validators, answer: &Answer, ranges: &[Range<u64>]) -> Reply {
    let total = fixture.len();
    let mut headers = representation(&fixture, validators);
    let multipart = Multipart::new(fixture, ranges, |part| content_range(answer, Some(part), total));
    headers.insert(header::CONTENT_TYPE, value(&multipart.media_type()));
    Reply {
        status: StatusCode::PARTIAL_CONTENT,
        headers,
        facts: ReplyFacts { start: 0, len: multipart.len(), total, has_body: true, ranged: true },
        missed: false,
        comes_again: None,
        body: ReplyBody::Parts(multipart),
    }
}

/// 304. Of what the 200 reply would say of the representation, `ETag` alone (RFC 9110 §15.4.5).
fn not_modified(fixture: &Fixture, validators: Validators) -> Reply {
    Reply {
        status: StatusCode::NOT_MODIFIED,
        headers: validators.into_etag().map(|etag| (header::ETAG, etag)).into_iter().collect(),
        facts: ReplyFacts { start: 0, len: 0, total: fixture.len(), has_body: false, ranged: false },
        missed: false,
        comes_again: None,
        body: ReplyBody::Empty,
    }
}

/// What a reply says of the fixture, whole or in part.
fn representation(fixture: &Fixture, validators: Validators) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_TYPE, value(fixture.media_type()));
    if let Some(coding) = fixture.coding() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
    }
    // A time before 1970 has no date in HTTP.
    let modified = validators.modified().filter(|modified| *modified >= UNIX_EPOCH);
    if let Some(etag) = validators.into_etag() {
        headers.insert(header::ETAG, etag);
    }
    if let Some(modified) = modified {
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

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::*;
    use crate::decision::{ReplyFacts, lower};
    use crate::units::Offset;

    fn answer(entry: &str) -> Answer {
        lower(&entry.parse().unwrap(), &ReplyFacts::default()).answer().clone()
    }

    #[test]
    fn a_part_that_has_no_end_of_its_own() {
        let all = |ranges| elsewhere(&Selected::Part(u64::MAX - 2..u64::MAX), ranges, u64::MAX, false);
        assert_eq!(all(Ranges::Earlier(u64::MAX)), Selected::Part(0..u64::MAX));
        assert_eq!(all(Ranges::Later(u64::MAX)), Selected::Part(u64::MAX - 2..u64::MAX));
        assert_eq!(all(Ranges::Longer(u64::MAX)), Selected::Part(u64::MAX - 2..u64::MAX));
        assert_eq!(all(Ranges::Shorter(Offset::END)), Selected::Part(u64::MAX - 2..u64::MAX - 1));
        // There would be no room for the head of the part.
        assert_eq!(all(Ranges::Multipart), Selected::Part(u64::MAX - 2..u64::MAX));
    }

    proptest! {
        #[test]
        fn a_part_is_there_and_tells_the_truth(
            term in prop::sample::select(vec!["range-earlier", "range-later", "range-longer", "range-shorter"]),
            (size, shift) in (1..=u64::MAX, 0u32..64),
            (first, len) in (0u64..30, 1u64..30),
        ) {
            let fixture = Fixture::from_bytes("a", Bytes::from_static(&[7; 30]));
            let size = (size >> shift).max(1);
            let range = value(&format!("bytes={first}-{}", first + len - 1));
            let headers = HeaderMap::from_iter([(header::RANGE, range)]);
            let request = Request { method: &Method::GET, query: None, headers: &headers };
            let reply = reply(&request, Ok(fixture.into()), &answer(&format!("{term}={size}")));
            let (asked, facts) = (first..(first + len).min(30), reply.facts);
            let got = facts.start..facts.start + facts.len;
            prop_assert!(!got.is_empty() && got.end <= 30);
            prop_assert_eq!(reply.body.len(), facts.len);
            let said = format!("bytes {}-{}/30", got.start, got.end - 1);
            prop_assert_eq!(&reply.headers[header::CONTENT_RANGE], said.as_str());
            let expected = match term {
                "range-earlier" => asked.start.saturating_sub(size)..asked.end,
                "range-later" if size < asked.end - asked.start => asked.start + size..asked.end,
                "range-longer" => asked.start..asked.end.saturating_add(size).min(30),
                "range-shorter" if size < asked.end - asked.start => asked.start..asked.end - size,
                "range-shorter" => asked.start..asked.start + 1,
                _ => asked,
            };
            prop_assert_eq!(got, expected);
        }
    }
}
