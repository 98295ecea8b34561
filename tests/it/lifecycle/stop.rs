//! Shutdown is in order, drop is quick.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use flaky_server::{By, End, FlakyServer, FlakyServerBuilder};

use super::{LEN, bytes, own_address};
use crate::support::{Ending, PATIENCE, Raw, Speed, builder, get, start};

fn own(builder: FlakyServerBuilder) -> FlakyServer {
    start(builder.serve_bytes("/f", bytes()).bind(own_address()))
}

#[track_caller]
fn is_free(addr: SocketAddr) {
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
    TcpListener::bind(addr).expect("the port is free");
}

#[test]
fn drop_closes_the_port_at_once() {
    let server = own(builder("ok x*"));
    let addr = server.addr();
    let mut raw = Raw::connect(addr);
    assert_eq!(raw.ask(&get("/missing")).status(), 404);
    drop(server);
    is_free(addr);
    assert_ne!(raw.ending(), Ending::Silence, "idle connections are closed");
}

#[test]
fn drop_cuts_what_is_under_way() {
    let server = own(builder("ok x*"));
    let journal = server.journal().clone();
    let addr = server.addr();
    let mut raw = Raw::connect_with(addr, Speed::Slow);
    raw.send(&get("/f").to_bytes());
    raw.head();
    drop(server);
    is_free(addr);
    let ending = loop {
        if let Err(ending) = raw.try_some() {
            break ending;
        }
    };
    assert_eq!(ending, Ending::Reset);
    let exchange = journal.wait_for(1, PATIENCE).unwrap().remove(0);
    assert_eq!((exchange.end, exchange.by), (Some(End::Rst), Some(By::Server)));
    assert_eq!(exchange.note.as_deref(), Some("the server was stopped"));
    assert!(exchange.body_sent < LEN as u64, "{exchange:?}");
}

#[test]
fn shutdown_waits_for_what_is_under_way() {
    let server = own(builder("ok x*"));
    let addr = server.addr();
    let mut raw = Raw::connect_with(addr, Speed::Slow);
    raw.send(&get("/f").range("bytes=0-2999999").to_bytes());
    // The reply has begun.
    let head = raw.head();
    assert_eq!(head.get("content-length"), Some("3000000"));
    let reader = thread::spawn(move || {
        let mut read = 0;
        while read < 3_000_000 {
            read += raw.some();
        }
        (read, raw.ending())
    });
    let journal = server.stop_within(PATIENCE);
    // Settled as soon as it returns, without waiting.
    let exchanges = journal.exchanges();
    assert!(exchanges.len() == 1 && exchanges[0].is_complete(), "{exchanges:?}");
    assert_eq!(exchanges[0].body_acked.unwrap_or(3_000_000), 3_000_000);
    assert!(journal.connections().iter().all(|connection| connection.end.is_some()));
    assert_eq!(reader.join().unwrap(), (3_000_000, Ending::Eof));
    is_free(addr);
}

#[test]
fn shutdown_does_not_wait_longer_than_it_is_told() {
    let server = own(builder("ok x*"));
    let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
    raw.send(&get("/f").to_bytes());
    raw.head();
    let journal = server.stop_within(std::time::Duration::from_millis(20));
    let exchange = journal.exchanges().remove(0);
    assert_eq!((exchange.end, exchange.by), (Some(End::Rst), Some(By::Server)), "{exchange:?}");
    assert_eq!(exchange.note.as_deref(), Some("the server was stopped"));
}

#[test]
fn shutdown_cuts_stalls() {
    for script in ["stall-after=1000", "stall-after=1000 framing=chunked", "stall-after=1000 framing=close", "hang"] {
        let server = own(builder(&format!("{script} x*")));
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        if script == "hang" {
            assert_eq!(raw.quiet(), Ending::Silence);
        } else {
            let reply = raw.compare(bytes(), Some(1000));
            assert_eq!((reply.len, reply.ending), (1000, Some(Ending::Silence)), "{script}");
        }
        // A busy machine may be silent before the request has arrived.
        while server.journal().attempts("/f") == 0 {
            std::thread::yield_now();
        }
        let begun = std::time::Instant::now();
        let journal = server.stop_within(2 * PATIENCE);
        assert!(begun.elapsed() < PATIENCE, "{script}: a stall is not waited for");
        let exchange = journal.exchanges().remove(0);
        assert_eq!((exchange.end, exchange.by), (Some(End::Stalled), Some(By::Server)), "{script}");
        assert_eq!(raw.ending(), Ending::Reset, "{script}: an orderly end could be taken for the body's");
    }
}

#[test]
fn shutdown_closes_idle_connections() {
    let server = own(builder("ok x*"));
    let addr = server.addr();
    let mut idle = Raw::connect(addr);
    assert_eq!(idle.ask(&get("/missing")).status(), 404);
    // The server has read some of these by now, all of them most likely.
    let mut halves: Vec<_> = (0..20).map(|_| Raw::connect(addr)).collect();
    halves.iter_mut().for_each(|half| half.send(b"GET /f HT"));
    assert_eq!(idle.ask(&get("/missing")).status(), 404);
    let begun = std::time::Instant::now();
    let journal = server.stop_within(2 * PATIENCE);
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(journal.attempts("/missing"), 2);
    assert_eq!(idle.ending(), Ending::Eof);
    for half in &mut halves {
        assert_ne!(half.ending(), Ending::Silence);
    }
    assert!(journal.exchanges().iter().all(|exchange| exchange.end.is_some()), "{}", journal.table());
    is_free(addr);
}
