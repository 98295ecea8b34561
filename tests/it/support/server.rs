//! Servers to test.

use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use flaky_server::{Exchange, FlakyServer, FlakyServerBuilder, Journal, Rule, matchers::any};

use super::{PATIENCE, Rng};

/// A builder whose server follows `script` for every target.
pub(crate) fn builder(script: &str) -> FlakyServerBuilder {
    let rule = Rule::when(any()).script(script).expect("the script is right");
    FlakyServer::builder().rule(rule)
}

/// Serves `bytes` as `/f`, and follows `script`.
#[track_caller]
pub(crate) fn serve(script: &str, bytes: &'static [u8]) -> FlakyServer {
    start(builder(script).serve_bytes("/f", bytes))
}

/// Serves `bytes` as `/f`, and injects nothing.
#[track_caller]
pub(crate) fn ok(bytes: &'static [u8]) -> FlakyServer {
    start(FlakyServer::builder().serve_bytes("/f", bytes))
}

#[track_caller]
pub(crate) fn start(builder: FlakyServerBuilder) -> FlakyServer {
    builder.start().expect("the server starts")
}

/// Bytes without a period, the same in every run. They are never freed: call it seldom, and keep them.
pub(crate) fn content(len: usize) -> &'static [u8] {
    Rng(len as u64).bytes(len).leak()
}

/// Waits until `n` exchanges are settled; there must not be any others.
#[track_caller]
pub(crate) fn settled(journal: &Journal, n: usize) -> Vec<Exchange> {
    let exchanges = match journal.wait_for(n as u64, PATIENCE) {
        Ok(exchanges) => exchanges,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(exchanges.len(), n, "exchanges in all\n{}", journal.table());
    exchanges
}

/// Waits until every exchange that has begun is settled.
#[track_caller]
pub(crate) fn settled_all(journal: &Journal) -> Vec<Exchange> {
    let begun = journal.exchanges().len() as u64 + journal.dropped();
    match journal.wait_for(begun, PATIENCE) {
        Ok(exchanges) => exchanges,
        Err(error) => panic!("{error}"),
    }
}

/// Waits until something listens on this port.
#[track_caller]
pub(crate) fn wait_for_port(addr: SocketAddr) {
    let begun = Instant::now();
    while TcpStream::connect(addr).is_err() {
        assert!(begun.elapsed() < PATIENCE, "nobody listens on {addr}");
        // Others measure gaps, and need the processor.
        thread::sleep(Duration::from_millis(5));
    }
}
