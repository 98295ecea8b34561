//! What is said of ranges, and what is not said.

use super::{DATE, LEN, ask, bytes, check, part, refused, whole};
use crate::support::{Raw, builder, get, settled, start};

const RANGE: (&str, &str) = ("Range", "bytes=500-599");
const BEHIND: (&str, &str) = ("Range", "bytes=1000-");
const BEHIND_TEXT: &[u8] = b"416 Range Not Satisfiable: the fixture ends before the range\n";
const REFUSED_TEXT: &[u8] = b"416 Range Not Satisfiable: refused\n";

/// Checks what stands in `Content-Range` of a 206, of a 416 that is right, and of one that is not.
#[track_caller]
fn says(term: &str, in_206: &str, in_416: &str) {
    let expected = part(500, 599).replace("bytes 500-599/1000", in_206);
    check(term, &[RANGE], &expected, &bytes()[500..600], true);
    check(term, &[BEHIND], &refused(in_416, BEHIND_TEXT.len()), BEHIND_TEXT, true);
    let both = format!("{term} unsatisfiable");
    check(&both, &[RANGE], &refused(in_416, REFUSED_TEXT.len()), REFUSED_TEXT, true);
    for headers in [&[][..], &[("Range", "bytes=9-8")], &[RANGE, ("If-Range", "\"x\"")]] {
        check(term, headers, &whole(), bytes(), false);
    }
    let head = ask(term, "HEAD", &[RANGE]);
    assert_eq!((head.head(), head.exchange.applied), (whole(), false), "{term}");
    let unmodified = ask(term, "GET", &[RANGE, ("If-None-Match", "\"TAG\"")]);
    assert_eq!((unmodified.reply.status(), unmodified.exchange.applied), (304, false), "{term}");
}

#[test]
fn the_range_and_the_length() {
    says("content-range=bytes%20*/999", "bytes */999", "bytes */999");
    says("content-range=nonsense", "nonsense", "nonsense");
    says("unknown-total", "bytes 500-599/*", "bytes */*");
    says("range-total=end+1", "bytes 500-599/1001", "bytes */1001");
    says("range-total=end-1", "bytes 500-599/999", "bytes */999");
    says("range-total=50%", "bytes 500-599/500", "bytes */500");
    says("range-total=-1", "bytes 500-599/-1", "bytes */-1");
}

#[test]
fn what_is_true_is_no_lie() {
    check("range-total=end", &[RANGE], &part(500, 599), &bytes()[500..600], false);
    check("range-total=1kB", &[RANGE], &part(500, 599), &bytes()[500..600], false);
    check("content-range=bytes%20500-599/1000", &[RANGE], &part(500, 599), &bytes()[500..600], false);
    check("accept-ranges=bytes", &[RANGE], &part(500, 599), &bytes()[500..600], false);
}

#[test]
fn each_of_several_parts_says_so() {
    for (term, says) in
        [("unknown-total", "bytes 500-509/*"), ("range-total=7", "bytes 500-509/7"), ("content-range=x", "x")]
    {
        let got = ask(term, "GET", &[("Range", "bytes=0-9,500-509")]);
        let text = got.reply.text();
        assert!(text.contains(&format!("content-range: {says}\r\n")), "{text}");
        assert_eq!((got.reply.header("content-range"), got.exchange.applied), (None, true));
    }
    let got = ask("range-total=9999", "GET", &[("Range", "bytes=0-9,500-509")]);
    assert!(got.exchange.applied, "a length that is as long as the right one");
}

#[test]
fn ranges_are_not_offered() {
    let none = |head: String| head.replace("accept-ranges: bytes", "accept-ranges: none");
    check("accept-ranges=none", &[], &none(whole()), bytes(), true);
    check("accept-ranges=none", &[RANGE], &none(part(500, 599)), &bytes()[500..600], true);
    check("accept-ranges=none ignore-range", &[RANGE], &none(whole()), bytes(), true);
    let head = ask("accept-ranges=none", "HEAD", &[]);
    assert_eq!((head.head(), head.exchange.applied), (none(whole()), true));
    // There is nothing to say it in.
    check("accept-ranges=none", &[BEHIND], &refused("bytes */1000", BEHIND_TEXT.len()), BEHIND_TEXT, false);
}

