//! Closures as rules and as matchers.

use std::sync::{Arc, Mutex, OnceLock};

use flaky_server::{Entry, FlakyServer, Request, Rule, RuleGuard, Schedule, matchers::path};

use crate::support::{Ending, Raw, content, get, settled, start};

#[test]
fn a_closure_decides_at_the_exact_byte() {
    let bytes = content(1 << 20);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&seen);
    let rule =
        Rule::when(path("/f")).and(|request: &Request| request.header("x-skip").is_none()).decide(move |attempt| {
            let request = attempt.request();
            told.lock().unwrap().push((attempt.number(), attempt.count(), request.nth(), request.is_range()));
            (attempt.count() <= 2)
                .then(|| format!("reset-after={}", 500_000 + attempt.count()).parse::<Entry>().unwrap())
        });
    let server = start(FlakyServer::builder().serve_bytes("/f", bytes).rule(rule));
    assert!(Raw::connect(server.addr()).ask(&get("/f").header("x-skip", "1")).complete);
    for len in [500_001, 500_002] {
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes, None);
        assert_eq!((reply.len, reply.wrong_at, reply.ending), (len, None, Some(Ending::Reset)));
    }
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f").header("x-skip", "1")).complete);
    assert!(raw.ask(&get("/f").range("bytes=5-")).complete);
    assert_eq!(*seen.lock().unwrap(), [(2, 1, 1, false), (3, 2, 1, false), (5, 3, 2, true)]);

    // It cannot be written down, but what it did can.
    let played = server.played().to_string();
    assert_eq!(played, "GET /f query=: ok, reset-after=500001, reset-after=500002\n");
    assert!(Schedule::parse_rules(&server.schedule().to_string()).is_err());
    assert!(Schedule::parse_rules(&played).is_ok());
}

/// Panics without a word on stderr, and without the notice that other tests would take for a defect.
fn quiet_panic<T>() -> T {
    std::panic::resume_unwind(Box::new(format!("out of {}", "luck")))
}

#[test]
fn a_panic_costs_its_attempt_and_no_more() {
    let rule = Rule::when(path("/f")).and(|request: &Request| request.query().is_none() || quiet_panic());
    let rule = rule.decide(|attempt| if attempt.count() == 1 { quiet_panic() } else { Entry::ok() });
    let server = start(FlakyServer::builder().serve_bytes("/f", "content").rule(rule));
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/f")).status(), 500);
    // The same connection goes on.
    assert_eq!(raw.ask(&get("/f")).body, b"content");
    assert_eq!(raw.ask(&get("/f?x")).status(), 500);
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).body, b"content");
    let exchanges = settled(server.journal(), 4);
    let notes: Vec<_> = exchanges.iter().map(|exchange| exchange.note.as_deref()).collect();
    let note = Some("a closure of the rule `/f <closure>: <closure>` panicked: out of luck");
    assert_eq!(notes, [note, None, note, None]);
    assert_eq!((&*exchanges[0].plan, exchanges[0].applied), ("status=500", true));
    assert_eq!(server.journal().attempts("/f"), 3);
    assert_eq!(server.played().to_string(), "GET /f query=x: status=500\nGET /f query=: status=500\n");
}

#[test]
fn a_closure_may_use_its_server() {
    static SERVER: OnceLock<FlakyServer> = OnceLock::new();

    // It runs on a thread that serves, of which there may be one.
    let rule = Rule::any().decide(|_| {
        let server = SERVER.get().expect("it is asked after it was started");
        assert_eq!(server.fixture("/f").unwrap().len(), 7);
        server.down().up().unwrap();
        Entry::ok()
    });
    let server = SERVER.get_or_init(|| start(FlakyServer::builder().serve_bytes("/f", "content").rule(rule)));
    let mut first = Raw::connect(server.addr());
    assert_eq!(first.ask(&get("/f")).text(), "content");
    // It was down meanwhile.
    assert_eq!(first.ending(), Ending::Eof);
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).text(), "content");
}

#[test]
fn a_closure_may_take_the_server_down_while_others_ask() {
    static SERVER: OnceLock<FlakyServer> = OnceLock::new();

    let rule = Rule::any().decide(|_| {
        SERVER.get().expect("it is asked after it was started").down().up().unwrap();
        Entry::ok()
    });
    let server = SERVER.get_or_init(|| start(FlakyServer::builder().serve_bytes("/f", "content").rule(rule)));
    // All are connected before the first of them asks.
    let mut clients: Vec<_> = (0..8).map(|_| Raw::connect(server.addr())).collect();
    for client in &mut clients {
        client.send(&get("/f").to_bytes());
    }
    for client in &mut clients {
        // Some were idle, as far as the server knew, when it went down: they are closed, or reset where nobody had
        // accepted them. None is left without an end.
        let _ = client.try_head();
    }
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).text(), "content");
}

#[test]
fn a_rule_may_take_itself_away() {
    static GUARD: Mutex<Option<RuleGuard>> = Mutex::new(None);

    let server = start(FlakyServer::builder().serve_bytes("/f", "content"));
    let rule = Rule::any().decide(|_| {
        drop(GUARD.lock().unwrap().take());
        "status=503".parse::<Entry>().unwrap()
    });
    *GUARD.lock().unwrap() = Some(server.add_rule(rule).unwrap());
    let mut client = Raw::connect(server.addr());
    assert_eq!(client.ask(&get("/f")).status(), 503);
    while server.schedule().rules().len() > 0 {
        std::thread::yield_now();
    }
    assert_eq!(client.ask(&get("/f")).status(), 200);
}

#[test]
fn a_closure_that_asks_for_its_own_schedule_is_told_so() {
    static SERVER: OnceLock<FlakyServer> = OnceLock::new();

    let rule = Rule::any().decide(|attempt| {
        let server = SERVER.get().expect("it is asked after it was started");
        match attempt.count() {
            1 => drop(server.schedule()),
            2 => drop(server.played()),
            _ => {}
        }
        Entry::ok()
    });
    let server = SERVER.get_or_init(|| start(FlakyServer::builder().serve_bytes("/f", "content").rule(rule)));
    let mut client = Raw::connect(server.addr());
    let statuses = [(); 3].map(|()| client.ask(&get("/f")).status());
    assert_eq!(statuses, [500, 500, 200]);
    let note = settled(server.journal(), 3)[0].note.clone().unwrap();
    assert!(note.contains("cannot use the schedule that it is part of"), "{note}");
}
