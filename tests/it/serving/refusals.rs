//! Heads that are none, or too much: the client gets to know, and the journal too.

use super::bytes;
use flaky_server::{By, End, FlakyServer, Limits};

use crate::support::{Ending, Raw, get, ok, settled, start};

/// Sends bytes that are refused before they are a request.
#[track_caller]
fn check(bytes_sent: &[u8], status: u16) {
    check_at(&ok(bytes()), bytes_sent, status);
}

#[track_caller]
fn check_at(server: &FlakyServer, bytes_sent: &[u8], status: u16) {
    let what = bytes_sent[..bytes_sent.len().min(60)].escape_ascii().to_string();
    let mut raw = Raw::connect(server.addr());
    // All of it: a server that closed on unread bytes would reset the connection, and the reply could be lost.
    raw.send(bytes_sent);
    let reply = raw.reply("GET");
    assert_eq!(reply.status(), status, "{what}");
    assert!(reply.complete, "{what}");
    if reply.ending.is_none() {
        assert_eq!(raw.ending(), Ending::Eof, "{what}");
    }
    let exchange = &settled(server.journal(), 1)[0];
    assert_eq!((exchange.method(), exchange.path_and_query()), ("-", "-"), "{what}");
    assert_eq!(exchange.status, Some(status), "{what}");
    assert_eq!((exchange.end, exchange.by), (Some(End::Complete), Some(By::Server)), "{what}");
    assert_eq!(server.journal().attempts("-"), 1, "{what}");
    assert_eq!(server.journal().total_attempts(), 1, "{what}");
}

#[test]
fn garbage() {
    check(b"garbage\r\n\r\n", 400);
    check(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400);
    check(b"GET\r\n\r\n", 400);
    check(b"GET /f HTTP/9.9\r\n\r\n", 400);
    check(b"GET /f HTTP/1.1\r\nno colon\r\n\r\n", 400);
    check(b"GET /f HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400);
    check(b"GET /f HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400);
    check(b"GET /\x01f HTTP/1.1\r\n\r\n", 400);
}

/// A request whose head has this many bytes.
fn head_of(len: usize) -> Vec<u8> {
    let empty = get("/f").header("X", "").to_bytes().len();
    get("/f").header("X", &"x".repeat(len - empty)).to_bytes()
}

#[test]
fn heads_over_the_limit() {
    let limit = 64 * 1024;
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    raw.send(&head_of(limit));
    super::is_whole(&raw.reply("GET"), 200, bytes());
    check(&head_of(limit + 1), 431);
    check(&head_of(2 * limit), 431);
    check(&head_of(1024 * 1024), 431);
    // More than the kernel holds: the server has to read on, though it has answered.
    check(&head_of(32 * 1024 * 1024), 431);
    let many = (0..150).fold(get("/f"), |request, n| request.header(&format!("X-{n}"), "x"));
    check(&many.to_bytes(), 431);
}

#[test]
fn targets_over_the_limit() {
    // Of targets HTTP says that 8,000 bytes are to be supported (RFC 9110 §4.1); here it is what 16 bits hold.
    let limits = Limits { head: 256 * 1024, ..Limits::default() };
    let server = start(FlakyServer::builder().serve_bytes("/f", bytes()).limits(limits));
    check_at(&server, &get(&format!("/{}", "x".repeat(70_000))).to_bytes(), 414);
}

#[test]
fn behind_a_good_request() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    raw.send(&[get("/f").to_bytes(), b"garbage\r\n\r\n".to_vec()].concat());
    super::is_whole(&raw.reply("GET"), 200, bytes());
    assert_eq!(raw.reply("GET").status(), 400);
    let exchanges = settled(server.journal(), 2);
    assert_eq!(exchanges[0].status, Some(200), "{exchanges:?}");
    assert!(exchanges[0].is_complete(), "{exchanges:?}");
    assert_eq!((exchanges[1].method(), exchanges[1].status), ("-", Some(400)), "{exchanges:?}");
    assert_eq!((exchanges[1].conn, exchanges[1].nth), (1, 2), "{exchanges:?}");
}
