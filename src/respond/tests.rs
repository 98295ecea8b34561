//! Requests and their replies, as text.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};

use super::{Reply, Request, reply};
use crate::content::{BadPath, Block, Fixture, Fixtures, OpenError, Opened};
use crate::decision::{Answer, ReplyFacts, lower};

fn fixture() -> Fixture {
    Fixture::from_bytes("app.tar.gz", Bytes::from_static(b"0123456789"))
        .modified_at(UNIX_EPOCH + Duration::from_secs(784_111_777))
}

fn answer(method: &Method, lines: &[&str], opened: Result<Fixture, OpenError>) -> Reply {
    planned("ok", method, lines, opened)
}

fn planned(entry: &str, method: &Method, lines: &[&str], opened: Result<Fixture, OpenError>) -> Reply {
    let facts = ReplyFacts { start: 0, len: 0, total: 0, has_body: false, ranged: false };
    let headers: HeaderMap = lines
        .iter()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap()))
        .collect();
    reply(
        &Request { method, query: None, headers: &headers },
        opened.as_ref().map(|fixture| fixture.clone().into()),
        lower(&entry.parse().unwrap(), &facts).answer(),
    )
}

/// The head as lines, headers sorted and without the text of the tag, a blank line, and the
/// body.
fn text(reply: &Reply) -> String {
    let mut lines: Vec<_> = reply
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap().replace(fixture().etag(), "TAG")))
        .collect();
    lines.sort();
    let body = match reply.body.block(0) {
        Block::Ready(bytes) => bytes,
        Block::Loading(_) => unreachable!("bytes in memory"),
    };
    assert_eq!(body.len() as u64, reply.body.len());
    let body = String::from_utf8(body.to_vec()).unwrap();
    format!("{}\n{}\n\n{body}", reply.status.as_u16(), lines.join("\n"))
}

/// Checks the reply, and its start, length, total and whether it has a body.
#[track_caller]
fn check(method: &Method, lines: &[&str], expected: &str, facts: (u64, u64, u64, bool)) {
    let reply = answer(method, lines, Ok(fixture()));
    assert_eq!(text(&reply), expected, "{method} {lines:?}");
    let got = reply.facts;
    assert_eq!((got.start, got.len, got.total, got.has_body), facts, "{method} {lines:?}");
    assert_eq!(reply.body.len(), if got.has_body { got.len } else { 0 }, "{method} {lines:?}");
}

const WHOLE: &str = "200\naccept-ranges: bytes\ncontent-type: application/gzip\netag: TAG\n\
    last-modified: Sun, 06 Nov 1994 08:49:37 GMT\n\n";

