//! The mock servers that flaky-server is measured against.
//!
//! ```text
//! flaky-peers httpmock PATH LEN   serves LEN bytes under PATH; prints its address; serves until its input ends
//! flaky-peers wiremock PATH LEN   the same
//! flaky-peers mockito COUNT       starts so many servers; prints nanoseconds for all, threads before and after
//! ```

use std::io::Read as _;
use std::time::Instant;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["httpmock", path, len] => httpmock(path, body(len)),
        ["wiremock", path, len] => wiremock(path, body(len)),
        ["mockito", count] => mockito(count.parse().expect("COUNT is a number")),
        _ => panic!("usage: flaky-peers httpmock|wiremock PATH LEN, or flaky-peers mockito COUNT"),
    }
}

fn body(len: &str) -> Vec<u8> {
    vec![b'x'; len.parse().expect("LEN is a number")]
}

fn httpmock(path: &str, body: Vec<u8>) {
    let server = httpmock::MockServer::start();
    server.mock(|when, then| {
        when.method("GET").path(path);
        then.status(200).body(body);
    });
    println!("{}", server.address());
    wait();
}

fn wiremock(path: &str, body: Vec<u8>) {
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

    let runtime = tokio::runtime::Runtime::new().expect("there is a runtime");
    let server = runtime.block_on(async {
        let server = MockServer::start().await;
        let reply = ResponseTemplate::new(200).set_body_raw(body, "application/octet-stream");
        Mock::given(matchers::method("GET")).and(matchers::path(path)).respond_with(reply).mount(&server).await;
        server
    });
    println!("{}", server.address());
    wait();
}

/// Servers that do not come from the pool, which holds fewer than there are to be.
fn mockito(count: usize) {
    let before = threads();
    let started = Instant::now();
    let servers: Vec<_> =
        (0..count).map(|_| mockito::Server::new_with_opts(mockito::ServerOpts::default())).collect();
    let took = started.elapsed();
    println!("{} {before} {}", took.as_nanos(), threads());
    drop(servers);
}

/// The threads of this process, where the system tells.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}

fn wait() {
    // Whatever ends the input ends the wait.
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
