//! Each term: how the connection ends, and what the journal says of it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use flaky_server::{By, End, FlakyServer, Journal};

use super::{ask, assert_headless, send};
use crate::support::{Ending, PATIENCE, QUIET, Raw, get, serve, settled};

/// Waits until a connection's record is complete.
#[track_caller]
fn closed(journal: &Journal) -> (Option<End>, Option<By>) {
    let begun = Instant::now();
    loop {
        let connections = journal.connections();
        assert_eq!(connections.len(), 1, "{connections:?}");
        if connections[0].end.is_some() {
            assert_eq!((connections[0].requests, connections[0].bytes_sent), (0, 0), "{connections:?}");
            return (connections[0].end, connections[0].by);
        }
        assert!(begun.elapsed() < PATIENCE, "{connections:?}");
        std::thread::yield_now();
    }
}

/// What the client does before it looks at how the connection ends.
#[derive(Clone, Copy, Debug)]
enum Sends {
    Nothing,
    Request,
    /// A request that is larger than what is looked at of one at a time.
    Much,
}

const ALL: [Sends; 3] = [Sends::Nothing, Sends::Request, Sends::Much];

impl Sends {
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Nothing => Vec::new(),
            Self::Request => get("/f").to_bytes(),
            Self::Much => get("/f").header("X-Much", &"x".repeat(50_000)).to_bytes(),
        }
    }
}

#[track_caller]
fn client(server: &FlakyServer, sends: Sends) -> Raw {
    let mut raw = Raw::connect(server.addr());
    raw.send(&sends.bytes());
    raw
}

#[track_caller]
fn check(script: &str, sends: Sends, ending: Ending, end: End) {
    let server = serve(script, b"content");
    let mut raw = Raw::connect(server.addr());
    let got = send(&mut raw, &sends.bytes()).map_or_else(|ending| ending, |()| raw.ending());
    assert_eq!(got, ending, "{script}, {sends:?}");
    drop(raw);
    let exchange = settled(server.journal(), 1).remove(0);
    assert_headless(&exchange, script, (end, By::Server), true);
    assert_eq!(closed(server.journal()), (Some(end), Some(By::Server)));
    assert_eq!((server.journal().attempts("-"), server.journal().total_attempts()), (1, 1));
    // The script is at its end.
    assert_eq!(ask(server.addr()), Ok(200));
}

#[test]
fn a_reset_before_anything_is_read() {
    for sends in ALL {
        check("reset-on-accept", sends, Ending::Reset, End::Rst);
    }
    check("delay=50ms reset-on-accept", Sends::Nothing, Ending::Reset, End::Rst);
    check("delay=50ms reset-on-accept", Sends::Request, Ending::Reset, End::Rst);
}

#[test]
fn an_orderly_end_before_anything_is_read() {
    for sends in ALL {
        check("drop-on-accept", sends, Ending::Eof, End::Fin);
        check("delay=50ms drop-on-accept", sends, Ending::Eof, End::Fin);
    }
}

#[test]
fn bytes_that_come_behind_a_fin_do_not_make_it_a_reset() {
    let server = serve("drop-on-accept", b"content");
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ending(), Ending::Eof);
    for _ in 0..100 {
        raw.send(&[b'x'; 10_000]);
    }
    assert_eq!(raw.ending(), Ending::Eof);
    raw.half_close();
    assert_eq!(raw.ending(), Ending::Eof);
    assert_eq!(closed(server.journal()), (Some(End::Fin), Some(By::Server)));
}

#[test]
fn a_delay_comes_first() {
    for script in ["delay=300ms reset-on-accept", "delay=300ms drop-on-accept"] {
        let server = serve(script, b"content");
        let begun = Instant::now();
        let mut raw = client(&server, Sends::Request);
        assert_ne!(raw.ending(), Ending::Bytes);
        assert!(begun.elapsed() >= Duration::from_millis(300), "{script}: {:?}", begun.elapsed());
    }
    let server = serve("delay=300ms accept", b"content");
    let begun = Instant::now();
    let mut raw = client(&server, Sends::Request);
    assert_eq!(raw.reply("GET").text(), "content");
    assert!(begun.elapsed() >= Duration::from_millis(300), "{:?}", begun.elapsed());
    let exchange = settled(server.journal(), 1).remove(0);
    assert_eq!((exchange.path_and_query(), &*exchange.plan, exchange.nth), ("/f", "ok", 1));
}

