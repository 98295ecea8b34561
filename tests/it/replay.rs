//! A schedule plays the same whatever the order and the number of clients, and can be played again.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use std::{fs, thread};

use flaky_server::decision::{Ledger, Limits, reference};
use flaky_server::{Entry, FlakyServer, Journal, Request, Rule, Schedule, ScheduleFile, Target};
use proptest::prelude::*;

use crate::cli::{Received, get, serve};

const TARGETS: usize = 50;
const ATTEMPTS: usize = 6;

/// All kinds of endings, by chance.
const RULES: &str = "\
/dir0/* probability=0.3: reset-after=3000, truncate-after=40% x*
/dir1/* probability=0.3: status=503 retry-after=1s, drop, reset x*
*.bin probability=0.3: drop, delay=1ms truncate-after=end-1 framing=chunked, reset-after=0 x*
";

fn path(i: usize) -> String {
    format!("/dir{}/file{i}.bin", i % 3)
}

/// Bytes that tell files, and places in them, apart.
fn content(i: usize) -> Vec<u8> {
    (0..5000 + i).map(|at| (at / 7 + i) as u8).collect()
}

fn start(rules: &str, seed: u64) -> FlakyServer {
    let builder = FlakyServer::builder().rules(Schedule::parse_rules(rules).unwrap()).seed(seed);
    (0..TARGETS).fold(builder, |builder, i| builder.serve_bytes(path(i), content(i))).start().unwrap()
}

/// What each target received, attempt by attempt.
type Wire = BTreeMap<usize, Vec<Received>>;

/// So many clients play all targets in this order. Each target has one client, which asks until the file is whole, or
/// `tries` says how often.
fn play(addr: SocketAddr, clients: usize, order: &[usize], tries: impl Fn(usize) -> Option<usize> + Sync) -> Wire {
    let next = AtomicUsize::new(0);
    let wire = Mutex::new(Wire::new());
    let client = || {
        while let Some(&i) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let mut received = Vec::new();
            for _ in 0..tries(i).unwrap_or(ATTEMPTS) {
                received.push(get(addr, &path(i)));
                if tries(i).is_none() && received.last().is_some_and(|last| last.is_whole() && last.body == content(i))
                {
                    break;
                }
            }
            wire.lock().unwrap_or_else(PoisonError::into_inner).insert(i, received);
        }
    };
    thread::scope(|scope| (0..clients).for_each(|_| drop(scope.spawn(client))));
    wire.into_inner().unwrap()
}

/// The plans for each target, attempt by attempt, and whether they were carried out.
fn plans(journal: &Journal) -> BTreeMap<String, Vec<(u64, String, bool)>> {
    let mut plans: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for exchange in journal.exchanges() {
        let target = exchange.target.as_ref().expect("all requests are complete").to_string();
        plans.entry(target).or_default().push((exchange.attempt, exchange.plan.clone(), exchange.applied));
    }
    plans.values_mut().for_each(|plans| plans.sort());
    plans
}

fn forwards() -> Vec<usize> {
    (0..TARGETS).collect()
}

fn backwards() -> Vec<usize> {
    (0..TARGETS).rev().collect()
}

/// It is no game if nothing, or always the same, happens.
#[track_caller]
fn assert_varied(wire: &Wire) {
    let lengths: BTreeSet<usize> = wire.values().map(Vec::len).collect();
    assert!(lengths.len() > 2, "{lengths:?}");
    let statuses: BTreeSet<u16> = wire.values().flatten().map(Received::status).collect();
    assert_eq!(statuses, [0, 200, 503].into());
}

#[test]
fn one_client_and_sixteen_get_the_same() {
    let alone = start(RULES, 7);
    let alone_got = play(alone.addr(), 1, &forwards(), |_| None);
    let crowded = start(RULES, 7);
    let crowded_got = play(crowded.addr(), 16, &backwards(), |_| None);
    assert_varied(&alone_got);
    assert_eq!(alone_got, crowded_got);
    assert_eq!(alone.played(), crowded.played());
    assert_eq!(plans(&alone.shutdown()), plans(&crowded.shutdown()));

    let other = start(RULES, 8);
    assert_ne!(play(other.addr(), 16, &forwards(), |_| None), alone_got);
}

#[test]
fn clients_that_share_targets_get_the_same_plans() {
    let each = |server: &FlakyServer, times: usize, clients: usize| {
        thread::scope(|scope| {
            for _ in 0..clients {
                scope.spawn(|| {
                    for i in (0..times).flat_map(|_| 0..10) {
                        get(server.addr(), &path(i));
                    }
                });
            }
        });
    };
    let alone = start(RULES, 7);
    each(&alone, 48, 1);
    let crowded = start(RULES, 7);
    each(&crowded, 3, 16);
    let (alone, crowded) = (plans(&alone.shutdown()), plans(&crowded.shutdown()));
    assert!(alone.values().all(|plans| plans.len() == 48));
    assert_eq!(alone, crowded);
}

#[test]
fn what_was_played_replays_byte_for_byte() {
    let first = start(RULES, 7);
    let got = play(first.addr(), 16, &forwards(), |_| None);
    assert_varied(&got);
    let played = first.played();
    assert!(played.is_complete() && !played.is_order_dependent());

    // The seed has no say in it any more.
    let again = start(&played.to_string(), 1234);
    let got_again = play(again.addr(), 16, &backwards(), |i| Some(got[&i].len()));
    assert_eq!(got, got_again);
    assert_eq!(again.played(), played);
    assert_eq!(plans(&first.shutdown()), plans(&again.shutdown()));
}

#[test]
fn the_program_prints_a_schedule_that_it_replays() {
    let root = tempfile::tempdir().unwrap();
    for i in 0..TARGETS {
        let file = root.path().join(&path(i)[1..]);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content(i)).unwrap();
    }
    let rules = root.path().join("rules");
    fs::write(&rules, RULES).unwrap();
    let (first, second) = (root.path().join("first"), root.path().join("second"));
    let print = |file: &std::path::Path| format!("--print-schedule={}", file.display());
    let rule = |file: &std::path::Path| format!("@{}", file.display());

    let serving = serve(root.path(), &["--seed", "7", "--rule", &rule(&rules), &print(&first)]);
    let got = play(serving.addr(), 16, &forwards(), |_| None);
    serving.finish();
    assert_varied(&got);
    let serving = serve(root.path(), &["--rule", &rule(&first), &print(&second)]);
    let got_again = play(serving.addr(), 1, &backwards(), |i| Some(got[&i].len()));
    serving.finish();
    assert_eq!(got, got_again);
    let text = fs::read_to_string(&first).unwrap();
    assert!(text.lines().count() > 10, "{text}");
    assert_eq!(text, fs::read_to_string(&second).unwrap());

    // The library and the program are the same server.
    let library = start(RULES, 7);
    play(library.addr(), 16, &forwards(), |_| None);
    assert_eq!(library.played().to_string(), text);
}

/// A request for a target, or a new connection.
#[derive(Clone, Debug)]
enum Event {
    Connection,
    Request(Target),
}

/// What a schedule decides on these, in this order, with the number of the attempt, or of the connection.
fn decisions(rules: &str, seed: u64, events: &[Event]) -> (Vec<(String, u64)>, Ledger) {
    let schedule = Schedule::new(Schedule::parse_rules(rules).unwrap(), seed).unwrap();
    let mut ledger = Ledger::new(schedule, Limits::default());
    let mut connections = 0;
    let decide = |event: &Event| match event {
        Event::Connection => {
            connections += 1;
            let entry = ledger.decide_connection(connections, Duration::ZERO);
            // What is not said is no other than what is said to be as it should.
            (entry.map_or_else(|| "accept".to_owned(), |entry| entry.to_string()), connections)
        }
        Event::Request(target) => {
            let decision = ledger.decide(&Request::new(target.clone()));
            (decision.entry().to_string(), decision.attempt())
        }
    };
    (events.iter().map(decide).collect(), ledger)
}

fn any_target() -> impl Strategy<Value = Target> {
    let method = prop_oneof![
        4 => Just("GET"), 1 => Just("HEAD"), 1 => Just("get"), 1 => Just("M-SEARCH"), 1 => Just("path=x"), 1 => Just("#")
    ];
    // Few characters, so that one target is often another's pattern, or its decoded form.
    let path = "[/*]([ab*?{}!\\[\\],:# %/+=.\\\\-]|%2B|%2b|%2F|%3F|%3A|%25|%5C|%2A|%20|%ff){0,4}(\\?[ax=*+?/:]{0,2}(%2B|%2F)?)?";
    (method, path).prop_map(|(method, path)| Target::new(method, path))
}

/// A script of entries that the terms have as their examples.
fn any_script(of: fn(&Entry) -> bool) -> impl Strategy<Value = String> {
    let entries: Vec<&str> = reference().map(|term| term.example()).filter(|it| of(&it.parse().unwrap())).collect();
    let entry =
        (prop::sample::select(entries), prop_oneof![Just(String::new()), (1..4).prop_map(|n| format!(" x{n}"))]);
    let entry = entry.prop_map(|(entry, repeat)| entry.to_owned() + &repeat);
    prop::collection::vec(entry, 1..4).prop_map(|entries| entries.join(", "))
}

fn any_request_script() -> impl Strategy<Value = String> {
    (any_script(|entry| !entry.is_connection_level()), any::<bool>())
        .prop_map(|(script, more)| if more { format!("{script}, status=500 x*") } else { script })
}

/// Rules that decide requests alone.
fn any_request_rules() -> impl Strategy<Value = String> {
    let head = prop_oneof![
        any_head(),
        prop::sample::select(vec![
            "GET *",
            "GET /a*",
            "*a* attempts=2..",
            "/** query=*x*",
            "* method=get",
            "\\* nth=1",
            "/**/?",
        ])
    ];
    let rule = (head, any_request_script()).prop_map(|(head, script)| format!("{head}: {script}\n"));
    prop::collection::vec(rule, 1..4).prop_map(|rules| rules.concat())
}

