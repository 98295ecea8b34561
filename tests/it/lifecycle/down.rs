//! A server that is down: its port refuses, and comes back as the same.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use flaky_server::{Downtime, End, FlakyServer, StartError};

use super::bytes;
use crate::support::{Ending, PATIENCE, Raw, get, ok, serve, settled, start, wait_for_port};

#[track_caller]
fn assert_refused(addr: SocketAddr) {
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[track_caller]
fn assert_served(addr: SocketAddr) {
    assert_eq!(Raw::connect(addr).ask(&get("/f")).text(), "content");
}

/// Waits until connections are refused, or accepted.
#[track_caller]
fn wait_until(addr: SocketAddr, refused: bool) {
    let start = Instant::now();
    while TcpStream::connect(addr).is_err() != refused {
        assert!(start.elapsed() < PATIENCE, "refused: {}", !refused);
        thread::yield_now();
    }
}

fn mirror(server: &FlakyServer) -> SocketAddr {
    server.mirror().unwrap().strip_prefix("http://").unwrap().parse().unwrap()
}

fn content() -> flaky_server::FlakyServerBuilder {
    FlakyServer::builder().serve_bytes("/f", "content")
}

#[test]
fn as_long_as_the_guard_lives() {
    let server = ok(b"content");
    for _ in 0..20 {
        let down = server.down();
        assert_refused(server.addr());
        assert_refused(server.addr());
        drop(down);
        assert_served(server.addr());
    }
    assert_eq!(server.journal().attempts("/f"), 20);
}

#[test]
fn two_guards_have_to_agree() {
    let server = ok(b"content");
    let (first, second) = (server.down(), server.down());
    first.up().unwrap();
    assert_refused(server.addr());
    second.up().unwrap();
    assert_served(server.addr());
    server.down().forget();
    let third = server.down();
    third.up().unwrap();
    assert_refused(server.addr());
}

#[test]
fn connections_that_are_there_end_as_they_should() {
    let server = serve("ok, hang, ok", bytes());
    let mut idle = Raw::connect(server.addr());
    let mut hanging = Raw::connect(server.addr());
    let mut busy = Raw::connect(server.addr());
    assert_eq!(idle.ask(&get("/f").range("bytes=0-9")).status(), 206);
    hanging.send(&get("/f").to_bytes());
    // Its head has arrived when the third attempt is a later one.
    while server.journal().attempts("/f") < 2 {
        thread::yield_now();
    }
    busy.send(&get("/f").to_bytes());
    let head = busy.head();

    let down = server.down();

    assert_eq!(idle.ending(), Ending::Eof);
    assert_eq!(hanging.ending(), Ending::Reset);
    let reply = busy.compare_body(head, bytes());
    assert_eq!((reply.len, reply.wrong_at, reply.complete), (bytes().len() as u64, None, true));
    assert_eq!(busy.ending(), Ending::Eof);
    let exchanges = settled(server.journal(), 3);
    assert_eq!(
        exchanges.iter().map(|exchange| exchange.end).collect::<Vec<_>>(),
        [Some(End::Complete), Some(End::Stalled), Some(End::Complete)]
    );
    drop(down);
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f").range("bytes=0-9")).status(), 206);
}

#[test]
fn a_guard_may_outlive_its_server() {
    let server = ok(b"content");
    let (addr, down) = (server.addr(), server.down());
    drop(server);
    assert_refused(addr);
    down.up().unwrap();
    assert_refused(addr);
}

#[tokio::test]
async fn in_an_asynchronous_test() {
    let server = ok(b"content");
    let down = server.down();
    assert!(reqwest::get(server.url("/f")).await.unwrap_err().is_connect());
    down.up().unwrap();
    assert_eq!(reqwest::get(server.url("/f")).await.unwrap().text().await.unwrap(), "content");
}

#[test]
fn from_the_start_and_for_ever() {
    let server = start(content().down(Downtime::always()));
    assert_refused(server.addr());
    assert_eq!(server.mirror(), None);
    let began = Instant::now();
    server.shutdown();
    assert!(began.elapsed() < Duration::from_secs(5), "nothing is waited for");
}

#[test]
fn until_an_attempt_at_the_mirror() {
    let server = start(content().serve_bytes("/g", "g").mirror(true).down(Downtime::always().until_attempt("/f", 2)));
    let mut client = Raw::connect(mirror(&server));
    for (path, refused) in [("/f", true), ("/g", true), ("/g", true), ("/f", false)] {
        // The reply comes when the port is as it is to be.
        assert_eq!(client.ask(&get(path)).status(), 200);
        if refused { assert_refused(server.addr()) } else { assert_served(server.addr()) }
    }
    // Once is enough.
    assert_eq!(client.ask(&get("/f")).status(), 200);
    assert_served(server.addr());
    assert_eq!(server.journal().attempts("/f"), 5);
}

#[test]
fn from_an_attempt() {
    let server = start(content().mirror(true).down("from=*#2 until=/f#3".parse().unwrap()));
    let mut client = Raw::connect(server.addr());
    assert_eq!(client.ask(&get("/f")).header("connection"), None);
    assert_served(mirror(&server));
    assert_refused(server.addr());
    assert_eq!(client.ending(), Ending::Eof);
    assert_served(mirror(&server));
    assert_served(server.addr());
}

#[test]
fn the_exchange_that_takes_it_down_is_answered() {
    let server = start(content().down(Downtime::always().from_attempt("/f", 1)));
    let mut client = Raw::connect(server.addr());
    let reply = client.ask(&get("/f"));
    assert_eq!((reply.text().as_str(), reply.header("connection")), ("content", Some("close")));
    assert_refused(server.addr());
    assert_eq!(client.ending(), Ending::Eof);
}

#[test]
fn an_end_that_came_before_its_beginning() {
    let server = start(content().mirror(true).down("from=/f#2 until=/f#1".parse().unwrap()));
    let mut client = Raw::connect(server.addr());
    for _ in 0..3 {
        assert_eq!(client.ask(&get("/f")).status(), 200);
    }
    // It has never been down.
    assert_served(server.addr());
}

#[test]
fn a_client_that_leaves_takes_no_end_with_it() {
    for _ in 0..20 {
        let server = start(content().down(Downtime::always().from_attempt("/f", 1).lasting(Duration::from_millis(1))));
        let mut client = Raw::connect(server.addr());
        client.send(&get("/f").to_bytes());
        client.reset();
        // It goes down if the request came before the reset, and comes up again.
        wait_for_port(server.addr());
    }
}

#[test]
fn for_a_time() {
    let (short, long) = (Duration::from_millis(20), Duration::from_secs(3600));
    let server = start(content().down(Downtime::always().lasting(short)));
    wait_until(server.addr(), false);
    let server = start(content().down(Downtime::always().from_time(short)));
    wait_until(server.addr(), true);
    let server = start(content().down(Downtime::always().from_time(long)));
    assert_served(server.addr());
    let server = start(content().down(Downtime::always().lasting(long)));
    assert_refused(server.addr());
    let server = start(content().down(Downtime::always().from_attempt("/f", 1).lasting(short)));
    assert_served(server.addr());
    wait_until(server.addr(), false);
    // Neither timers nor doors keep a server from stopping.
    server.shutdown();
}

#[test]
fn what_cannot_be_right_is_an_error() {
    for downtime in [Downtime::always().from_attempt("/f", 0), Downtime::always().until_attempt("/f", 1)] {
        let error = content().down(downtime).start().unwrap_err();
        assert!(matches!(error, StartError::Schedule(_)), "{error:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn its_port_is_nobody_elses_meanwhile() {
    let server = ok(b"content");
    let down = server.down();
    let stranger = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
    assert_eq!(stranger.bind(&server.addr().into()).unwrap_err().kind(), ErrorKind::AddrInUse);
    // This one shares addresses that nobody listens on.
    assert_eq!(std::net::TcpListener::bind(server.addr()).unwrap_err().kind(), ErrorKind::AddrInUse);
    down.up().unwrap();
    assert_served(server.addr());
}