#[test]
fn the_whole() {
    check(&Method::GET, &[], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
    check(&Method::GET, &["range: lines=1-2"], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
    check(&Method::GET, &["range: bytes=1-2, 5-4"], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
    check(&Method::GET, &["range: bytes=1-9, 0-1"], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
    check(&Method::GET, &["range: bytes=1-2", "if-range: \"x\""], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
    // `If-Range` says nothing without `Range`.
    check(&Method::GET, &["if-range: \"x\""], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
}

#[test]
fn head_has_the_head_of_get() {
    check(&Method::HEAD, &[], WHOLE, (0, 10, 10, false));
    check(&Method::HEAD, &["range: bytes=1-2"], WHOLE, (0, 10, 10, false));
    check(&Method::HEAD, &["range: bytes=10-"], WHOLE, (0, 10, 10, false));
}

#[test]
fn a_part() {
    let part = |range: &str, body: &str| {
        WHOLE
            .replace("200\n", "206\n")
            .replace("content-type", &format!("content-range: bytes {range}/10\ncontent-type"))
            + body
    };
    check(&Method::GET, &["range: bytes=2-4"], &part("2-4", "234"), (2, 3, 10, true));
    check(&Method::GET, &["range: bytes=7-"], &part("7-9", "789"), (7, 3, 10, true));
    check(&Method::GET, &["range: bytes=-1"], &part("9-9", "9"), (9, 1, 10, true));
    check(&Method::GET, &["range: bytes=-99"], &part("0-9", "0123456789"), (0, 10, 10, true));
    let tag = format!("if-range: {}", fixture().etag());
    check(&Method::GET, &["range: bytes=2-4", &tag], &part("2-4", "234"), (2, 3, 10, true));
    let date = "if-range: Sun, 06 Nov 1994 08:49:37 GMT";
    check(&Method::GET, &["range: bytes=2-4", date], &part("2-4", "234"), (2, 3, 10, true));
}

/// The body, block by block.
fn read(reply: &Reply) -> String {
    let mut body = Vec::new();
    loop {
        let Block::Ready(block) = reply.body.block(body.len() as u64) else { unreachable!("bytes in memory") };
        if block.is_empty() {
            assert_eq!(body.len() as u64, reply.body.len());
            return String::from_utf8(body).unwrap().replace(fixture().etag().trim_matches('"'), "TAG");
        }
        body.extend_from_slice(&block);
    }
}

#[test]
fn several_parts() {
    let reply = answer(&Method::GET, &["range: bytes=2-4,-1,20-"], Ok(fixture()));
    let head = |name: &str| reply.headers.get(name).map(|value| value.to_str().unwrap());
    assert_eq!(reply.status, 206);
    assert_eq!(head("content-range"), None);
    let boundary = format!("flaky-{}", fixture().etag().trim_matches('"'));
    assert_eq!(head("content-type"), Some(format!("multipart/byteranges; boundary={boundary}").as_str()));
    assert_eq!((head("etag"), head("accept-ranges")), (Some(fixture().etag()), Some("bytes")));
    let part = |range: &str, bytes: &str| {
        format!("--flaky-TAG\r\ncontent-type: application/gzip\r\ncontent-range: bytes {range}/10\r\n\r\n{bytes}\r\n")
    };
    assert_eq!(read(&reply), part("2-4", "234") + &part("9-9", "9") + "--flaky-TAG--\r\n");
    let facts = reply.facts;
    assert_eq!((facts.start, facts.len, facts.total), (0, reply.body.len(), 10));
    assert!(facts.has_body && facts.ranged);
    assert_eq!(reply.start(), None);
    // HEAD knows no ranges; a tag that is another one, and one that is weak, get the whole.
    check(&Method::HEAD, &["range: bytes=2-4,-1"], WHOLE, (0, 10, 10, false));
    let weak = format!("if-range: W/{}", fixture().etag());
    check(&Method::GET, &["range: bytes=2-4,-1", &weak], &format!("{WHOLE}0123456789"), (0, 10, 10, true));
}

#[test]
fn offsets_in_a_body_of_several_parts() {
    let several = answer(&Method::GET, &["range: bytes=2-4,-1"], Ok(fixture()));
    let applied = |entry: &str, reply: &Reply| lower(&entry.parse().unwrap(), &reply.facts_in_fixture()).applied();
    for entry in ["reset-at=0", "reset-at=3", "stall-at=9", "corrupt-at=2", "truncate-at=100%", "reset-at=11"] {
        assert!(!applied(entry, &several), "{entry}");
    }
    let last = several.body.len();
    assert!(applied(&format!("reset-after={last}"), &several));
    assert!(!applied(&format!("reset-after={}", last + 1), &several));
    for entry in ["reset-after=50%", "revision=2", "ignore-range", "range-start=9", "unsatisfiable"] {
        assert!(applied(entry, &several), "{entry}");
    }
    // The text of a 416 is of no revision.
    let text = answer(&Method::GET, &["range: bytes=10-"], Ok(fixture()));
    for entry in ["revision=2", "reset-at=0", "corrupt-at=10"] {
        assert!(!applied(entry, &text), "{entry}");
    }
}

#[test]
fn beyond_the_end() {
    let expected = "416\ncontent-range: bytes */10\ncontent-type: text/plain; charset=utf-8\n\n\
        416 Range Not Satisfiable: the fixture ends before the range\n";
    check(&Method::GET, &["range: bytes=10-"], expected, (0, 61, 61, true));
    // A range that does not count is not looked at.
    let whole = format!("{WHOLE}0123456789");
    check(&Method::GET, &["range: bytes=10-", "if-range: \"x\""], &whole, (0, 10, 10, true));
}

#[test]
fn conditions() {
    let tag = format!("if-none-match: {}", fixture().etag());
    check(&Method::GET, &[&tag], "304\netag: TAG\n\n", (0, 0, 10, false));
    check(&Method::HEAD, &[&tag], "304\netag: TAG\n\n", (0, 0, 10, false));
    // Before ranges.
    check(&Method::GET, &[&tag, "range: bytes=99-"], "304\netag: TAG\n\n", (0, 0, 10, false));
    let failed = "412\ncontent-type: text/plain; charset=utf-8\n\n";
    let body = "412 Precondition Failed: the fixture is another one\n";
    check(&Method::GET, &["if-match: \"x\""], &format!("{failed}{body}"), (0, 52, 52, true));
    check(&Method::HEAD, &["if-match: \"x\""], failed, (0, 52, 52, false));
}

#[test]
fn not_opened() {
    let denied = || io::Error::from(io::ErrorKind::PermissionDenied);
    for (error, expected) in [
        (OpenError::NotFound, "404 Not Found: no fixture is served under this path\n"),
        (OpenError::NotRegular, "404 Not Found: not a regular file\n"),
        (OpenError::Outside, "404 Not Found: a symbolic link leads out of the served directory\n"),
        (OpenError::RootGone { root: PathBuf::from("\r\n/root") }, "404 Not Found: the served directory was removed\n"),
        (OpenError::BadPath(BadPath::Parent), "400 Bad Request: the path has a `..` component\n"),
        (OpenError::Denied(denied()), "403 Forbidden: permission to read the file was denied\n"),
        (OpenError::Io(denied()), "500 Internal Server Error: could not open the file\n"),
    ] {
        let code = &expected[..3];
        // Preconditions do not count.
        let reply = answer(&Method::GET, &["if-match: \"x\""], Err(error));
        let head = format!("{code}\ncontent-type: text/plain; charset=utf-8\n\n");
        assert_eq!(text(&reply), format!("{head}{expected}"));
    }
    let reply = answer(&Method::HEAD, &[], Err(OpenError::NotFound));
    assert_eq!(text(&reply), "404\ncontent-type: text/plain; charset=utf-8\n\n");
    assert_eq!((reply.facts.len, reply.facts.has_body), (52, false));
}

#[test]
fn the_path_of_a_directory() {
    let location = |path: &str, query: Option<&str>, method: &Method| {
        let request = Request { method, query, headers: &HeaderMap::new() };
        let reply = reply(&request, Err(&OpenError::Directory { path: path.to_owned() }), &Answer::default());
        assert_eq!((reply.status, reply.facts.has_body), (StatusCode::MOVED_PERMANENTLY, method == Method::GET));
        reply.headers["location"].to_str().unwrap().to_owned()
    };
    assert_eq!(location("/d/", None, &Method::GET), "/d/");
    assert_eq!(location("/d%20e/", Some("a=b&c"), &Method::HEAD), "/d%20e/?a=b&c");
    assert_eq!(location("/d/", Some("\u{fc}"), &Method::GET), "/d/?%C3%BC");
    assert_eq!(location("/d/", Some(""), &Method::GET), "/d/?");
}

/// `/a.js`, and its like in two codings.
fn encoded() -> Opened {
    let fixtures = Fixtures::new().precompressed(true).memory("/a.js", "0123456789").unwrap();
    let fixtures = fixtures.memory("/a.js.gz", "gzip").unwrap().memory("/a.js.br", "0123456789").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(fixtures.open_all("/a.js")).unwrap()
}

#[test]
fn a_content_coding() {
    let ask = |method: &Method, lines: &[&str]| {
        let headers: HeaderMap = lines
            .iter()
            .map(|line| line.split_once(": ").unwrap())
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap()))
            .collect();
        reply(&Request { method, query: None, headers: &headers }, Ok(encoded()), &Answer::default())
    };
    let tag = encoded().variants[1].etag().to_owned();
    assert_ne!(encoded().variants[0].etag(), encoded().fixture.etag(), "though the bytes are the same");
    let head = "accept-ranges: bytes\ncontent-encoding: gzip\ncontent-type: text/javascript; charset=utf-8\n";
    let rest = format!("etag: {tag}\nvary: accept-encoding\n\n");
    assert_eq!(text(&ask(&Method::GET, &["accept-encoding: gzip"])), format!("200\n{head}{rest}gzip"));
    assert_eq!(text(&ask(&Method::HEAD, &["accept-encoding: gzip"])), format!("200\n{head}{rest}"));
    let part = text(&ask(&Method::GET, &["accept-encoding: gzip", "range: bytes=1-2"]));
    assert_eq!(
        part,
        format!("206\n{head}{rest}zi").replace("content-type", "content-range: bytes 1-2/4\ncontent-type")
    );
    // Ranges and validators are those of what is sent.
    let same = format!("if-none-match: {tag}");
    let not_modified = format!("304\netag: {tag}\nvary: accept-encoding\n\n");
    assert_eq!(text(&ask(&Method::GET, &["accept-encoding: gzip", &same])), not_modified);
    for (lines, status, coding) in [
        (&["accept-encoding: gzip", "range: bytes=4-"][..], 416, None),
        (&["accept-encoding: gzip", "if-match: \"x\""], 412, None),
        (&["accept-encoding: br, gzip"], 200, Some("br")),
        (&["accept-encoding: gzip;q=0"], 200, None),
        (&[&same], 200, None),
        (&[], 200, None),
    ] {
        let reply = ask(&Method::GET, lines);
        let got = reply.headers.get("content-encoding").map(|coding| coding.to_str().unwrap());
        assert_eq!((reply.status.as_u16(), got), (status, coding), "{lines:?}");
        assert_eq!(reply.headers["vary"], "accept-encoding", "{lines:?}");
    }
    // Where there is nothing to choose, nothing varies.
    assert!(!answer(&Method::GET, &["accept-encoding: gzip"], Ok(fixture())).headers.contains_key("vary"));
}

#[test]
fn an_empty_fixture() {
    let reply = answer(&Method::GET, &[], Ok(Fixture::from_bytes("a", Bytes::new())));
    assert_eq!((reply.status.as_u16(), reply.facts.len, reply.facts.has_body), (200, 0, true));
    // RFC 9110 §14.1.2: no byte comes after the first one that there is not.
    let reply = answer(&Method::GET, &["range: bytes=0-"], Ok(Fixture::from_bytes("a", Bytes::new())));
    assert_eq!((reply.status.as_u16(), &reply.headers["content-range"]), (416, &HeaderValue::from_static("bytes */0")));
}

#[test]
fn bodies_in_blocks() {
    let bytes: Bytes = (0..700_000_u32).map(|n| n as u8).collect();
    let reply = answer(&Method::GET, &["range: bytes=100-599999"], Ok(Fixture::from_bytes("a", bytes.clone())));
    let mut body = Vec::new();
    while let Block::Ready(block) = reply.body.block(body.len() as u64) {
        assert!(block.len() <= 256 * 1024);
        if block.is_empty() {
            break;
        }
        body.extend_from_slice(&block);
    }
    assert!(body == bytes[100..600_000]);
    assert!(matches!(reply.body.block(u64::MAX), Block::Ready(bytes) if bytes.is_empty()));
}

/// Checks status, `Content-Range`, body, and whether a range was asked for.
#[track_caller]
fn check_planned(entry: &str, range: Option<&str>, status: u16, content_range: Option<&str>, body: &str, ranged: bool) {
    let lines: Vec<String> = range.iter().map(|range| format!("range: bytes={range}")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let reply = planned(entry, &Method::GET, &lines, Ok(fixture()));
    let Block::Ready(bytes) = reply.body.block(0) else { unreachable!("bytes in memory") };
    let got_range = reply.headers.get("content-range").map(|value| value.to_str().unwrap());
    assert_eq!((reply.status.as_u16(), got_range, reply.facts.ranged), (status, content_range, ranged), "{entry}");
    assert!(String::from_utf8_lossy(&bytes).starts_with(body), "{entry}: {bytes:?}");
}

#[test]
fn ranges_that_are_answered_in_another_way() {
    check_planned("ok", Some("4-"), 206, Some("bytes 4-9/10"), "456789", true);
    check_planned("ignore-range", Some("4-"), 200, None, "0123456789", true);
    check_planned("ignore-range", Some("10-"), 200, None, "0123456789", true);
    check_planned("range-start=0", Some("4-"), 206, Some("bytes 0-9/10"), "0123456789", true);
    check_planned("range-start=0", Some("4-5"), 206, Some("bytes 0-5/10"), "012345", true);
    check_planned("range-start=3", Some("4-5"), 206, Some("bytes 3-5/10"), "345", true);
    check_planned("range-start=50%", Some("4-"), 206, Some("bytes 5-9/10"), "56789", true);
    check_planned("range-start=8", Some("4-5"), 206, Some("bytes 8-9/10"), "89", true);
    check_planned("range-start=10", Some("4-5"), 206, Some("bytes 4-5/10"), "45", true);
    check_planned("range-start=0", Some("10-"), 206, Some("bytes 0-9/10"), "0123456789", true);
    check_planned("unsatisfiable", Some("4-"), 416, Some("bytes */10"), "416 Range", true);
    for entry in ["ignore-range", "range-start=4", "unsatisfiable"] {
        check_planned(entry, None, 200, None, "0123456789", false);
        check_planned(entry, Some("4-5,5-4"), 200, None, "0123456789", false);
    }
    check_planned("ignore-range", Some("4-5,7-8"), 200, None, "0123456789", true);
    check_planned("range-start=3", Some("7-8,4-5"), 206, Some("bytes 3-8/10"), "345678", true);
    check_planned("range-start=9", Some("4-5,7-8"), 206, Some("bytes 9-9/10"), "9", true);
    check_planned("range-start=10", Some("4-5,7-8"), 206, None, "--flaky-", true);
    check_planned("unsatisfiable", Some("4-5,7-8"), 416, Some("bytes */10"), "416 Range", true);
}

#[test]
fn another_revision_is_another_representation() {
    let reply = |entry: &str, lines: &[&str]| planned(entry, &Method::GET, lines, Ok(fixture()));
    let first = reply("revision=1", &[]);
    assert_eq!(first.headers, reply("ok", &[]).headers);
    let second = reply("revision=2", &[]);
    let Block::Ready(bytes) = second.body.block(0) else { unreachable!("bytes in memory") };
    assert_eq!(bytes.len(), 10);
    assert!(bytes.iter().zip(b"0123456789").all(|(new, old)| new != old));
    assert_eq!(second.headers["last-modified"], "Sun, 06 Nov 1994 08:49:38 GMT");
    let (old, new) = (first.headers["etag"].to_str().unwrap(), second.headers["etag"].to_str().unwrap());
    assert_ne!(old, new);
    assert!(new.starts_with('"') && new.ends_with("-r2\""), "{new}");
    // Preconditions are about what is there now.
    let lines = |name: &str, tag: &str| [format!("{name}: {tag}"), "range: bytes=4-".to_owned()];
    let status = |name: &str, tag: &str| {
        let lines = lines(name, tag);
        reply("revision=2", &[&lines[0], &lines[1]]).status.as_u16()
    };
    assert_eq!((status("if-range", old), status("if-range", new)), (200, 206));
    assert_eq!((status("if-none-match", old), status("if-none-match", new)), (206, 304));
    // A part of it is of the same bytes.
    let part = reply("revision=2", &["range: bytes=4-"]);
    let Block::Ready(rest) = part.body.block(0) else { unreachable!("bytes in memory") };
    assert_eq!(rest, bytes[4..]);
    let revisions: Vec<_> = [2, 3, 255, 256].map(|n| reply(&format!("revision={n}"), &[]).body.block(0)).into();
    let bytes: std::collections::BTreeSet<_> = revisions
        .into_iter()
        .map(|block| match block {
            Block::Ready(bytes) => bytes,
            Block::Loading(_) => unreachable!("bytes in memory"),
        })
        .collect();
    assert_eq!(bytes.len(), 4);
}
