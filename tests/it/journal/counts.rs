//! How many attempts, retries and resends there were.

use flaky_server::{End, Journal, Limits};

use crate::support::{Ending, PATIENCE, Raw, builder, get, ok, serve, settled, start};

#[track_caller]
fn check(journal: &Journal, target: &str, attempts: u64, retries: u64, resends: u64) {
    let counts = (journal.attempts(target), journal.retries(target), journal.resends(target));
    assert_eq!(counts, (attempts, retries, resends), "attempts, retries, resends of {target}\n{}", journal.table());
}

#[test]
fn attempts_are_counted_by_target() {
    let server = ok(b"content");
    check(server.journal(), "/f", 0, 0, 0);
    let mut raw = Raw::connect(server.addr());
    for path in ["/f", "/f", "/f?a", "/f", "/missing"] {
        raw.ask(&get(path));
    }
    raw.ask(&crate::support::Request::new("HEAD", "/f"));
    let journal = server.journal();
    settled(journal, 6);
    check(journal, "/f", 4, 3, 0);
    check(journal, "GET /f", 3, 2, 0);
    check(journal, "HEAD /f", 1, 0, 0);
    check(journal, "/f?a", 1, 0, 0);
    check(journal, "/missing", 1, 0, 0);
    check(journal, "/other", 0, 0, 0);
    check(journal, "-", 0, 0, 0);
    assert_eq!(journal.total_attempts(), 6);
    let attempts: Vec<_> = journal.exchanges().iter().map(|exchange| exchange.attempt).collect();
    assert_eq!(attempts, [1, 2, 1, 3, 1, 1]);
}

/// One request on each connection in turn: `+` keeps the connection, `-` ends with a reset and opens the next.
#[track_caller]
fn play(script: &str, steps: &str) -> Vec<bool> {
    let server = serve(script, b"content");
    let mut raw = Raw::connect(server.addr());
    for step in steps.chars() {
        raw.send(&get("/f").to_bytes());
        if step == '+' {
            let reply = raw.reply("GET");
            assert!(reply.complete, "{script}: {reply:?}");
        } else {
            assert_eq!(raw.try_head().unwrap_err(), Ending::Reset, "{script}");
            raw = Raw::connect(server.addr());
        }
    }
    let exchanges = settled(server.journal(), steps.len());
    let resends: Vec<_> = exchanges.iter().map(|exchange| exchange.resend).collect();
    check(server.journal(), "/f", steps.len() as u64, steps.len() as u64 - 1, {
        resends.iter().filter(|resend| **resend).count() as u64
    });
    resends
}

#[test]
fn a_resend_repeats_what_died_unanswered_on_a_reused_connection() {
    assert_eq!(play("ok, reset, ok", "+-+"), [false, false, true]);
    // A first request that dies is not sent again silently: that is a retry.
    assert_eq!(play("reset, ok", "-+"), [false, false]);
    // One death excuses one resend.
    assert_eq!(play("ok, reset x2, ok", "+--+"), [false, false, true, false]);
    assert_eq!(play("ok, reset, ok, ok", "+-++"), [false, false, true, false]);
}

#[test]
fn an_answered_death_excuses_nothing() {
    let server = serve("ok, reset-after=0, ok", b"content");
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f")).complete);
    let reply = raw.ask(&get("/f"));
    assert_eq!((reply.status(), reply.len, reply.ending), (200, 0, Some(Ending::Reset)));
    assert!(Raw::connect(server.addr()).ask(&get("/f")).complete);
    let exchanges = settled(server.journal(), 3);
    assert_eq!((exchanges[1].nth, exchanges[1].end), (2, Some(End::Rst)));
    assert!(exchanges.iter().all(|exchange| !exchange.resend), "{exchanges:?}");
}

#[test]
fn counts_stay_exact_beyond_the_limit() {
    let limits = Limits { journal: 5, ..Limits::default() };
    let server = start(builder("ok x*").serve_bytes("/f", b"content".as_slice()).limits(limits));
    for connection in 0..10 {
        let mut raw = Raw::connect(server.addr());
        for _ in 0..4 {
            assert!(raw.ask(&get("/f")).complete);
        }
        if connection % 2 == 0 {
            raw.reset();
        }
    }
    let journal = server.shutdown();
    check(&journal, "/f", 40, 39, 0);
    assert_eq!(journal.total_attempts(), 40);
    assert_eq!(journal.dropped(), 35);
    let exchanges = journal.exchanges();
    assert_eq!(exchanges.iter().map(|exchange| exchange.attempt).collect::<Vec<_>>(), [36, 37, 38, 39, 40]);
    assert_eq!(journal.connections().len(), 5);
    assert!(journal.table().to_string().contains("(35 earlier exchanges are not shown)"), "{}", journal.table());
}

#[test]
fn waiting_has_a_deadline() {
    let server = serve("stall-after=3 x*", b"content");
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes());
    let reply = raw.compare(b"content", Some(3));
    assert_eq!(reply.ending, Some(Ending::Silence));
    let waited = std::time::Duration::from_millis(50);
    let error = server.journal().wait_for(1, waited).unwrap_err();
    assert_eq!((error.expected, error.settled, error.waited), (1, 0, waited));
    let text = error.to_string();
    assert!(text.starts_with("0 of 1 exchanges were settled within 50ms\n"), "{text}");
    assert!(text.contains("GET /f") && text.contains("stall-after=3") && text.contains("open"), "{text}");
    drop(raw);
    assert_eq!(settled(server.journal(), 1)[0].end, Some(End::Stalled));
    // What there is already is not waited for.
    assert!(server.journal().wait_for(0, std::time::Duration::ZERO).is_ok());
    assert!(server.journal().wait_for(1, std::time::Duration::ZERO).is_ok());
}

#[test]
fn waiting_for_all_that_goes_on() {
    let server = serve("ok, stall-after=3", b"content");
    let journal = server.journal();
    let zero = std::time::Duration::ZERO;
    assert!(journal.wait_until_settled(zero).unwrap().is_empty());
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f")).complete);
    // The client has the reply, and keeps the connection.
    assert_eq!(journal.wait_until_settled(PATIENCE).unwrap().len(), 1);
    assert_eq!(journal.connections()[0].requests, 1);
    raw.send(&get("/f").to_bytes());
    raw.head();
    let error = journal.wait_until_settled(zero).unwrap_err();
    assert!(error.to_string().starts_with("1 of 2 exchanges were settled within 0ns\n"), "{error}");
    drop(raw);
    assert!(journal.wait_until_settled(PATIENCE).unwrap().iter().all(|exchange| exchange.end.is_some()));
}

#[test]
fn a_connection_on_which_nothing_has_come_is_waited_for() {
    let server = ok(b"content");
    let journal = server.journal();
    let mut silent = Raw::connect(server.addr());
    let mut other = Raw::connect(server.addr());
    // Accepted behind the first, and answered.
    assert!(other.ask(&get("/f")).complete);
    journal.wait_for(1, PATIENCE).unwrap();
    assert!(journal.wait_until_settled(std::time::Duration::ZERO).is_err());
    silent.send(b"GET");
    drop(silent);
    assert_eq!(journal.wait_until_settled(PATIENCE).unwrap().len(), 2);
    assert_eq!(journal.attempts("-"), 1);
}