#[test]
fn headers_that_are_missing() {
    let without = |head: &str, name: &str| {
        let lines: Vec<_> = head.lines().filter(|line| !line.starts_with(&format!("{name}: "))).collect();
        lines.join("\n")
    };
    for name in ["accept-ranges", "content-type", "etag", "last-modified"] {
        let term = format!("no-header={name}");
        check(&term, &[], &without(&whole(), name), bytes(), true);
        check(&term, &[RANGE], &without(&part(500, 599), name), &bytes()[500..600], true);
        let head = ask(&term, "HEAD", &[]);
        assert_eq!((head.head(), head.exchange.applied), (without(&whole(), name), true), "{term}");
    }
    check("no-header=content-range", &[RANGE], &without(&part(500, 599), "content-range"), &bytes()[500..600], true);
    let text = BEHIND_TEXT.len();
    let bare = without(&refused("bytes */1000", text), "content-range");
    check("no-header=content-range", &[BEHIND], &bare, BEHIND_TEXT, true);
    check("no-header=content-range", &[], &whole(), bytes(), false);
    check("no-header=vary", &[], &whole(), bytes(), false);
    // One that is there, and one that is not.
    check("no-header=etag no-header=vary", &[], &without(&whole(), "etag"), bytes(), false);
    for (script, headers, note) in [
        ("no-header=etag no-header=vary", &[][..], Some("not here: `no-header=vary`")),
        ("reset-after=1MB range-later=2kB delay=1ms", &[RANGE], Some("not here: `reset-after=1MB`, `range-later=2kB`")),
        ("unknown-total delay=1ms", &[], Some("not here: `unknown-total`")),
        ("no-header=vary", &[], None),
        ("range-later=1 corrupt-at=1MB", &[], None),
        ("no-header=etag", &[], None),
    ] {
        let got = ask(script, "GET", headers);
        assert_eq!(got.exchange.note.as_deref(), note, "{script}");
    }
    check("no-header=etag framing=length", &[BEHIND], &refused("bytes */1000", text), BEHIND_TEXT, false);
}

#[test]
fn what_is_not_known_matches_nothing() {
    let without = |name: &str| whole().replace(&format!("\n{name}"), "");
    let (no_tag, no_date) = (without("etag: \"TAG\""), without(&format!("last-modified: {DATE}")));
    for (name, value) in [("If-None-Match", "\"TAG\""), ("If-None-Match", "W/\"TAG\"")] {
        check("no-header=etag", &[(name, value)], &no_tag, bytes(), true);
    }
    check("no-header=etag", &[RANGE, ("If-Range", "\"TAG\"")], &no_tag, bytes(), true);
    check("no-header=last-modified", &[RANGE, ("If-Range", DATE)], &no_date, bytes(), true);
    check("no-header=last-modified", &[("If-Modified-Since", DATE)], &no_date, bytes(), true);
    // A 412 has no tag that could be missing: it is there because there is none.
    let failed = ask("no-header=etag", "GET", &[("If-Match", "\"TAG\"")]);
    assert_eq!((failed.reply.status(), failed.exchange.applied), (412, true));
    let failed = ask("no-header=etag", "GET", &[("If-Match", "\"x\"")]);
    assert_eq!((failed.reply.status(), failed.exchange.applied), (412, false));
    let unmodified = ask("no-header=etag", "GET", &[("If-None-Match", "*")]);
    assert_eq!((unmodified.head(), unmodified.exchange.applied), ("304\n".to_owned(), true));
}

#[test]
fn of_replies_without_a_file() {
    let server = start(
        builder("no-header=content-type status=503, no-header=etag status=503, no-header=content-type, ok")
            .serve_bytes("/f", bytes()),
    );
    let mut raw = Raw::connect(server.addr());
    for (status, body, has_type) in [(503, "503 ", false), (503, "503 ", true), (404, "404 ", false)] {
        let reply = raw.ask(&get("/absent"));
        assert_eq!((reply.status(), reply.header("content-type").is_some()), (status, has_type));
        assert!(reply.text().starts_with(body));
    }
    let exchanges = settled(server.journal(), 3);
    assert_eq!(exchanges.iter().map(|exchange| exchange.applied).collect::<Vec<_>>(), [true, false, true]);
    for term in ["weak-etag", "etag=a", "replaced-by=/f", "accept-ranges=none", "range-total=1"] {
        let server = start(builder(term).serve_bytes("/f", bytes()));
        assert_eq!(Raw::connect(server.addr()).ask(&get("/absent")).status(), 404);
        assert!(!settled(server.journal(), 1)[0].applied, "{term}");
    }
}

#[test]
fn a_coding_that_is_not_told() {
    let server = start(builder("gzip=1 no-header=content-encoding, gzip=1, ok").serve_bytes("/f", bytes()));
    let mut raw = Raw::connect(server.addr());
    let replies = [(); 2].map(|()| raw.ask(&get("/f")));
    assert_eq!(replies.each_ref().map(|reply| reply.header("content-encoding")), [None, Some("gzip")]);
    assert!(replies[0].body == replies[1].body && replies[0].len != LEN as u64);
}
