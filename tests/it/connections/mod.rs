//! What happens to connections before there is a request.

mod endings;
mod keep_alive_limit;
mod scripts;

use std::io::ErrorKind;
use std::net::SocketAddr;

use flaky_server::{By, End, Exchange};

use crate::support::{Ending, Raw, get};

/// What a client gets that asks once on a connection of its own: a status, or how the connection ended.
#[track_caller]
fn ask(addr: SocketAddr) -> Result<u16, Ending> {
    let mut raw = Raw::connect(addr);
    send(&mut raw, &get("/f").header("Connection", "close").to_bytes())?;
    raw.try_head().map(|head| head.status)
}

/// Sends, on a connection that may be gone by now. The error of a reset comes once: here, or in the next read.
#[track_caller]
fn send(raw: &mut Raw, bytes: &[u8]) -> Result<(), Ending> {
    match raw.try_send(bytes) {
        Err(error) if error.kind() == ErrorKind::ConnectionReset => Err(Ending::Reset),
        result => {
            result.expect("an end that is no reset lets a client send");
            Ok(())
        }
    }
}

/// An exchange without a target that ended like this.
#[track_caller]
fn assert_headless(exchange: &Exchange, plan: &str, (end, by): (End, By), applied: bool) {
    assert_eq!((exchange.target.as_ref(), exchange.nth, exchange.status), (None, 1, None), "{exchange:?}");
    assert_eq!((&*exchange.plan, exchange.end, exchange.by), (plan, Some(end), Some(by)), "{exchange:?}");
    assert_eq!(exchange.applied, applied, "{exchange:?}");
    assert_eq!((exchange.body_sent, exchange.body_acked.unwrap_or(0)), (0, 0), "{exchange:?}");
    assert!(!exchange.resend && !exchange.deadline_hit, "{exchange:?}");
}
