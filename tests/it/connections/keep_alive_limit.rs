//! `max-requests`: connections that have only so many requests.

use flaky_server::{By, End};

use crate::support::{Ending, Raw, Request, get, serve, settled};

/// Asks until the connection ends; returns what each reply says of that.
#[track_caller]
fn ask_all(raw: &mut Raw, request: impl Fn() -> Request, most: usize) -> Vec<Option<String>> {
    let mut said = Vec::new();
    for _ in 0..most {
        let reply = raw.ask(&request());
        assert_eq!((reply.status(), reply.complete), (200, true));
        said.push(reply.header("connection").map(str::to_owned));
        if raw.quiet() == Ending::Eof {
            return said;
        }
    }
    said
}

#[test]
fn the_last_reply_says_so_and_the_connection_ends() {
    let server = serve("max-requests=3 x*", b"content");
    for _ in 0..2 {
        let mut raw = Raw::connect(server.addr());
        let said = ask_all(&mut raw, || get("/f"), 5);
        assert_eq!(said, [None, None, Some("close".to_owned())]);
    }
    let exchanges = settled(server.journal(), 6);
    assert!(exchanges.iter().all(|exchange| exchange.is_complete() && exchange.plan == "max-requests=3"));
    let applied: Vec<_> = exchanges.iter().map(|exchange| (exchange.nth, exchange.applied)).collect();
    assert_eq!(applied, [(1, false), (2, false), (3, true)].repeat(2));
    let journal = server.shutdown();
    for connection in journal.connections() {
        assert_eq!((connection.requests, connection.end, connection.by), (3, Some(End::Fin), Some(By::Server)));
    }
}

#[test]
fn a_limit_of_one_keeps_no_connection() {
    let server = serve("max-requests=1, ok", b"content");
    let mut raw = Raw::connect(server.addr());
    assert_eq!(ask_all(&mut raw, || get("/f"), 2), [Some("close".to_owned())]);
    let mut raw = Raw::connect(server.addr());
    assert_eq!(ask_all(&mut raw, || get("/f"), 2), [None, None]);
}

#[test]
fn replies_without_a_body_close_too() {
    let server = serve("max-requests=2 x*", b"content");
    let mut raw = Raw::connect(server.addr());
    let head = || Request::new("HEAD", "/f");
    assert_eq!(ask_all(&mut raw, head, 3), [None, Some("close".to_owned())]);
}

#[test]
fn it_goes_with_every_framing_and_status() {
    for (terms, status) in [
        ("framing=chunked", 200),
        ("framing=close", 200),
        ("status=503", 503),
        ("throttle=1MB/s", 200),
        ("chunk-size=2", 200),
        ("header-line=x-a:1", 200),
    ] {
        let server = serve(&format!("{terms} max-requests=1"), b"content");
        let mut raw = Raw::connect(server.addr());
        let reply = raw.ask(&get("/f"));
        assert_eq!((reply.status(), reply.complete), (status, true), "{terms}");
        // Once, also where the framing says it by itself.
        assert_eq!(reply.header("connection"), Some("close"), "{terms}");
        assert_eq!(raw.ending(), Ending::Eof, "{terms}");
        assert!(settled(server.journal(), 1)[0].applied, "{terms}");
    }
}

#[test]
fn requests_behind_the_last_one_are_not_answered() {
    let server = serve("max-requests=2 x*", b"content");
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes().repeat(5));
    for _ in 0..2 {
        assert_eq!(raw.reply("GET").text(), "content");
    }
    // A close with unread requests may well be a reset.
    assert_ne!(raw.ending(), Ending::Bytes);
    assert_eq!(server.journal().attempts("/f"), 2);
}

#[test]
fn a_break_comes_before_the_end() {
    let server = serve("max-requests=1 reset-after=3", b"content");
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/f"));
    assert_eq!((reply.header("connection"), reply.len, reply.ending), (Some("close"), 3, Some(Ending::Reset)));
    assert!(settled(server.journal(), 1)[0].applied);
}