#[test]
fn a_client_that_leaves_before_it_happens() {
    for script in ["delay=1h reset-on-accept", "delay=1h drop-on-accept", "delay=1h hang-on-accept"] {
        for sends in ALL {
            let server = serve(script, b"content");
            drop(client(&server, sends));
            let exchange = settled(server.journal(), 1).remove(0);
            assert_headless(&exchange, script, (End::ClientFin, By::Client), false);
            assert_eq!(closed(server.journal()), (Some(End::ClientFin), Some(By::Client)));

            let server = serve(script, b"content");
            client(&server, sends).reset();
            let exchange = settled(server.journal(), 1).remove(0);
            assert_headless(&exchange, script, (End::ClientRst, By::Client), false);
        }
    }
}

#[test]
fn a_hanging_connection_neither_reads_nor_answers() {
    let server = serve("hang-on-accept", b"content");
    let mut raw = client(&server, Sends::Request);
    assert_eq!(raw.quiet(), Ending::Silence);
    let open = &server.journal().exchanges()[0];
    assert_eq!((open.end, &*open.plan, open.target.as_ref()), (None, "hang-on-accept", None));
    drop(raw);
    assert_headless(&settled(server.journal(), 1)[0], "hang-on-accept", (End::Stalled, By::Server), true);
    // The end of a client is noticed though what it sent before is not read.
    assert_eq!(closed(server.journal()), (Some(End::Stalled), Some(By::Server)));
}

#[test]
fn a_hanging_connection_blocks_writes_in_the_end() {
    let server = serve("hang-on-accept", b"content");
    let mut raw = Raw::connect(server.addr());
    raw.write_patience(QUIET);
    let mut written = 0_u64;
    let blocked = loop {
        match raw.try_send(&[b'x'; 64 * 1024]) {
            Ok(()) => written += 64 * 1024,
            Err(error) => break error,
        }
        assert!(written < 1 << 30, "somebody reads");
    };
    assert!(matches!(blocked.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut), "{blocked}");
    // A reset comes past the bytes that nobody reads.
    raw.reset();
    assert_headless(&settled(server.journal(), 1)[0], "hang-on-accept", (End::Stalled, By::Server), true);
    assert_eq!(closed(server.journal()), (Some(End::Stalled), Some(By::Server)));
}

#[test]
fn a_client_that_hangs_up_only_one_way_has_left() {
    let server = serve("hang-on-accept", b"content");
    let mut raw = client(&server, Sends::Request);
    raw.half_close();
    assert_eq!(raw.ending(), Ending::Reset);
    assert_eq!(closed(server.journal()), (Some(End::Stalled), Some(By::Server)));
}

#[test]
fn a_stop_does_not_wait_for_hanging_connections() {
    let server = serve("hang-on-accept", b"content");
    let mut raw = client(&server, Sends::Request);
    while server.journal().attempts("-") == 0 {
        std::thread::yield_now();
    }
    let begun = Instant::now();
    let journal = server.stop_within(2 * PATIENCE);
    assert!(begun.elapsed() < PATIENCE);
    assert_headless(&journal.exchanges()[0], "hang-on-accept", (End::Stalled, By::Server), true);
    assert_eq!(raw.ending(), Ending::Reset);
}

#[test]
fn a_stop_cuts_delays() {
    for script in ["delay=1h reset-on-accept", "delay=1h hang-on-accept"] {
        let server = serve(script, b"content");
        let mut raw = client(&server, Sends::Request);
        while server.journal().attempts("-") == 0 {
            std::thread::yield_now();
        }
        let journal = server.stop_within(Duration::from_millis(20));
        let exchange = &journal.exchanges()[0];
        assert_headless(exchange, script, (End::Rst, By::Server), false);
        assert_eq!(exchange.note.as_deref(), Some("the server was stopped"));
        assert_eq!(raw.ending(), Ending::Reset);
    }
    // One that is to pass is idle.
    let server = serve("delay=1h accept", b"content");
    let mut raw = client(&server, Sends::Nothing);
    while server.journal().connections().is_empty() {
        std::thread::yield_now();
    }
    let begun = Instant::now();
    let journal = server.stop_within(2 * PATIENCE);
    assert!(begun.elapsed() < PATIENCE);
    assert_ne!(raw.ending(), Ending::Silence);
    assert_eq!(journal.total_attempts(), 0, "{}", journal.table());
}
