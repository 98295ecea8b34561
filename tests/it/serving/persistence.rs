//! What a connection is used for, and for how long (RFC 9112 §9).

use super::{bytes, is_whole};
use crate::support::{Ending, Framing, Raw, Request, get, ok, serve, settled};

#[test]
fn a_connection_is_kept() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for _ in 0..20 {
        is_whole(&raw.ask(&get("/f")), 200, bytes());
    }
    let exchanges = settled(server.journal(), 20);
    for (exchange, nth) in exchanges.iter().zip(1..) {
        assert_eq!((exchange.conn, exchange.nth), (1, nth), "{exchange:?}");
        assert_eq!(exchange.body_acked.unwrap_or(100_000), 100_000, "{exchange:?}");
        assert!(exchange.is_complete(), "{exchange:?}");
    }
    assert_eq!(raw.quiet(), Ending::Silence);
}

#[test]
fn a_connection_is_closed_on_request() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/f").header("Connection", "close"));
    is_whole(&reply, 200, bytes());
    assert_eq!(reply.header("connection"), Some("close"));
    assert_eq!(raw.ending(), Ending::Eof);
    assert!(settled(server.journal(), 1)[0].is_complete());
}

#[test]
fn requests_in_one_write_are_answered_in_order() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let mut requests = Vec::new();
    for at in 0..50 {
        requests.extend(get("/f").range(&format!("bytes={at}-")).to_bytes());
        requests.extend(Request::new("HEAD", "/f").to_bytes());
        requests.extend(get("/missing").to_bytes());
    }
    raw.send(&requests);
    for at in 0..50 {
        is_whole(&raw.reply("GET"), 206, &bytes()[at..]);
        assert_eq!(raw.reply("HEAD").header("content-length"), Some("100000"));
        assert_eq!(raw.reply("GET").status(), 404);
    }
    assert_eq!(raw.quiet(), Ending::Silence);
    let exchanges = settled(server.journal(), 150);
    for (exchange, nth) in exchanges.iter().zip(1..) {
        assert!(exchange.is_complete() && exchange.nth == nth, "{exchange:?}");
        let expected = match (nth - 1) % 3 {
            0 => 100_000 - (nth - 1) / 3,
            1 => 0,
            _ => exchange.body_sent,
        };
        assert_eq!(exchange.body_sent, expected, "{exchange:?}");
    }
}

#[test]
fn requests_in_one_write_and_a_half_close() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    raw.send(&[get("/f").to_bytes(), get("/f").to_bytes()].concat());
    raw.half_close();
    is_whole(&raw.reply("GET"), 200, bytes());
    is_whole(&raw.reply("GET"), 200, bytes());
    assert_eq!(raw.ending(), Ending::Eof);
    assert!(settled(server.journal(), 2).iter().all(flaky_server::Exchange::is_complete));
}

#[test]
fn an_expectation_is_met_before_the_reply() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let request = get("/f").header("Expect", "100-continue").body(b"some body");
    raw.send(&request.head());
    let interim = raw.head();
    assert_eq!((interim.status, interim.framing("GET")), (100, Framing::None));
    assert_eq!(raw.quiet(), Ending::Silence, "the reply waits for the body");
    raw.send(b"some body");
    is_whole(&raw.reply("GET"), 200, bytes());
    is_whole(&raw.ask(&get("/f")), 200, bytes());
    let exchanges = settled(server.journal(), 2);
    assert_eq!(exchanges[0].status, Some(200));
    assert_eq!(exchanges[0].body_sent, 100_000);
}

#[test]
fn http_1_0_closes_unless_asked_to_keep() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/f").http10().header("Connection", "keep-alive"));
    is_whole(&reply, 200, bytes());
    assert_eq!(reply.header("connection"), Some("keep-alive"));
    is_whole(&raw.ask(&get("/f").http10()), 200, bytes());
    assert_eq!(raw.ending(), Ending::Eof);
}

#[test]
fn http_1_0_gets_no_chunks() {
    let server = serve("framing=chunked x*", bytes());
    for keep in [false, true] {
        let mut request = get("/f").http10();
        if keep {
            request = request.header("Connection", "keep-alive");
        }
        let mut raw = Raw::connect(server.addr());
        let reply = raw.ask(&request);
        assert_eq!(reply.framing, Framing::Close);
        assert_eq!(reply.header("connection"), Some("close"));
        is_whole(&reply, 200, bytes());
    }
    assert!(settled(server.journal(), 2).iter().all(flaky_server::Exchange::is_complete));
}
