//! Clients that leave before it is over.

use flaky_server::{By, End, Exchange};

use super::{LEN, bytes};
use crate::support::{Ending, Raw, Speed, get, serve, settled};

const SCRIPTS: [&str; 6] = [
    "ok",
    "framing=chunked",
    "framing=close",
    "reset-after=8000000",
    "truncate-after=8000000 framing=chunked",
    "stall-after=8000000 framing=close",
];

/// Has a slow client read some of a body and leave.
#[track_caller]
fn leave(script: &str, leave: impl FnOnce(Raw)) -> (u64, Exchange) {
    let server = serve(script, bytes());
    let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
    raw.send(&get("/f").to_bytes());
    raw.head();
    let mut read = 0;
    while read < 200_000 {
        read += raw.some();
    }
    leave(raw);
    (read as u64, settled(server.journal(), 1).remove(0))
}

#[track_caller]
fn check(script: &str, read: u64, exchange: &Exchange) {
    assert_eq!((exchange.end, exchange.by), (Some(End::ClientRst), Some(By::Client)), "{exchange:?}");
    assert_eq!(exchange.status, Some(200), "{exchange:?}");
    assert_eq!(exchange.applied, !script.contains("after"), "{exchange:?}");
    assert!(!exchange.deadline_hit, "{exchange:?}");
    let acked = exchange.body_acked.unwrap_or(exchange.body_sent);
    // A chunk's size lines may be among what was read.
    assert!(acked + 1_000 >= read && acked <= exchange.body_sent, "{read} read: {exchange:?}");
    assert!(exchange.body_sent < LEN as u64, "{exchange:?}");
}

#[test]
fn with_a_reset_in_mid_body() {
    for script in SCRIPTS {
        let (read, exchange) = leave(script, Raw::reset);
        check(script, read, &exchange);
    }
}

/// What the server still sends to a client that has closed is answered with a reset, and the journal says so.
#[test]
fn with_a_close_in_mid_body() {
    for script in SCRIPTS {
        let (read, exchange) = leave(script, |mut raw| {
            raw.half_close();
            drop(raw);
        });
        check(script, read, &exchange);
    }
}

/// Who has seen the end does not bring it about, whichever way it closes its own side.
#[test]
fn with_a_reset_behind_the_end() {
    for script in ["truncate-after=1000", "framing=close"] {
        let server = serve(script, bytes());
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        assert_eq!(raw.compare(bytes(), None).ending, Some(Ending::Eof));
        settled(server.journal(), 1);
        raw.reset();
        let connection = server.shutdown().connections().remove(0);
        assert_eq!((connection.end, connection.by), (Some(End::Fin), Some(By::Server)), "{script}: {connection:?}");
    }
}

#[test]
fn in_mid_request() {
    let check = |leave: fn(Raw), end: End| {
        let server = serve("ok", b"content");
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").header("Content-Length", "10").head());
        raw.send(b"short");
        leave(raw);
        let exchange = settled(server.journal(), 1).remove(0);
        assert_eq!((exchange.end, exchange.by), (Some(end), Some(By::Client)), "{exchange:?}");
        assert_eq!((exchange.status, exchange.body_sent), (None, 0), "{exchange:?}");
        assert_eq!(exchange.path_and_query(), "/f");
    };
    check(drop, End::ClientFin);
    check(Raw::reset, End::ClientRst);
}

#[test]
fn while_the_server_is_silent() {
    // Nothing that the client does then changes that it was the server who fell silent.
    for (script, status) in [("stall-after=1000", Some(200)), ("hang", None)] {
        for leave in [drop::<Raw>, Raw::reset] {
            let server = serve(script, bytes());
            let mut raw = Raw::connect(server.addr());
            raw.send(&get("/f").to_bytes());
            if status.is_some() {
                let reply = raw.compare(bytes(), Some(1000));
                assert_eq!(reply.len, 1000);
            } else {
                while server.journal().attempts("/f") == 0 {
                    std::thread::yield_now();
                }
                assert_eq!(raw.quiet(), Ending::Silence);
            }
            leave(raw);
            let exchange = settled(server.journal(), 1).remove(0);
            assert_eq!((exchange.end, exchange.by), (Some(End::Stalled), Some(By::Server)), "{exchange:?}");
            assert_eq!(exchange.status, status, "{exchange:?}");
            assert!(exchange.applied, "{exchange:?}");
        }
    }
}
