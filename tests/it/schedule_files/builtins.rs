//! Each schedule that is built in does what it says.

use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use flaky_server::{FlakyServer, ScheduleFile};

use crate::support::{Ending, PATIENCE, Raw, Reply, content, get, settled_all, start};

const LEN: usize = 4000;

/// A server with `/app.tar.gz` that has such a day.
fn serve(name: &str) -> FlakyServer {
    let file = ScheduleFile::builtin(name).unwrap_or_else(|| panic!("{name} is not built in"));
    start(FlakyServer::builder().serve_bytes("/app.tar.gz", content(LEN)).schedule_file(&file))
}

/// One attempt, on a connection of its own.
#[track_caller]
fn ask(server: &FlakyServer) -> Reply {
    Raw::connect(server.addr()).ask(&get("/app.tar.gz"))
}

/// Something has gone wrong, and nothing that was to go wrong has not.
#[track_caller]
fn assert_applied(server: &FlakyServer, plan: &str) {
    let exchanges = settled_all(server.journal());
    let is_there = exchanges.iter().any(|exchange| exchange.plan == plan && exchange.applied);
    assert!(is_there, "no {plan:?}\n{}", server.journal().table());
    assert!(exchanges.iter().all(|exchange| exchange.applied), "{}", server.journal().table());
}

#[track_caller]
fn assert_whole(reply: &Reply) {
    assert_eq!((reply.status(), reply.complete), (200, true));
    assert!(reply.body == content(LEN), "other bytes");
}

#[test]
fn captive_portal() {
    let server = serve("captive-portal");
    for _ in 0..2 {
        let portal = ask(&server);
        assert_eq!((portal.status(), portal.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert_ne!(portal.body, content(LEN));
    }
    assert_whole(&ask(&server));
    assert_applied(&server, "login-page");
}

#[test]
fn dying_cdn_edge() {
    let server = serve("dying-cdn-edge");
    let cut = ask(&server);
    assert_eq!((cut.len, cut.ending), (2400, Some(Ending::Eof)));
    assert_eq!(ask(&server).status(), 502);
    let busy = ask(&server);
    assert_eq!((busy.status(), busy.header("retry-after")), (503, Some("1")));
    assert_whole(&ask(&server));
    assert_applied(&server, "delay=500ms truncate-after=60%");
}

#[test]
fn flaky_wifi() {
    let server = serve("flaky-wifi");
    let cut = ask(&server);
    assert_eq!((cut.len, cut.ending), (1400, Some(Ending::Reset)));
    assert_whole(&ask(&server));
    assert_applied(&server, "reset-after=35%");
    assert_applied(&server, "stall-after=70% stall-for=2s");
}

#[test]
fn half_open_nat() {
    let server = serve("half-open-nat");
    for _ in 0..2 {
        let mut client = Raw::connect(server.addr());
        client.send(&get("/app.tar.gz").to_bytes());
        let stalled = client.compare(content(LEN), Some(2000));
        assert_eq!((stalled.len, stalled.ending), (2000, Some(Ending::Silence)));
    }
    let mut pooled = Raw::connect(server.addr());
    assert_whole(&pooled.ask(&get("/app.tar.gz")));
    pooled.send(&get("/app.tar.gz").to_bytes());
    assert_eq!(pooled.quiet(), Ending::Silence);
    drop(pooled);
    assert_applied(&server, "stall-after=50%");
    assert_applied(&server, "hang");
}

#[test]
fn hostile_proxy() {
    let server = serve("hostile-proxy");
    assert_eq!(ask(&server).status(), 504);
    let cut = ask(&server);
    assert_eq!((cut.len, cut.complete), (3000, false));
    let resumed = Raw::connect(server.addr()).ask(&get("/app.tar.gz").range("bytes=3000-"));
    assert_whole(&resumed);
    assert_applied(&server, "framing=chunked truncate-after=75%");
    assert_applied(&server, "ignore-range");
}

#[test]
fn mirror_mid_sync() {
    let server = serve("mirror-mid-sync");
    let cut = ask(&server);
    assert_eq!((cut.len, cut.ending), (2000, Some(Ending::Eof)));
    assert_eq!(ask(&server).status(), 404);
    let other = ask(&server);
    assert_eq!((other.status(), other.complete), (200, true));
    assert_ne!(other.header("etag"), cut.header("etag"));
    assert_ne!(other.body, content(LEN));
    assert_applied(&server, "revision=2");
}

#[test]
fn rate_limited_mirror() {
    let server = serve("rate-limited-mirror");
    for _ in 0..2 {
        let reply = ask(&server);
        assert_eq!((reply.status(), reply.header("retry-after")), (429, Some("2")));
    }
    assert_whole(&ask(&server));
    assert_applied(&server, "throttle=5MB/s");
}

#[test]
fn restarted_server() {
    let server = serve("restarted-server");
    let cut = ask(&server);
    assert_eq!((cut.len, cut.ending), (2000, Some(Ending::Reset)));
    assert_eq!(server.journal().exchanges().len(), 1);
    // Refused until it is back, on the same port.
    let begun = Instant::now();
    while TcpStream::connect(server.addr()).is_err() {
        assert!(begun.elapsed() < PATIENCE, "it does not come back");
        thread::yield_now();
    }
    assert_whole(&ask(&server));
    let exchanges = settled_all(server.journal());
    assert!(exchanges.iter().any(|exchange| exchange.plan == "reset-after=50%" && exchange.applied), "{exchanges:?}");
    let file = ScheduleFile::builtin("restarted-server").unwrap();
    assert_eq!(file.downtimes().len(), 1);
}

#[test]
fn slow_hotel() {
    let server = serve("slow-hotel");
    assert_whole(&ask(&server));
    assert_applied(&server, "delay=1s throttle=200kB/s");
}

#[test]
fn stale_pool() {
    let server = serve("stale-pool");
    let mut pooled = Raw::connect(server.addr());
    assert_whole(&pooled.ask(&get("/app.tar.gz")));
    pooled.send(&get("/app.tar.gz").to_bytes());
    assert_eq!(pooled.ending(), Ending::Reset);
    assert_whole(&ask(&server));
    assert_applied(&server, "reset");
}

#[test]
fn truncating_cache() {
    let server = serve("truncating-cache");
    for _ in 0..2 {
        let short = ask(&server);
        assert_eq!((short.status(), short.complete, short.len), (200, true, 3600));
    }
    assert_whole(&ask(&server));
    assert_applied(&server, "short-body=90%");
}

#[test]
fn each_has_a_test_and_stands_on_the_page() {
    let (tests, page) = (include_str!("builtins.rs"), include_str!("../../../src/docs/schedule_files.md"));
    for name in ScheduleFile::builtins() {
        assert!(tests.contains(&format!("fn {}()", name.replace('-', "_"))), "{name} has no test");
        assert!(page.contains(&format!("| `{name}` | ")), "{name} is not on the page");
    }
}
