//! Connections, and requests beside them.

use super::*;

/// What happens next, and what it is to come to: `*` is a new connection, everything else a target.
#[track_caller]
fn check(ledger: &mut Ledger, events: &[(&str, &str)]) {
    for (i, (event, expected)) in events.iter().enumerate() {
        assert_eq!(happen(ledger, event), *expected, "{event}, number {i}");
    }
}

fn happen(ledger: &mut Ledger, event: &str) -> String {
    match event {
        "*" => connect(ledger, Duration::ZERO),
        target => ledger.decide(&request(target)).entry().to_string(),
    }
}

fn connect(ledger: &mut Ledger, elapsed: Duration) -> String {
    let nth = ledger.connections.attempts + 1;
    ledger.decide_connection(nth, elapsed).map_or_else(|| "-".to_owned(), |entry| entry.to_string())
}

fn connect_all(ledger: &mut Ledger, times: usize) -> Vec<String> {
    (0..times).map(|_| connect(ledger, Duration::ZERO)).collect()
}

#[test]
fn new_connections_and_requests_consume_one_script() {
    let mut ledger = ledger("*: reset-on-accept x2, status=503, ok, drop-on-accept, drop\n*: hang x*");
    check(
        &mut ledger,
        &[
            // A request on a connection from before: later rules decide.
            ("/a", "hang"),
            ("*", "reset-on-accept"),
            ("*", "reset-on-accept"),
            ("*", "-"),
            ("*", "-"),
            ("/a", "status=503"),
            // One place for all targets.
            ("HEAD /b", "ok"),
            ("/b", "hang"),
            ("*", "drop-on-accept"),
            ("*", "-"),
            ("/c", "drop"),
            // At its end it decides that all is well.
            ("/c", "ok"),
            ("/d", "ok"),
            ("*", "-"),
        ],
    );
}

#[test]
fn a_script_of_connections_decides_no_request() {
    let mut ledger = ledger("*: accept, delay=1s reset-on-accept\n*: drop, hang");
    check(
        &mut ledger,
        &[
            ("*", "accept"),
            ("/a", "drop"),
            ("*", "delay=1s reset-on-accept"),
            ("*", "-"),
            ("/a", "hang"),
            ("/b", "drop"),
            ("/a", "ok"),
        ],
    );
}

#[test]
fn a_script_without_connections_is_asked_about_none() {
    let mut ledger = ledger("*: drop x*\n*: status=503");
    assert!(!ledger.has_connection_rules());
    assert_eq!(connect_all(&mut ledger, 2), ["-", "-"]);
    assert_eq!(play(&mut ledger, "/a", 1), ["drop"]);
}

#[test]
fn conditions_count_new_connections() {
    let mut first = ledger("* first=2: hang-on-accept x*");
    assert_eq!(connect_all(&mut first, 3), ["hang-on-accept", "hang-on-accept", "-"]);
    let mut nth = ledger("* nth=2: reset-on-accept x*\n* every=2: drop-on-accept, accept\n*: hang-on-accept x*");
    assert_eq!(
        connect_all(&mut nth, 6),
        ["hang-on-accept", "reset-on-accept", "hang-on-accept", "drop-on-accept", "hang-on-accept", "accept"]
    );
    let mut attempts = ledger("* attempts=2..=3: drop-on-accept x*");
    assert_eq!(connect_all(&mut attempts, 4), ["-", "drop-on-accept", "drop-on-accept", "-"]);
}

#[test]
fn conditions_count_requests_apart_from_connections() {
    let mut ledger = ledger("* first=1: reset-on-accept, status=503 x*");
    check(
        &mut ledger,
        &[
            ("*", "reset-on-accept"),
            ("*", "-"),
            ("/a", "status=503"),
            ("/a", "ok"),
            ("/b", "status=503"),
            ("*", "-"),
            ("/b", "ok"),
        ],
    );
}

#[test]
fn a_window_leaves_connections_out() {
    let mut ledger = ledger("* from=2s for=2s nth=2: reset-on-accept x*");
    let happened: Vec<_> = (0..6).map(|s| connect(&mut ledger, Duration::from_secs(s))).collect();
    assert_eq!(happened, ["-", "-", "-", "reset-on-accept", "-", "-"]);
}

