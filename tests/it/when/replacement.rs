//! Rules that change while the server runs.

use std::thread;

use flaky_server::{FlakyServer, Rule, RuleGuard, Schedule, matchers::path};

use crate::support::{Ending, Raw, builder, content, get, serve, settled, start};

fn status(server: &FlakyServer) -> u16 {
    Raw::connect(server.addr()).ask(&get("/f")).status()
}

fn rules(text: &str) -> Vec<Rule> {
    Schedule::parse_rules(text).unwrap()
}

#[test]
fn other_rules_hold_for_the_next_request() {
    let server = serve("status=503, status=502 x*", b"content");
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/f")).status(), 503);
    server.replace_rules(rules("*: status=418, status=404")).unwrap();
    let statuses = [(); 3].map(|()| raw.ask(&get("/f")).status());
    assert_eq!(statuses, [418, 404, 200]);
    server.replace_rules([]).unwrap();
    assert_eq!(raw.ask(&get("/f")).status(), 200);
    let attempts: Vec<_> = settled(server.journal(), 5).iter().map(|exchange| exchange.attempt).collect();
    assert_eq!(attempts, [1, 2, 3, 4, 5]);

    // What was played under all rules is one schedule.
    let played = server.played().to_string();
    assert_eq!(played, "GET /f query=: status=503, status=418, status=404\n");
    let again = start(FlakyServer::builder().serve_bytes("/f", "content").rules(rules(&played)));
    assert_eq!([(); 4].map(|()| status(&again)), [503, 418, 404, 200]);
}

#[test]
fn an_exchange_under_way_keeps_its_plan() {
    let bytes = content(1 << 20);
    let server = start(builder("reset-after=900000 x*").serve_bytes("/f", bytes));
    // It reads nothing yet, and the reply does not fit into the buffers before it.
    let mut raw = Raw::connect_with(server.addr(), crate::support::Speed::Slow);
    raw.send(&get("/f").to_bytes());
    let head = raw.head();
    server.replace_rules(rules("*: status=503 x*")).unwrap();
    let reply = raw.compare_body(head, bytes);
    assert_eq!((reply.len, reply.wrong_at, reply.ending), (900_000, None, Some(Ending::Reset)));
    assert_eq!(status(&server), 503);
}

#[test]
fn a_wrong_rule_is_an_error_and_changes_nothing() {
    let server = serve("status=503 x*", b"content");
    let error = server.replace_rules([Rule::any().first(0).script("ok").unwrap_or_else(|_| Rule::any())]).unwrap_err();
    assert_eq!(error.message(), "the rule has neither a script nor a fault");
    assert!(server.add_rule(Rule::when(path("["))).is_err());
    assert_eq!(status(&server), 503);
    assert_eq!(server.schedule().rules().len(), 1);
}

#[test]
fn a_guard_holds_its_rule_in_front() {
    let server = serve("status=503 x*", b"content");
    let outer = server.add_rule("/f: status=418 x*".parse().unwrap()).unwrap();
    {
        let _inner = server.add_rule("/f first=1: status=404".parse().unwrap()).unwrap();
        assert_eq!([(); 2].map(|()| status(&server)), [404, 418]);
        server.replace_rules(rules("*: status=502 x*")).unwrap();
        assert_eq!(status(&server), 418);
    }
    assert_eq!(server.schedule().to_string(), "/f: status=418 x*\n*: status=502 x*\n");
    drop(outer);
    assert_eq!(status(&server), 502);
    server.add_rule("/f: status=410 x*".parse().unwrap()).unwrap().forget();
    assert_eq!(status(&server), 410);
    server.replace_rules([]).unwrap();
    assert_eq!(status(&server), 200);
}

#[test]
fn a_guard_may_outlive_its_server() {
    fn crosses_threads<T: Send + Sync + 'static>(it: T) -> T {
        it
    }
    let server = serve("ok", b"content");
    let guards = [(); 2].map(|()| crosses_threads(server.add_rule("*: drop x*".parse().unwrap()).unwrap()));
    drop(server.shutdown());
    let [dropped, forgotten] = guards;
    thread::spawn(move || drop(dropped)).join().unwrap();
    RuleGuard::forget(forgotten);
}

#[test]
fn what_fired_under_other_rules_may_fire_again() {
    let bytes = content(1 << 20);
    let server = start(builder("reset-at=600000 x*").serve_bytes("/f", bytes));
    let len = || {
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        raw.compare(bytes, None).len
    };
    assert_eq!((len(), len()), (600_000, 1 << 20));
    let guard = server.add_rule("/other: drop".parse().unwrap()).unwrap();
    // The rule stands elsewhere now, and is the same.
    assert_eq!(len(), 1 << 20);
    drop(guard);
    assert_eq!(len(), 1 << 20);
    server.replace_rules(rules("*: reset-at=600000 x*")).unwrap();
    assert_eq!((len(), len()), (600_000, 1 << 20));
}

#[test]
fn rules_change_under_load_without_a_wrong_count() {
    let server = serve("ok x*", b"content");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut raw = Raw::connect(server.addr());
                for _ in 0..100 {
                    let reply = raw.ask(&get("/f"));
                    assert!(matches!(reply.status(), 200 | 418 | 503), "{reply:?}");
                }
            });
        }
        scope.spawn(|| {
            for _ in 0..50 {
                let guard = server.add_rule("*: status=418 x*".parse().unwrap()).unwrap();
                server.replace_rules(rules("*: status=503 x*")).unwrap();
                drop(guard);
                server.replace_rules([]).unwrap();
            }
        });
    });
    assert_eq!(server.journal().attempts("/f"), 400);
    let mut attempts: Vec<_> = settled(server.journal(), 400).iter().map(|exchange| exchange.attempt).collect();
    attempts.sort_unstable();
    assert_eq!(attempts, (1..=400).collect::<Vec<_>>());
    assert!(server.played().is_complete());
}
