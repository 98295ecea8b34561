//! Rules that go by the request, its connection, and the time.

use flaky_server::{FlakyServer, Schedule};

use crate::support::{Ending, Raw, content, get, settled, start};

/// Serves 1 MiB as `/f`, by these rules.
#[track_caller]
fn serve(rules: &str) -> (FlakyServer, &'static [u8]) {
    let bytes = content(1 << 20);
    let rules = Schedule::parse_rules(rules).unwrap();
    (start(FlakyServer::builder().serve_bytes("/f", bytes).rules(rules)), bytes)
}

#[test]
fn a_reused_connection_is_broken_at_the_exact_byte() {
    let (server, bytes) = serve("/f connection=reused: reset-after=700001 x*");
    for _ in 0..3 {
        let mut raw = Raw::connect(server.addr());
        assert!(raw.ask(&get("/f")).complete);
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes, None);
        assert_eq!((reply.len, reply.wrong_at, reply.ending), (700_001, None, Some(Ending::Reset)));
    }
    let plans: Vec<_> =
        settled(server.journal(), 6).iter().map(|it| (it.nth, it.plan.clone(), it.body_acked)).collect();
    for pair in plans.chunks(2) {
        assert_eq!((pair[0].0, &*pair[0].1), (1, "ok"));
        assert_eq!((pair[1].0, &*pair[1].1), (2, "reset-after=700001"));
        #[cfg(target_os = "linux")]
        assert_eq!((pair[0].2, pair[1].2), (Some(1 << 20), Some(700_001)));
    }
    assert!(server.schedule().is_order_dependent());
}

#[test]
fn a_fresh_connection_is_left_alone_later() {
    let (server, bytes) = serve("/f connection=fresh: status=503 x*");
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/other")).status(), 404);
    assert_eq!(raw.ask(&get("/f")).body, bytes);
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).status(), 503);
}

#[test]
fn whoever_resumes_is_told_from_whoever_begins() {
    let (server, bytes) = serve("/f range=no first=1: truncate-after=1000\n/f range=yes nth=2: status=503");
    let ask = |range: Option<&str>| {
        let request = range.map_or_else(|| get("/f"), |range| get("/f").range(range));
        let reply = Raw::connect(server.addr()).ask(&request);
        (reply.status(), reply.len)
    };
    // The counts are apart, too.
    assert_eq!(ask(Some("bytes=1000-")), (206, (1 << 20) - 1000));
    assert_eq!(ask(None), (200, 1000));
    assert_eq!(ask(Some("bytes=1000-")), (503, "503 Service Unavailable\n".len() as u64));
    assert_eq!(ask(None), (200, bytes.len() as u64));
    assert!(!server.schedule().is_order_dependent());
}

#[test]
fn headers_are_looked_at_as_they_came() {
    let (server, _) = serve("/f header=authorization:Bearer\\ * header=X-Try: status=503 x*");
    let token = || get("/f").header("AUTHORIZATION", "  Bearer a/b ");
    let statuses = [
        get("/f"),
        token(),
        token().header("x-try", ""),
        get("/f").header("authorization", "Basic x").header("authorization", "Bearer y").header("x-try", "\u{e4}"),
        get("/f").header("authorization", "bearer y").header("x-try", "1"),
    ]
    .map(|request| Raw::connect(server.addr()).ask(&request).status());
    assert_eq!(statuses, [200, 200, 503, 503, 200]);
}

/// One request on each connection in turn, with its status: 0 is a reset before any byte, and the next request comes
/// on a new connection.
fn play(server: &FlakyServer, requests: usize) -> Vec<u16> {
    let mut raw = Raw::connect(server.addr());
    (0..requests)
        .map(|_| {
            raw.send(&get("/f").to_bytes());
            match raw.try_head() {
                Ok(head) => {
                    let status = head.status;
                    raw.compare_body(head, if status == 200 { b"content" } else { b"503 Service Unavailable\n" });
                    status
                }
                Err(ending) => {
                    assert_eq!(ending, Ending::Reset);
                    raw = Raw::connect(server.addr());
                    0
                }
            }
        })
        .collect()
}

#[test]
fn a_resend_can_be_left_out() {
    let serve = |rules: &str| {
        let rules = Schedule::parse_rules(rules).unwrap();
        start(FlakyServer::builder().serve_bytes("/f", "content").rules(rules))
    };
    // The second request dies on a reused connection before any byte, and is sent again.
    let dies = "/f nth=2: reset\n";
    let none = serve(dies);
    assert_eq!(play(&none, 4), [200, 0, 200, 200]);
    let resends: Vec<_> = settled(none.journal(), 4).iter().map(|exchange| exchange.resend).collect();
    assert_eq!(resends, [false, false, true, false]);
    assert_eq!(play(&serve(&format!("{dies}/f resend=yes: status=503 x*")), 4), [200, 0, 503, 200]);
    // It counts the first, the one that died, and then the one behind the resend.
    assert_eq!(play(&serve(&format!("{dies}/f resend=no nth=3: status=503 x*")), 5), [200, 0, 200, 503, 200]);
    assert_eq!(play(&serve(&format!("{dies}/f nth=3: status=503 x*")), 4), [200, 0, 503, 200]);
    let first = format!("{dies}/f resend=no attempts=3..: status=503 x*");
    assert_eq!(play(&serve(&first), 5), [200, 0, 200, 503, 503]);
}

#[test]
fn windows_that_are_hours_wide_or_away() {
    let status = |rules: &str| {
        let rules = Schedule::parse_rules(rules).unwrap();
        let server = start(FlakyServer::builder().serve_bytes("/f", "content").rules(rules));
        Raw::connect(server.addr()).ask(&get("/f")).status()
    };
    assert_eq!(status("* from=1h: status=503 x*"), 200);
    assert_eq!(status("* for=1h: status=503 x*"), 503);
    assert_eq!(status("* from=0s: status=503 x*"), 503);
    assert_eq!(status("* from=1h for=1h: status=503 x*"), 200);
    // No request comes within a nanosecond of the start.
    assert_eq!(status("* for=1ns: status=503 x*"), 200);
}
