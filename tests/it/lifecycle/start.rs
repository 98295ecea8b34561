//! Starting, anywhere; and why it can fail.

use std::net::{IpAddr, Ipv4Addr};
use std::thread;

use flaky_server::{FlakyServer, StartError};

use super::own_address;
use crate::support::{Raw, get, ok, settled, start};

#[test]
fn in_a_test() {
    let server = ok(b"content");
    assert_eq!(server.base(), format!("http://{}", server.addr()));
    assert_eq!(server.url("/f"), format!("{}/f", server.base()));
    assert_eq!(server.single_url(), Some(server.url("/f")));
    assert_eq!(server.addrs(), [server.addr()]);
    assert_eq!(server.addr().ip(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).text(), "content");
}

#[tokio::test]
async fn in_an_asynchronous_test() {
    let server = ok(b"content");
    // The server has threads of its own: a test that blocks its only thread does not starve it.
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).text(), "content");
    let reply = reqwest::get(server.url("/f")).await.unwrap();
    assert_eq!(reply.text().await.unwrap(), "content");
    settled(server.journal(), 2);
    server.shutdown();
}

#[tokio::test]
async fn dropped_in_an_asynchronous_test() {
    let server = ok(b"content");
    let addr = server.addr();
    drop(server);
    assert!(std::net::TcpStream::connect(addr).is_err());
}

#[test]
fn outlives_the_runtime_that_it_was_started_in() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let server = runtime.block_on(async { ok(b"content") });
    drop(runtime);
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).text(), "content");
}

#[test]
fn a_port_that_is_in_use() {
    let first = start(FlakyServer::builder().serve_bytes("/f", b"content".as_slice()).bind(own_address()));
    let second = FlakyServer::builder().serve_bytes("/f", b"content".as_slice()).bind(own_address());
    let error = second.port(first.addr().port()).start().unwrap_err();
    assert!(matches!(error, StartError::Bind { addr, .. } if addr == first.addr()), "{error:?}");
    let expected = format!("cannot listen on {}: the port is in use", first.addr());
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(std::error::Error::source(&error).is_some());
    // The first does not notice.
    assert_eq!(Raw::connect(first.addr()).ask(&get("/f")).text(), "content");
}

#[test]
fn several_addresses_on_one_port() {
    let Ok(_) = std::net::TcpListener::bind("[::1]:0") else { return };
    let addrs = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)];
    let builder = FlakyServer::builder().serve_bytes("/f", b"content".as_slice());
    let server = start(addrs.into_iter().fold(builder, flaky_server::FlakyServerBuilder::bind));
    assert_eq!(server.addrs().len(), 2);
    for addr in server.addrs() {
        assert_eq!(addr.port(), server.addr().port());
        assert_eq!(Raw::connect(*addr).ask(&get("/f")).text(), "content");
    }
    assert_eq!(server.journal().attempts("/f"), 2);
}

#[test]
fn nothing_to_serve() {
    let error = FlakyServer::builder().start().unwrap_err();
    assert!(matches!(error, StartError::Nothing), "{error:?}");
    assert!(error.to_string().starts_with("nothing to serve: "), "{error}");
}

#[test]
fn a_root_that_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let missing = dir.path().join("missing");
    for builder in [FlakyServer::builder().serve_dir(&missing), FlakyServer::builder().serve_file(&missing)] {
        let error = builder.start().unwrap_err();
        assert!(matches!(error, StartError::Content(_)), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!("`{}` does not exist: name an existing file or directory", missing.display())
        );
    }
}

#[test]
fn many_at_once_do_not_see_each_other() {
    thread::scope(|scope| {
        for thread in 0..20 {
            scope.spawn(move || {
                let servers: Vec<_> = (0..10)
                    .map(|n| start(FlakyServer::builder().serve_bytes("/f", format!("content of {thread}.{n}"))))
                    .collect();
                for (n, server) in servers.iter().enumerate() {
                    for _ in 0..=n {
                        let reply = Raw::connect(server.addr()).ask(&get("/f"));
                        assert_eq!(reply.text(), format!("content of {thread}.{n}"));
                    }
                }
                for (n, server) in servers.into_iter().enumerate() {
                    settled(server.journal(), n + 1);
                    assert_eq!(server.journal().attempts("/f"), n as u64 + 1);
                    assert_eq!(server.journal().total_attempts(), n as u64 + 1);
                }
            });
        }
    });
}
