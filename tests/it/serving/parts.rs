//! Several ranges in one request (RFC 9110 §14.6, §15.3.7.2), whole and broken.

use flaky_server::{Entry, FlakyServer};

use super::{bytes, is_whole};
use crate::support::{Ending, Framing, Raw, Reply, Speed, content, get, ok, serve, settled, start};

/// The body of a reply with these parts of `whole`, byte by byte.
fn expected(etag: &str, whole: &[u8], parts: &[(usize, usize)]) -> Vec<u8> {
    let boundary = format!("flaky-{}", etag.trim_matches('"'));
    let mut body = Vec::new();
    for (start, end) in parts {
        let range = format!("{start}-{}/{}", end - 1, whole.len());
        let head =
            format!("--{boundary}\r\ncontent-type: application/octet-stream\r\ncontent-range: bytes {range}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&whole[*start..*end]);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

#[track_caller]
fn etag(raw: &mut Raw) -> String {
    raw.ask(&get("/f")).header("etag").expect("an entity tag").to_owned()
}

#[test]
fn each_has_a_head_of_its_own() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let etag = etag(&mut raw);
    let mut check = |range: &str, parts: &[(usize, usize)]| {
        let body = expected(&etag, bytes(), parts);
        let reply = raw.ask(&get("/f").range(range));
        is_whole(&reply, 206, &body);
        assert_eq!(reply.framing, Framing::Length(body.len() as u64), "{range}");
        assert_eq!(reply.header("content-range"), None, "{range}");
        let boundary = format!("multipart/byteranges; boundary=flaky-{}", etag.trim_matches('"'));
        assert_eq!(reply.header("content-type"), Some(boundary.as_str()), "{range}");
        assert_eq!(reply.header("etag"), Some(etag.as_str()), "{range}");
    };
    check("bytes=0-0,-1", &[(0, 1), (99_999, 100_000)]);
    check("bytes=500-999 , 0-499,", &[(500, 1000), (0, 500)]);
    check("bytes=0-0,100000-,50000-", &[(0, 1), (50_000, 100_000)]);
    check("BYTES=0-10,5-15", &[(0, 11), (5, 16)]);
    // One that is left comes alone.
    let reply = raw.ask(&get("/f").range("bytes=100000-,10-19"));
    is_whole(&reply, 206, &bytes()[10..20]);
    assert_eq!(reply.header("content-range"), Some("bytes 10-19/100000"));
    let reply = raw.ask(&get("/f").range("bytes=100000-,-0"));
    assert_eq!((reply.status(), reply.header("content-range")), (416, Some("bytes */100000")));
    let many: Vec<String> = (0..1000).map(|at| format!("{at}-{at}")).collect();
    is_whole(&raw.ask(&get("/f").range(&format!("bytes={}", many.join(",")))), 200, bytes());
    assert_eq!(raw.quiet(), Ending::Silence);
}

#[test]
fn in_each_framing_and_from_a_file() {
    let dir = tempfile::tempdir().unwrap();
    // Parts of several blocks.
    let whole = content(1_500_000);
    std::fs::write(dir.path().join("f"), whole).unwrap();
    let parts = [(1_400_000, 1_500_000), (100, 700_000), (700_000, 700_001)];
    for script in ["ok", "framing=chunked", "framing=close"] {
        let server = start(crate::support::builder(&format!("ok, {script} x*")).serve_dir(dir.path()));
        let etag = etag(&mut Raw::connect(server.addr()));
        let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
        let reply = raw.ask(&get("/f").range("bytes=-100000,100-699999,700000-700000"));
        let body = expected(&etag, whole, &parts);
        is_whole(&reply, 206, &body);
        let exchange = &settled(server.journal(), 2)[1];
        assert_eq!((exchange.start, exchange.body_sent), (None, body.len() as u64), "{script}");
        assert_eq!(exchange.range.as_deref(), Some("bytes=-100000,100-699999,700000-700000"), "{script}");
    }
}

#[track_caller]
fn broken(whole: &'static [u8], range: &str, term: &str) -> (Reply, Ending, flaky_server::Exchange) {
    let server = serve(term, whole);
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/f").range(range));
    let ending = reply.ending.unwrap_or_else(|| raw.quiet());
    drop(raw);
    let exchange = settled(server.journal(), 1).remove(0);
    let plan: Entry = term.parse().expect("the term is right");
    assert_eq!(exchange.plan, plan.to_string());
    (reply, ending, exchange)
}

#[test]
fn a_break_counts_the_bytes_of_the_body_with_the_heads_of_parts() {
    let whole = content(3_000_000);
    let server = ok(whole);
    let tag = etag(&mut Raw::connect(server.addr()));
    let body = expected(&tag, whole, &[(0, 1_000_000), (2_000_000, 3_000_000)]);
    let between =
        expected(&tag, whole, &[(0, 1_000_000)]).len() - format!("--flaky-{}--\r\n", tag.trim_matches('"')).len();
    // In the first head, at the ends of the first part, in the second head, in the second part, before the last byte.
    for n in [0, 1, 60, 1_000_000, between - 2, between, between + 1, between + 70, 1_700_000, body.len() - 1] {
        for (fault, expected) in [("reset-after", Ending::Reset), ("truncate-after", Ending::Eof)] {
            let (reply, ending, exchange) = broken(whole, "bytes=0-999999,2000000-", &format!("{fault}={n}"));
            assert_eq!((reply.len, ending), (n as u64, expected), "{fault}={n}");
            assert!(reply.body == body[..n], "{fault}={n}: the body differs");
            assert_eq!(exchange.body_acked.unwrap_or(n as u64), n as u64, "{fault}={n}: {exchange:?}");
            assert!(exchange.applied && exchange.start.is_none(), "{fault}={n}: {exchange:?}");
        }
    }
}

#[test]
fn an_offset_in_the_fixture_is_none_in_several_parts() {
    for (term, stall) in [
        ("reset-at=50000", None),
        ("truncate-at=0", None),
        ("corrupt-at=50000", None),
        ("stall-at=99999", Some(99_999)),
    ] {
        let server: FlakyServer = serve(&format!("{term} x*"), bytes());
        let mut raw = Raw::connect(server.addr());
        let reply = raw.ask(&get("/f").range("bytes=0-59999,-1"));
        assert_eq!((reply.status(), reply.complete), (206, true), "{term}");
        assert!(!settled(server.journal(), 1)[0].applied, "{term}");
        // It is not used up.
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes(), stall);
        assert!(!reply.complete || reply.wrong_at.is_some(), "{term}");
    }
}

#[test]
fn another_answer_than_several_parts() {
    for (term, status, start, len) in [
        ("ignore-range", 200, Some(0), 100_000),
        ("range-start=10", 206, Some(10), 30),
        ("unsatisfiable", 416, None, 35),
    ] {
        let (reply, ending, exchange) = broken(bytes(), "bytes=30-39,20-25", term);
        assert_eq!((reply.status(), reply.len, ending), (status, len, Ending::Silence), "{term}");
        assert_eq!((exchange.start, exchange.applied), (start, true), "{term}");
    }
}
