//! Every fault in every place, for every kind of client.

use std::thread;

use super::{Break, FRAMINGS, Fault, LEN, MIB, bytes, connect};
use crate::support::{Speed, get, serve, settled};

const NS: [usize; 8] = [0, 1, 1000, 65_536, MIB, 5 * MIB - 1, LEN - 1, LEN];

/// One server, one client, then this many at once.
const AT_ONCE: usize = 64;

fn check(place: Break, speed: Speed) {
    let server = serve(&format!("{} x*", place.term()), bytes());
    let client = || {
        let mut raw = connect(server.addr(), speed);
        raw.send(&get("/f").to_bytes());
        place.check_reply(&mut raw, bytes(), &format!("{speed:?}"));
    };
    client();
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(client);
        }
    });
    for exchange in settled(server.journal(), 1 + AT_ONCE) {
        place.check_exchange(&exchange, &format!("{speed:?}"));
    }
}

fn check_all(fault: Fault, speed: Speed) {
    for n in NS {
        thread::scope(|scope| {
            for framing in FRAMINGS {
                scope.spawn(move || check(Break { fault, n, framing }, speed));
            }
        });
    }
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn resets_to_fast_readers() {
    check_all(Fault::Reset, Speed::Fast);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn resets_to_slow_readers() {
    check_all(Fault::Reset, Speed::Slow);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn truncations_to_fast_readers() {
    check_all(Fault::Truncate, Speed::Fast);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn truncations_to_slow_readers() {
    check_all(Fault::Truncate, Speed::Slow);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn stalls_to_fast_readers() {
    check_all(Fault::Stall, Speed::Fast);
}

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "exactness is a guarantee on Linux")]
fn stalls_to_slow_readers() {
    check_all(Fault::Stall, Speed::Slow);
}
