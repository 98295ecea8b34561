//! Answers that differ from the correct one, as they are on the wire.

use flaky_server::{Exchange, FlakyServer};

use crate::support::{Raw, Reply, builder, content, get, settled, start};

const LEN: usize = 100_000;

fn serve(script: &str) -> FlakyServer {
    start(builder(script).serve_bytes("/f", content(LEN)))
}

/// The reply to a request from this byte on, whose body should be this.
fn ask(server: &FlakyServer, from: usize, if_range: Option<&str>, expected: &[u8]) -> Reply {
    let mut request = get("/f").range(&format!("bytes={from}-"));
    if let Some(tag) = if_range {
        request = request.header("if-range", tag);
    }
    let mut raw = Raw::connect(server.addr());
    raw.send(&request.to_bytes());
    let head = raw.head();
    raw.compare_body(head, expected)
}

fn exchange(server: &FlakyServer) -> Exchange {
    settled(server.journal(), 1).remove(0)
}

#[track_caller]
fn check(script: &str, from: usize, status: u16, content_range: Option<&str>, expected: &[u8]) {
    let server = serve(script);
    let reply = ask(&server, from, None, expected);
    assert_eq!((reply.status(), reply.header("content-range")), (status, content_range), "{script}");
    assert!(reply.complete && reply.wrong_at.is_none(), "{script}: {reply:?}");
    let exchange = exchange(&server);
    assert_eq!((exchange.status, exchange.applied), (Some(status), true), "{script}: {exchange:?}");
    assert_eq!(exchange.plan, script);
    let start = content_range.and_then(|range| range.strip_prefix("bytes ")?.split_once('-')?.0.parse().ok());
    assert_eq!(exchange.start, if status == 416 { None } else { start.or(Some(0)) }, "{script}");
}

#[test]
fn ranges() {
    let whole = content(LEN);
    check("ignore-range", 40_000, 200, None, whole);
    check("range-start=0", 40_000, 206, Some("bytes 0-99999/100000"), whole);
    check("range-start=39kB", 40_000, 206, Some("bytes 39000-99999/100000"), &whole[39_000..]);
    check("range-start=50%", 40_000, 206, Some("bytes 50000-99999/100000"), &whole[50_000..]);
    check("unsatisfiable", 40_000, 416, Some("bytes */100000"), b"416 Range Not Satisfiable: refused\n");
}

#[test]
fn they_do_not_apply_without_a_range() {
    for script in ["ignore-range", "range-start=0", "unsatisfiable"] {
        let server = serve(script);
        assert!(Raw::connect(server.addr()).ask(&get("/f")).complete);
        assert!(!exchange(&server).applied, "{script}");
    }
}

#[test]
fn a_fixture_that_changes() {
    let server = serve("ok, revision=2 x*");
    let first = Raw::connect(server.addr()).ask(&get("/f"));
    let tag = first.header("etag").unwrap().to_owned();
    let mut second = Vec::new();
    std::io::Read::read_to_end(&mut server.fixture("/f").unwrap().revision(2), &mut second).unwrap();
    assert_eq!(second.len(), LEN);
    assert!(second.iter().zip(content(LEN)).all(|(new, old)| new != old));
    // Who asks with the old tag gets the whole of the new one; who does not ask gets what does not fit.
    let whole = ask(&server, 40_000, Some(&tag), &second);
    assert_eq!((whole.status(), whole.complete, whole.wrong_at), (200, true, None));
    let part = ask(&server, 40_000, None, &second[40_000..]);
    assert_eq!((part.status(), part.complete, part.wrong_at), (206, true, None));
    assert_ne!(part.header("etag"), Some(tag.as_str()));
    assert_eq!(part.header("etag"), whole.header("etag"));
}

#[test]
fn a_break_is_exact_in_another_answer_too() {
    let server = serve("revision=2 ignore-range reset-after=60%");
    let mut second = Vec::new();
    std::io::Read::read_to_end(&mut server.fixture("/f").unwrap().revision(2), &mut second).unwrap();
    let reply = ask(&server, 40_000, None, &second);
    assert_eq!((reply.status(), reply.len, reply.wrong_at), (200, 60_000, None), "{reply:?}");
    assert_eq!(exchange(&server).body_acked.unwrap_or(60_000), 60_000);
}

#[test]
fn redirects() {
    let server = serve("status=302 location=/g?x=1");
    let reply = Raw::connect(server.addr()).ask(&get("/f"));
    assert_eq!((reply.status(), reply.header("location")), (302, Some("/g?x=1")));
    assert_eq!(server.journal().attempts("/f"), 1);
}

#[test]
fn a_status_without_a_reason_has_none() {
    let server = serve("status=599, status=503");
    let mut raw = Raw::connect(server.addr());
    for line in ["HTTP/1.1 599 \r\n", "HTTP/1.1 503 Service Unavailable\r\n"] {
        raw.send(&get("/f").to_bytes());
        let reply = raw.reply("GET");
        assert_eq!(format!("{} {} {}\r\n", reply.head.version, reply.head.status, reply.head.reason), line);
    }
}
