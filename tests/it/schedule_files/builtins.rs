//! Each schedule that is built in does what it says.

use std::thread;

use flaky_server::{FlakyServer, ScheduleFile};

use crate::support::{Ending, Raw, Reply, content, get, settled_all, start, wait_for_port};

const LEN: usize = 4000;

type Play = fn(&FlakyServer);

/// What is to be seen of each.
const DAYS: [(&str, Play); 11] = [
    ("captive-portal", captive_portal),
    ("dying-cdn-edge", dying_cdn_edge),
    ("flaky-wifi", flaky_wifi),
    ("half-open-nat", half_open_nat),
    ("hostile-proxy", hostile_proxy),
    ("mirror-mid-sync", mirror_mid_sync),
    ("rate-limited-mirror", rate_limited_mirror),
    ("restarted-server", restarted_server),
    ("slow-hotel", slow_hotel),
    ("stale-pool", stale_pool),
    ("truncating-cache", truncating_cache),
];

/// A server with `/app.tar.gz` that has such a day, and another file.
fn serve(name: &str) -> FlakyServer {
    let file = ScheduleFile::builtin(name).unwrap_or_else(|| panic!("{name} is not built in"));
    let builder = FlakyServer::builder().serve_bytes("/app.tar.gz", content(LEN));
    start(builder.serve_bytes("/other.tar.gz", content(LEN)).schedule_file(&file))
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

fn captive_portal(server: &FlakyServer) {
    for _ in 0..2 {
        let portal = ask(server);
        assert_eq!((portal.status(), portal.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert_ne!(portal.body, content(LEN));
    }
    assert_whole(&ask(server));
    assert_applied(server, "login-page");
}

fn dying_cdn_edge(server: &FlakyServer) {
    let cut = ask(server);
    assert_eq!((cut.len, cut.ending), (2400, Some(Ending::Eof)));
    assert_eq!(ask(server).status(), 502);
    let busy = ask(server);
    assert_eq!((busy.status(), busy.header("retry-after")), (503, Some("1")));
    assert_whole(&ask(server));
    assert_applied(server, "delay=500ms truncate-after=60%");
}

fn flaky_wifi(server: &FlakyServer) {
    let cut = ask(server);
    assert_eq!((cut.len, cut.ending), (1400, Some(Ending::Reset)));
    assert_whole(&ask(server));
    assert_applied(server, "reset-after=35%");
    assert_applied(server, "stall-after=70% stall-for=2s");
}

fn half_open_nat(server: &FlakyServer) {
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
    assert_applied(server, "stall-after=50%");
    assert_applied(server, "hang");
}

fn hostile_proxy(server: &FlakyServer) {
    assert_eq!(ask(server).status(), 504);
    let cut = ask(server);
    assert_eq!((cut.len, cut.complete), (3000, false));
    let resumed = Raw::connect(server.addr()).ask(&get("/app.tar.gz").range("bytes=3000-"));
    assert_whole(&resumed);
    assert_applied(server, "framing=chunked truncate-after=75%");
    assert_applied(server, "ignore-range");
}

fn mirror_mid_sync(server: &FlakyServer) {
    let cut = ask(server);
    assert_eq!((cut.len, cut.ending), (2000, Some(Ending::Eof)));
    assert_eq!(ask(server).status(), 404);
    let other = ask(server);
    assert_eq!((other.status(), other.complete), (200, true));
    assert_ne!(other.header("etag"), cut.header("etag"));
    assert_ne!(other.body, content(LEN));
    assert_applied(server, "revision=2");
}

fn rate_limited_mirror(server: &FlakyServer) {
    for _ in 0..2 {
        let reply = ask(server);
        assert_eq!((reply.status(), reply.header("retry-after")), (429, Some("2")));
    }
    assert_whole(&ask(server));
    assert_applied(server, "throttle=5MB/s");
}

fn restarted_server(server: &FlakyServer) {
    let cut = ask(server);
    assert_eq!((cut.len, cut.ending), (2000, Some(Ending::Reset)));
    assert_eq!(server.journal().exchanges().len(), 1);
    // Refused until it is back, on the same port.
    wait_for_port(server.addr());
    assert_whole(&ask(server));
    // It was restarted once: what nobody had asked for before is well.
    let other = Raw::connect(server.addr()).ask(&get("/other.tar.gz"));
    assert_eq!((other.status(), other.complete, other.body == content(LEN)), (200, true, true));
    let exchanges = settled_all(server.journal());
    assert!(exchanges.iter().any(|exchange| exchange.plan == "reset-after=50%" && exchange.applied), "{exchanges:?}");
    let file = ScheduleFile::builtin("restarted-server").unwrap();
    assert_eq!(file.downtimes().len(), 1);
}

fn slow_hotel(server: &FlakyServer) {
    assert_whole(&ask(server));
    assert_applied(server, "delay=1s throttle=200kB/s");
}

fn stale_pool(server: &FlakyServer) {
    let mut pooled = Raw::connect(server.addr());
    assert_whole(&pooled.ask(&get("/app.tar.gz")));
    pooled.send(&get("/app.tar.gz").to_bytes());
    assert_eq!(pooled.ending(), Ending::Reset);
    assert_whole(&ask(server));
    assert_applied(server, "reset");
}

fn truncating_cache(server: &FlakyServer) {
    for _ in 0..2 {
        let short = ask(server);
        assert_eq!((short.status(), short.complete, short.len), (200, true, 3600));
        // Whoever asks for the rest learns from it that there is one, and how long the file is.
        let rest = Raw::connect(server.addr()).ask(&get("/app.tar.gz").range("bytes=3600-"));
        assert_eq!((rest.status(), rest.header("content-range")), (206, Some("bytes 3600-3999/4000")));
        assert!(rest.complete && rest.body == content(LEN)[3600..], "other bytes");
    }
    assert_whole(&ask(server));
    assert_applied(server, "short-body=90%");
}

/// Side by side: some take their time.
#[test]
fn each_does_what_it_says() {
    thread::scope(|scope| {
        let played = DAYS.map(|(name, play)| (name, scope.spawn(move || play(&serve(name)))));
        let failed = played.map(|(name, played)| played.join().is_err().then_some(name));
        assert_eq!(failed, [None; DAYS.len()], "these do not");
    });
}

#[test]
fn each_is_played_and_stands_on_the_page() {
    let page = include_str!("../../../src/docs/schedule_files.md");
    assert!(ScheduleFile::builtins().eq(DAYS.map(|(name, _)| name)));
    for name in ScheduleFile::builtins() {
        assert!(page.contains(&format!("| `{name}` | ")), "{name} is not on the page");
    }
}
