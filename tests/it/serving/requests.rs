//! Requests in all their forms: bodies, target forms, heads in pieces.

use flaky_server::{FlakyServer, Limits};

use super::{bytes, is_whole};
use crate::support::{Ending, Raw, Request, get, ok, settled, start};

#[test]
fn a_body_is_read_and_ignored() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let large = vec![b'x'; 500_000];
    is_whole(&raw.ask(&get("/f").body(b"GET /missing HTTP/1.1\r\n\r\n")), 200, bytes());
    is_whole(&raw.ask(&get("/f").body(&large)), 200, bytes());
    is_whole(&raw.ask(&get("/f").body(b"")), 200, bytes());
    is_whole(&raw.ask(&get("/f").chunks(&[])), 200, bytes());
    is_whole(&raw.ask(&get("/f").chunks(&[b"one", &large, b"two"])), 200, bytes());
    assert_eq!(raw.ask(&Request::new("POST", "/f").body(&large)).status(), 405);
    assert_eq!(settled(server.journal(), 6)[5].nth, 6);
}

#[test]
fn a_body_over_the_limit_is_refused() {
    let limits = Limits { request_body: 1000, ..Limits::default() };
    let server = start(FlakyServer::builder().serve_bytes("/f", bytes()).limits(limits));
    let fits = vec![b'x'; 1000];
    is_whole(&Raw::connect(server.addr()).ask(&get("/f").body(&fits)), 200, bytes());
    let over = vec![b'x'; 1001];
    for request in [get("/f").body(&over), get("/f").chunks(&[&fits, b"y"]), get("/f").body(&vec![b'x'; 3_000_000])] {
        let mut raw = Raw::connect(server.addr());
        // The server may stop reading; what it says is to arrive all the same.
        let _ = raw.try_send(&request.to_bytes());
        let reply = raw.reply("GET");
        assert_eq!(reply.status(), 413);
        assert!(reply.complete);
        assert_eq!(reply.header("connection"), Some("close"));
        assert_eq!(raw.ending(), Ending::Eof);
    }
    let exchanges = settled(server.journal(), 4);
    assert!(exchanges[1..].iter().all(|exchange| exchange.status == Some(413)), "{exchanges:?}");
    assert!(exchanges.iter().all(flaky_server::Exchange::is_complete), "{exchanges:?}");
}

#[test]
fn the_absolute_form_is_the_same_target() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    is_whole(&raw.ask(&get("http://test/f")), 200, bytes());
    is_whole(&raw.ask(&get(&server.url("/f"))), 200, bytes());
    is_whole(&raw.ask(&get("/f")), 200, bytes());
    let exchanges = settled(server.journal(), 3);
    assert_eq!(exchanges.iter().map(|exchange| exchange.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(server.journal().attempts("/f"), 3);
}

#[test]
fn a_head_in_single_bytes() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for byte in get("/f").to_bytes() {
        raw.send(&[byte]);
    }
    is_whole(&raw.reply("GET"), 200, bytes());
    assert_eq!(settled(server.journal(), 1)[0].attempt, 1);
}

#[test]
fn large_heads_within_the_limits() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let long = "x".repeat(30_000);
    is_whole(&raw.ask(&get("/f").header("X-Long", &long)), 200, bytes());
    is_whole(&raw.ask(&get(&format!("/f?{long}"))), 200, bytes());
    let many = (0..90).fold(get("/f"), |request, n| request.header(&format!("X-{n}"), "x"));
    is_whole(&raw.ask(&many), 200, bytes());
}
