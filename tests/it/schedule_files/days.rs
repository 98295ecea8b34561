//! The bad days that the documentation tells, with the files that it writes for them.

use std::io::Read as _;
use std::net::SocketAddr;

use flaky_server::{FlakyServer, ScheduleFile};

use super::{blocks, serve};
use crate::support::{Ending, Raw, get, settled_all, wait_for_port};

/// The file that stands under this heading.
fn day(heading: &str) -> FlakyServer {
    let blocks = blocks("toml");
    let (_, text) = blocks.iter().find(|(found, _)| *found == heading).unwrap_or_else(|| panic!("no {heading:?}"));
    serve(&text.parse::<ScheduleFile>().unwrap_or_else(|error| panic!("{error}")))
}

fn fixture(server: &FlakyServer, path: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    server.fixture(path).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn release_day() {
    let server = day("Release day");
    for _ in 0..2 {
        let reply = Raw::connect(server.addr()).ask(&get("/app.tar.gz"));
        assert_eq!((reply.status(), reply.header("retry-after")), (503, Some("1")));
    }
    for _ in 0..2 {
        let reply = Raw::connect(server.addr()).ask(&get("/app.tar.gz"));
        assert_eq!((reply.status(), reply.complete, reply.len), (200, true, 2_000_000));
    }
    let exchanges = settled_all(server.journal());
    let plans: Vec<_> = exchanges.iter().map(|exchange| &*exchange.plan).collect();
    assert_eq!(
        plans,
        ["status=503 retry-after=1s"; 2].iter().chain(&["throttle=5MB/s"; 2]).copied().collect::<Vec<_>>()
    );
}

#[test]
fn the_index_is_fine() {
    let play = || {
        let server = day("The index is fine");
        let page = Raw::connect(server.addr()).ask(&get("/simple/app/"));
        assert_eq!((page.status(), page.complete), (200, true));
        let wheel = server.url("/app-1.0-py3-none-any.whl");
        assert!(page.text().contains(&format!("href=\"{wheel}\"")), "{}", page.text());
        let replies = (0..40).map(|_| Raw::connect(server.addr()).ask(&get("/app-1.0-py3-none-any.whl")));
        let replies = replies.inspect(|reply| assert_eq!(reply.header("content-length"), Some("3000000")));
        replies.map(|reply| (reply.len, reply.complete, reply.ending)).collect::<Vec<_>>()
    };
    let replies = play();
    let cut = replies.iter().filter(|reply| **reply == (1_000_000, false, Some(Ending::Eof))).count();
    let whole = replies.iter().filter(|reply| **reply == (3_000_000, true, None)).count();
    assert_eq!(cut + whole, replies.len(), "{replies:?}");
    assert!((4..=20).contains(&cut), "{cut} of 40");
    assert_eq!(play(), replies);
}

#[test]
fn a_restart_at_lunch() {
    let server = day("A restart at lunch");
    let cut = Raw::connect(server.addr()).ask(&get("/data.bin"));
    assert_eq!((cut.len, cut.ending), (500_000, Some(Ending::Reset)));
    let mirror: SocketAddr = server.mirror().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
    let other = Raw::connect(mirror).ask(&get("/data.bin"));
    assert_eq!((other.status(), other.complete, other.len), (200, true, 1_000_000));
    assert_ne!(other.header("etag"), cut.header("etag"));
    assert_ne!(other.body, fixture(&server, "/data.bin"));
    // It comes back on the same port.
    wait_for_port(server.addr());
    assert_eq!(Raw::connect(server.addr()).ask(&get("/data.bin")).header("etag"), other.header("etag"));
}