// Computed by an independent implementation.
#[test]
fn draws_for_connections_are_fixed_for_ever() {
    let text = "* probability=0.5: reset-on-accept x*";
    let drawn = |rules: &str, with_requests: bool| -> String {
        let mut ledger = ledger(rules);
        (0..16)
            .map(|_| {
                if with_requests {
                    play(&mut ledger, "/a", 3);
                }
                if connect(&mut ledger, Duration::ZERO) == "-" { '.' } else { 'x' }
            })
            .collect()
    };
    assert_eq!(drawn(text, false), ".x.....xxxxxx.x.");
    assert_eq!(drawn(&format!("*.gz: drop\n{text}\n* probability=0.5: hang x*"), true), ".x.....xxxxxx.x.");
}

#[test]
fn a_connection_entry_of_a_closure_leaves_the_reply_correct() {
    let rule = Rule::any().decide(|attempt| match attempt.number() {
        1 => "reset-on-accept".parse::<Entry>().ok(),
        2 => "delay=1s hang-on-accept".parse().ok(),
        _ => None,
    });
    let mut ledger = Ledger::new(Schedule::new([rule], SEED).unwrap(), Limits::default());
    assert!(!ledger.has_connection_rules());
    for (text, steps) in [
        ("reset-on-accept", &[Step::Head, Step::End][..]),
        ("delay=1s hang-on-accept", &[Step::Wait(Duration::from_secs(1)), Step::Head, Step::End]),
    ] {
        let decision = ledger.decide(&request("/a"));
        let plan = ledger.plan(&decision, &whole(10));
        assert_eq!((plan.text(), plan.steps(), plan.applied()), (text, steps, false));
    }
    // An exact path cannot have such an entry: what happened can be played again.
    assert_eq!(ledger.played().to_string(), "GET /a query=: ok, delay=1s\n");
}

#[test]
fn the_played_schedule_begins_with_connections() {
    let mut ledger = ledger("*: accept x2, reset-on-accept x2, status=503, delay=1s accept, accept x*");
    connect_all(&mut ledger, 2);
    assert_eq!(ledger.played().rules().len(), 0);
    connect_all(&mut ledger, 3);
    play(&mut ledger, "/a", 1);
    connect_all(&mut ledger, 3);
    let played = ledger.played();
    assert_eq!(
        played.to_string(),
        "*: accept x2, reset-on-accept x2, accept, delay=1s accept\nGET /a query=: status=503\n"
    );
    assert!(played.is_order_dependent() && played.is_complete());
}

#[test]
fn connections_that_nobody_asked_about_passed() {
    let mut ledger = ledger("*: drop x*");
    ledger.replace_rules(rules("*: drop-on-accept x2")).unwrap();
    let mut connect = |nth| ledger.decide_connection(nth, Duration::ZERO).is_some();
    assert!(connect(4));
    // Told in another order than they came.
    assert!(connect(6));
    assert!(!connect(5));
    assert_eq!(ledger.played().to_string(), "*: accept x3, drop-on-accept, accept, drop-on-accept\n");
}

#[test]
fn replaced_rules_begin_anew() {
    let mut ledger = ledger("*: reset-on-accept x3");
    assert_eq!(connect_all(&mut ledger, 2), ["reset-on-accept"; 2]);
    let held = ledger.hold_rule("*: accept, drop-on-accept".parse().unwrap()).unwrap();
    assert_eq!(connect_all(&mut ledger, 1), ["accept"]);
    ledger.replace_rules(rules("*: hang-on-accept")).unwrap();
    assert_eq!(connect_all(&mut ledger, 2), ["drop-on-accept", "-"]);
    assert!(ledger.remove_rule(held).is_some());
    assert_eq!(connect_all(&mut ledger, 2), ["hang-on-accept", "-"]);
    ledger.replace_rules([]).unwrap();
    assert!(!ledger.has_connection_rules());
    assert_eq!(ledger.connections.counted(), 0);
}

#[test]
fn too_many_changes_between_connections_are_not_remembered() {
    let mut ledger = limited("* every=2: reset-on-accept x*", Limits::default().runs(2));
    connect_all(&mut ledger, 2);
    assert!(ledger.played().is_complete());
    connect_all(&mut ledger, 4);
    assert!(!ledger.played().is_complete());
    assert_eq!(ledger.played().to_string(), "*: accept, reset-on-accept\n");
}