/// What comes before the script of a rule about everything.
fn any_head() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["*", "* probability=0.3", "* every=2", "* first=2"])
}

/// Rules among which some are about connections, or about both.
fn any_rules() -> impl Strategy<Value = String> {
    let both = || (any_head(), any_script(|_| true)).prop_map(|(head, script)| format!("{head}: {script}\n"));
    let rule = prop_oneof![any_request_rules(), both(), any_connection_rule()];
    // Otherwise most of them would stand behind one that decides everything.
    (prop::option::of(both()), prop::collection::vec(rule, 1..3))
        .prop_map(|(first, rules)| first.unwrap_or_default() + &rules.concat())
}

fn any_connection_rule() -> impl Strategy<Value = String> {
    (any_head(), any_script(Entry::is_connection_level)).prop_map(|(head, script)| format!("{head}: {script}\n"))
}

/// New connections, and requests for few targets, each of them several times.
fn any_events() -> impl Strategy<Value = Vec<Event>> {
    prop::collection::vec(any_target(), 1..8).prop_flat_map(|targets| {
        let event = prop_oneof![
            2 => prop::sample::select(targets).prop_map(Event::Request),
            1 => Just(Event::Connection),
        ];
        prop::collection::vec(event, 1..40)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn played_decides_the_same(rules in any_rules(), seed: u64, other: u64, events in any_events()) {
        let (decided, ledger) = decisions(&rules, seed, &events);
        let played = ledger.played();
        prop_assert!(played.is_complete());
        let (again, ledger) = decisions(&played.to_string(), other, &events);
        prop_assert_eq!(&decided, &again, "{}", played);
        // The terms of once-only entries are the same, too, so that nothing is left to say about them.
        prop_assert_eq!(ledger.played().to_string(), played.to_string());
    }

    #[test]
    fn played_decides_the_same_from_a_schedule_file(
        rules in any_rules(), seed: u64, other: u64, events in any_events(),
    ) {
        let (decided, ledger) = decisions(&rules, seed, &events);
        let played = ledger.played();
        let json = serde_json::json!({ "rules": played.rules().collect::<Vec<_>>() });
        let file: ScheduleFile = json.to_string().parse().unwrap();
        let canonical = file.to_string();
        let read: ScheduleFile = canonical.parse().unwrap();
        prop_assert_eq!(&read, &file, "{}", canonical);
        let rules: String = read.rules().map(|rule| format!("{rule}\n")).collect();
        prop_assert_eq!(&decided, &decisions(&rules, other, &events).0, "{}", canonical);
    }

    #[test]
    fn the_order_of_targets_does_not_matter(
        rules in any_request_rules(), connections in any_connection_rule(), seed: u64, events in any_events(),
    ) {
        let rules = connections + &rules;
        let by_target = |events: &[Event]| {
            let mut decided: BTreeMap<Option<Target>, Vec<(String, u64)>> = BTreeMap::new();
            for (event, decision) in events.iter().zip(decisions(&rules, seed, events).0) {
                decided.entry(target(event)).or_default().push(decision);
            }
            decided
        };
        let mut sorted = events.clone();
        sorted.sort_by_key(target);
        prop_assert_eq!(by_target(&events), by_target(&sorted));
    }

    #[test]
    fn rules_about_connections_alone_leave_requests_as_they_are(
        rules in any_request_rules(), connections in any_connection_rule(), seed: u64, events in any_events(),
    ) {
        let requests: Vec<Event> = events.iter().filter(|event| target(event).is_some()).cloned().collect();
        let alone = decisions(&rules, seed, &requests).0;
        let beside = decisions(&(connections + &rules), seed, &events).0;
        let beside: Vec<_> = events.iter().zip(beside).filter(|(event, _)| target(event).is_some()).collect();
        prop_assert_eq!(alone, beside.into_iter().map(|(_, decided)| decided).collect::<Vec<_>>());
    }

    #[test]
    fn a_rule_that_matches_nothing_does_not_reshuffle(
        rules in any_rules(), seed: u64, events in any_events(), at in any::<prop::sample::Index>(),
    ) {
        let mut lines: Vec<&str> = rules.lines().collect();
        lines.insert(at.index(lines.len() + 1), "NEVER /no/such/path probability=0.5: drop x*");
        prop_assert_eq!(decisions(&rules, seed, &events).0, decisions(&lines.join("\n"), seed, &events).0);
    }

    #[test]
    fn a_rule_file_is_its_own_round_trip(rules in any_rules(), seed: u64, events in any_events()) {
        let schedule = Schedule::new(Schedule::parse_rules(&rules).unwrap(), seed).unwrap();
        let text = schedule.to_string();
        let read: Vec<Rule> = Schedule::parse_rules(&text).unwrap();
        prop_assert_eq!(Schedule::new(read, seed).unwrap().to_string(), &*text);
        prop_assert_eq!(decisions(&rules, seed, &events).0, decisions(&text, seed, &events).0);
    }
}

/// `None` for a connection.
fn target(event: &Event) -> Option<Target> {
    match event {
        Event::Connection => None,
        Event::Request(target) => Some(target.clone()),
    }
}

#[test]
fn an_inserted_rule_does_not_reshuffle_the_wire() {
    let plain = start(RULES, 7);
    let got = play(plain.addr(), 4, &forwards(), |_| None);
    let rules: String = RULES.lines().map(|rule| format!("*.nowhere probability=0.3: reset x*\n{rule}\n")).collect();
    let inserted = start(&rules, 7);
    assert_eq!(play(inserted.addr(), 4, &forwards(), |_| None), got);
}

#[test]
fn awkward_targets_replay_on_the_wire() {
    let paths = [
        "/a*.bin", "/a%2Bb", "/a+b", "/[a]", "/%5Ba%5D", "/{a,b}", "/a", "/a?x=%2B", "/a?x=+", "/a?*", "/b:", "/a%3Fb",
        "/!a", "/a%20b", "/%25", "/a,b", "/%23", "/a:%20b", "/*",
    ];
    let run = |rules: &str, seed: u64| {
        let server = FlakyServer::builder()
            .rules(Schedule::parse_rules(rules).unwrap())
            .seed(seed)
            .serve_bytes("/a", vec![7; 5000])
            .start()
            .unwrap();
        let wire: Vec<Received> = (0..8).flat_map(|_| paths).map(|path| get(server.addr(), path)).collect();
        (wire, server.played().to_string())
    };
    let (wire, played) = run("* probability=0.5: reset-after=1, status=503, drop, truncate-after=50% x*", 7);
    let (again, played_again) = run(&played, 8);
    assert_eq!(wire, again, "{played}");
    assert_eq!(played, played_again);
}
