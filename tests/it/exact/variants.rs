//! The same for requests that are anything but plain.

use std::thread;

use super::{Break, FRAMINGS, Fault, LEN, MIB, bytes, connect};
use crate::support::{Raw, Request, Speed, get, serve, settled};

/// Breaks `request` in all ways and places, behind as many complete replies on the same connection; the whole body
/// would be `body`. `after` is called once the request is sent.
fn check(before: usize, request: &Request, body: &[u8], after: impl Fn(&mut Raw) + Sync) {
    thread::scope(|scope| {
        for fault in Fault::ALL {
            for framing in FRAMINGS {
                let after = &after;
                scope.spawn(move || {
                    for n in [0, 1, 1000, MIB, body.len()] {
                        for speed in [Speed::Fast, Speed::Slow] {
                            check_one(Break { fault, n, framing }, speed, before, request, body, after);
                        }
                    }
                });
            }
        }
    });
}

#[track_caller]
fn check_one(place: Break, speed: Speed, before: usize, request: &Request, body: &[u8], after: impl Fn(&mut Raw)) {
    let script = if before == 0 { place.term() } else { format!("ok x{before}, {}", place.term()) };
    let server = serve(&script, bytes());
    let mut raw = connect(server.addr(), speed);
    for _ in 0..before {
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes(), None);
        assert!(reply.complete && reply.wrong_at.is_none() && reply.len == LEN as u64, "{reply:?}");
    }
    raw.send(&request.to_bytes());
    after(&mut raw);
    place.check_reply(&mut raw, body, &format!("{speed:?} behind {before}"));
    drop(raw);
    let exchanges = settled(server.journal(), before + 1);
    let (broken, whole) = exchanges.split_last().unwrap();
    for exchange in whole {
        assert!(exchange.is_complete(), "{exchange:?}");
        assert_eq!(exchange.body_acked, Some(LEN as u64), "{exchange:?}");
    }
    assert_eq!((broken.conn, broken.nth), (1, before as u64 + 1), "{broken:?}");
    place.check_exchange(broken, "on a connection of its own");
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn on_a_reused_connection() {
    check(1, &get("/f"), bytes(), |_| {});
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn of_a_range() {
    check(0, &get("/f").range("bytes=1000-2500000"), &bytes()[1000..=2_500_000], |_| {});
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn behind_a_request_body() {
    check(0, &get("/f").body(&[b'x'; 300_000]), bytes(), |_| {});
    check(0, &get("/f").chunks(&[&[b'x'; 100_000], b"y"]), bytes(), |_| {});
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn for_a_client_that_half_closes() {
    check(0, &get("/f"), bytes(), Raw::half_close);
}

/// What is pipelined behind a request whose reply breaks at its very end gets no byte, and is no attempt.
#[test]
fn before_a_pipelined_request() {
    let both = [get("/f").to_bytes(), get("/f").to_bytes()].concat();
    for fault in [Fault::Reset, Fault::Truncate, Fault::Stall] {
        for second in ["reset-after=0", "ok"] {
            let server = serve(&format!("{}=100%, {second} x*", fault.name()), b"content");
            let mut raw = connect(server.addr(), Speed::Fast);
            raw.send(&both);
            Break { fault, n: 7, framing: "length" }.check_reply(&mut raw, b"content", "pipelined");
            drop(raw);
            let exchanges = settled(server.journal(), 1);
            assert_eq!((exchanges[0].end, exchanges[0].applied), (Some(fault.end()), true), "{exchanges:?}");
        }
    }
}
