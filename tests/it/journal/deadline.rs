//! Clients that do not read what comes before a break: at the drain deadline it happens all the same.

use std::time::Duration;

use flaky_server::{By, End};

use super::bytes;
use crate::support::{Ending, Raw, Speed, builder, get, settled, start};

#[track_caller]
fn check(n: u64, framing: &str) {
    let deadline = Duration::from_millis(100);
    let script = format!("reset-after={n} framing={framing}");
    let server = start(builder(&script).serve_bytes("/f", bytes()).drain_deadline(deadline));
    let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
    raw.send(&get("/f").to_bytes());
    let exchange = settled(server.journal(), 1).remove(0);
    // Settled just before the reset: a client that began to read in between would get more than was acknowledged.
    server.shutdown();
    assert_eq!((exchange.end, exchange.by), (Some(End::Rst), Some(By::Server)), "{exchange:?}");
    assert!(exchange.deadline_hit && exchange.applied, "{exchange:?}");
    let acked = exchange.body_acked.expect("Linux tells");
    assert!(acked > 0 && acked < n && acked <= exchange.body_sent, "{exchange:?}");
    // Not a byte of what was not acknowledged arrives; what was, a reset may have thrown away.
    let mut read = 0;
    let ending = loop {
        match raw.try_some() {
            Ok(some) => read += some as u64,
            Err(ending) => break ending,
        }
    };
    assert_eq!(ending, Ending::Reset, "{exchange:?}");
    assert!(read <= acked + 1_000, "{read} read: {exchange:?}");
}

/// Little enough for the kernel to take it all.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs the length of the send queue")]
fn behind_what_the_kernel_holds() {
    for framing in ["length", "chunked", "close"] {
        check(150_000, framing);
    }
}

/// So much that it is still to be written when the deadline comes.
#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs the length of the send queue")]
fn behind_more_than_the_kernel_holds() {
    for framing in ["length", "chunked", "close"] {
        check(700_000, framing);
        check(8_000_000, framing);
    }
}
