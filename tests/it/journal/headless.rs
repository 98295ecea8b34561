//! Connections that end before a request head is complete: attempts without a target.

use std::time::Duration;

use flaky_server::{By, End, Exchange, FlakyServer, Limits};

use crate::support::{Ending, PATIENCE, Raw, get, ok, settled, start};

/// Opens a connection, has the client do something, and returns the one exchange that comes of it.
#[track_caller]
fn check(client: impl FnOnce(Raw), end: End, by: By, status: Option<u16>) {
    let server = ok(b"content");
    client(Raw::connect(server.addr()));
    let exchange = settled(server.journal(), 1).remove(0);
    assert_headless(&exchange, end, by, status);
    assert_eq!(server.journal().attempts("-"), 1);
    assert_eq!(server.journal().retries("-"), 0);
    assert_eq!(server.journal().total_attempts(), 1);
}

#[track_caller]
fn assert_headless(exchange: &Exchange, end: End, by: By, status: Option<u16>) {
    assert_eq!(exchange.target, None, "{exchange:?}");
    assert_eq!((exchange.method(), exchange.path_and_query()), ("-", "-"), "{exchange:?}");
    assert_eq!((exchange.end, exchange.by), (Some(end), Some(by)), "{exchange:?}");
    assert_eq!(exchange.status, status, "{exchange:?}");
    assert_eq!(exchange.body_acked.unwrap_or(0), 0, "{exchange:?}");
    assert_eq!(exchange.plan, "", "{exchange:?}");
    assert!(!exchange.resend && !exchange.deadline_hit, "{exchange:?}");
}

#[test]
fn a_client_that_only_connects() {
    check(drop, End::ClientFin, By::Client, None);
    check(Raw::reset, End::ClientRst, By::Client, None);
}

#[test]
fn half_a_head() {
    let half = |raw: &mut Raw| raw.send(b"GET /f HTTP/1.1\r\nHost: te");
    check(
        |mut raw| {
            half(&mut raw);
            raw.half_close();
            // Whatever the server says to that, it ends.
            let _ = raw.try_head();
        },
        End::ClientFin,
        By::Client,
        None,
    );
    check(
        |mut raw| {
            half(&mut raw);
            raw.reset();
        },
        End::ClientRst,
        By::Client,
        None,
    );
}

#[test]
fn half_a_head_behind_a_whole_exchange() {
    let server = ok(b"content");
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f")).complete);
    raw.send(b"GET /f HT");
    drop(raw);
    let exchanges = settled(server.journal(), 2);
    assert!(exchanges[0].is_complete(), "{exchanges:?}");
    assert_headless(&exchanges[1], End::ClientFin, By::Client, None);
    assert_eq!((exchanges[1].conn, exchanges[1].nth), (1, 2));
}

#[test]
fn an_idle_connection_is_no_attempt() {
    let server = ok(b"content");
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f")).complete);
    drop(raw);
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f")).complete);
    raw.reset();
    let journal = server.shutdown();
    assert_eq!(journal.total_attempts(), 2, "{}", journal.table());
}

#[test]
fn a_head_that_takes_too_long() {
    let limits = Limits { request_timeout: Duration::from_millis(100), ..Limits::default() };
    let server = start(FlakyServer::builder().serve_bytes("/f", b"content".as_slice()).limits(limits));
    let mut raw = Raw::connect(server.addr());
    // Idle time does not count, neither before a request nor behind one.
    assert_eq!(raw.quiet(), Ending::Silence);
    assert!(raw.ask(&get("/f")).complete);
    assert_eq!(raw.quiet(), Ending::Silence);
    raw.send(b"GET /f HT");
    let reply = raw.reply("GET");
    assert_eq!((reply.status(), reply.complete), (408, true));
    assert!(reply.header("date").is_some(), "{reply:?}");
    assert_eq!(raw.ending(), Ending::Eof);
    let exchanges = settled(server.journal(), 2);
    assert_headless(&exchanges[1], End::Complete, By::Server, Some(408));
    assert_eq!(exchanges[1].nth, 2);
}

#[test]
fn a_body_that_takes_too_long() {
    let limits = Limits { request_timeout: Duration::from_millis(100), ..Limits::default() };
    let server = start(FlakyServer::builder().serve_bytes("/f", b"content".as_slice()).limits(limits));
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").header("Content-Length", "10").head());
    raw.send(b"short");
    let reply = raw.reply("GET");
    assert_eq!((reply.status(), reply.complete), (408, true));
    assert_eq!(raw.ending(), Ending::Eof);
    let exchanges = settled(server.journal(), 1);
    assert_eq!((exchanges[0].path_and_query(), exchanges[0].status), ("/f", Some(408)));
    assert_eq!((exchanges[0].end, exchanges[0].by), (Some(End::Complete), Some(By::Server)));
}

#[test]
fn many_of_them() {
    let server = ok(b"content");
    for _ in 0..50 {
        drop(Raw::connect(server.addr()));
    }
    let exchanges = server.journal().wait_for(50, PATIENCE).unwrap();
    assert_eq!(server.journal().attempts("-"), 50);
    let attempts: std::collections::BTreeSet<_> = exchanges.iter().map(|exchange| exchange.attempt).collect();
    assert_eq!(attempts, (1..=50).collect());
}
