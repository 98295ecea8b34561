mod connections;

use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::decision::{Framing, RetryAfter, Rule, Step, testing::any_script};

const SEED: u64 = 42;

fn ledger(rules: &str) -> Ledger {
    limited(rules, Limits::default())
}

fn limited(rules: &str, limits: Limits) -> Ledger {
    let rules = Schedule::parse_rules(rules).unwrap();
    Ledger::new(Schedule::new(rules, SEED).unwrap(), limits)
}

fn request(target: &str) -> Request {
    let (method, path) = target.split_once(' ').unwrap_or(("GET", target));
    Request::new(Target::new(method, path))
}

/// What happens on so many attempts for a target.
fn play(ledger: &mut Ledger, target: &str, times: usize) -> Vec<String> {
    (0..times).map(|_| ledger.decide(&request(target)).entry().to_string()).collect()
}

fn whole(len: u64) -> ReplyFacts {
    ReplyFacts { start: 0, len, total: len, has_body: true, ranged: false }
}

#[test]
fn each_target_has_its_own_count() {
    let mut ledger = ledger("*.gz: drop x2, hang");
    assert_eq!(play(&mut ledger, "/a.gz", 4), ["drop", "drop", "hang", "ok"]);
    assert_eq!(play(&mut ledger, "/b.gz", 1), ["drop"]);
    assert_eq!(play(&mut ledger, "HEAD /a.gz", 1), ["drop"]);
    assert_eq!(play(&mut ledger, "/a.gz?x", 1), ["drop"]);
    assert_eq!(play(&mut ledger, "/a.txt", 1), ["ok"]);
    assert_eq!(ledger.decide(&request("/%61.gz")).attempt(), 5);
    assert_eq!(ledger.attempts(), 9);
}

#[test]
fn the_first_rule_that_holds_decides_and_all_that_match_count() {
    let mut ledger = ledger("* nth=2: drop\n*.gz first=3: hang x*\n* every=2: reset x*");
    let rules: Vec<_> = (0..4).map(|_| ledger.decide(&request("/a.gz")).rule()).collect();
    assert_eq!(rules, [Some(1), Some(0), Some(1), Some(2)]);
    assert_eq!(play(&mut ledger, "/a.txt", 4), ["ok", "drop", "ok", "reset"]);
}

#[test]
fn a_rule_whose_script_has_ended_still_decides() {
    let mut ledger = ledger("*: drop\n*: hang x*");
    assert_eq!(play(&mut ledger, "/a", 3), ["drop", "ok", "ok"]);
}

#[test]
fn a_decision_tells_what_the_reply_needs() {
    let mut ledger = ledger("/a: status=503 retry-after=2s framing=chunked, status=404, ok");
    let decisions: Vec<_> = (0..3).map(|_| ledger.decide(&request("/a"))).collect();
    let answers: Vec<_> =
        decisions.iter().map(|it| (it.answer().status(), it.answer().retry_after().cloned())).collect();
    assert_eq!(answers, [(Some(503), Some(RetryAfter::In(Duration::from_secs(2)))), (Some(404), None), (None, None)]);
    assert_eq!(decisions[0].framing(), Framing::Chunked);
    assert_eq!(decisions[1].framing(), Framing::Length);
}

/// On which of the first 16 attempts for each target a rule with probability 0.5 decides.
fn draws(rules: &str, targets: &[&str]) -> Vec<String> {
    let mut ledger = ledger(rules);
    let mut played = vec![String::new(); targets.len()];
    for _ in 0..16 {
        for (target, played) in targets.iter().zip(&mut played) {
            played.push(if ledger.decide(&request(target)).entry().has_fault() { 'x' } else { '.' });
        }
    }
    played
}

// Computed by an independent implementation.
#[test]
fn draws_are_fixed_for_ever() {
    let played = draws("* probability=0.5: drop x*", &["/a", "/b"]);
    assert_eq!(played, ["xxxxxx...x.x..x.", "x.xx...x...x.x.."]);
}

#[test]
fn draws_depend_on_neither_other_targets_nor_other_rules() {
    let alone = draws("* probability=0.5: drop x*", &["/b"]);
    let among = draws("/a: hang x*\n*.gz: reset\n* probability=0.5: drop x*", &["/c", "/b", "/a"]);
    assert_eq!(alone[0], among[1]);
}

#[test]
fn a_once_only_term_fires_once() {
    let mut ledger = ledger("*: reset-at=1000 x*");
    let first = ledger.decide(&request("/a"));
    let plan = ledger.plan(&first, &whole(4_000));
    assert_eq!(plan.steps(), [Step::Head, Step::Body(1_000), Step::Drain, Step::Rst]);
    assert_eq!((plan.claims().len(), plan.applied()), (1, true));

    let second = ledger.decide(&request("/a"));
    let plan = ledger.plan(&second, &whole(4_000));
    assert_eq!(plan.steps(), [Step::Head, Step::End]);
    assert_eq!((plan.claims().len(), plan.applied()), (0, false));

    let other = ledger.decide(&request("/b"));
    assert_eq!(ledger.plan(&other, &whole(4_000)).claims().len(), 1);
}

#[test]
fn a_once_only_term_waits_until_it_applies() {
    let mut ledger = ledger("*: reset-at=1000 x*");
    let decision = ledger.decide(&request("/a"));
    let later = ReplyFacts { start: 2_000, len: 2_000, total: 4_000, has_body: true, ranged: true };
    let plan = ledger.plan(&decision, &later);
    assert_eq!((plan.claims().len(), plan.applied()), (0, false));
    let decision = ledger.decide(&request("/a"));
    assert!(ledger.plan(&decision, &whole(4_000)).applied());
}

#[test]
fn other_faults_apply_beside_one_that_has_fired() {
    let mut ledger = ledger("*: delay=1s corrupt-at=5 x*");
    for (flips, applied) in [(1, true), (0, true)] {
        let decision = ledger.decide(&request("/a"));
        let plan = ledger.plan(&decision, &whole(10));
        assert_eq!((plan.flips().len(), plan.applied()), (flips, applied));
        assert_eq!(plan.text(), "delay=1s corrupt-at=5");
    }
}

#[test]
fn each_offset_and_rule_fires_by_itself() {
    let mut ledger = ledger("* first=3: reset-at=1, reset-at=2, reset-at=1\n*: reset-at=1 x*");
    let applied: Vec<_> = (0..5)
        .map(|_| {
            let decision = ledger.decide(&request("/a"));
            ledger.plan(&decision, &whole(10)).applied()
        })
        .collect();
    assert_eq!(applied, [true, true, false, true, false]);
}

#[test]
fn what_is_given_back_fires_later_and_only_once() {
    let mut ledger = ledger("*: reset-at=1000 x*");
    let mut plans = Vec::new();
    for released in [None, Some(0), Some(0)] {
        // The second time, the claim is the second plan's.
        if let Some(i) = released {
            ledger.release(&plans[i]);
        }
        let decision = ledger.decide(&request("/a"));
        plans.push(ledger.plan(&decision, &whole(4_000)));
    }
    let applied: Vec<_> = plans.iter().map(Plan::applied).collect();
    assert_eq!(applied, [true, true, false]);
}

#[test]
fn a_rule_that_counts_per_path_goes_on_whatever_the_query() {
    let mut ledger = ledger("/a per=path: drop, hang, reset\n/b per=path nth=3: drop\n* nth=2: status=500");
    assert_eq!(play(&mut ledger, "/a?x=1", 2), ["drop", "hang"]);
    assert_eq!(play(&mut ledger, "/a?x=2", 1), ["reset"]);
    assert_eq!(play(&mut ledger, "/a", 1), ["ok"]);
    assert_eq!(play(&mut ledger, "HEAD /a?x=1", 1), ["drop"]);
    // The others count as ever, and so does the journal.
    assert_eq!(play(&mut ledger, "/b?x=1", 2), ["ok", "status=500"]);
    let third = ledger.decide(&request("/b?x=2"));
    assert_eq!((third.entry().as_str(), third.attempt()), ("drop", 1));
}

#[test]
fn a_rule_that_counts_per_path_draws_per_path() {
    let drawn = |targets: [&str; 20]| {
        let mut ledger = ledger("* probability=0.5 per=path: drop x*");
        targets.map(|target| play(&mut ledger, target, 1).remove(0))
    };
    let queries: Vec<String> = (0..20).map(|n| format!("/a?n={n}")).collect();
    assert_eq!(drawn(std::array::from_fn(|i| queries[i].as_str())), drawn(["/a"; 20]));
}

#[test]
fn a_rule_that_counts_per_path_does_once_what_happens_once() {
    for (rules, applied) in [
        ("*: reset-at=10 x*", [true, true]),
        ("* per=path: reset-at=10 x*", [true, false]),
        ("* per=rule: reset-at=10 x*", [true, false]),
    ] {
        let mut ledger = ledger(rules);
        let mut plan = |target| {
            let decision = ledger.decide(&request(target));
            ledger.plan(&decision, &whole(4_000))
        };
        let plans = ["/a?x=1", "/a?x=2"].map(&mut plan);
        assert_eq!(plans.each_ref().map(Plan::applied), applied, "{rules}");
        // What was given back is there again.
        ledger.release(&plans[0]);
        let decision = ledger.decide(&request("/a?x=1"));
        assert!(ledger.plan(&decision, &whole(4_000)).applied(), "{rules}");
    }
}

#[test]
fn a_rule_that_counts_all_together_goes_on_whatever_is_asked_for() {
    let mut ledger = ledger("*.gz per=rule: drop, hang\n* every=3 per=rule: status=429 x*");
    let mut ask = |target| play(&mut ledger, target, 1).remove(0);
    assert_eq!(["/a.gz", "/b", "HEAD /b.gz?x"].map(&mut ask), ["drop", "ok", "hang"]);
    // The second rule has seen them all, and the first one has come to its end.
    assert_eq!(["/b", "/c", "/d?e", "/f.gz"].map(&mut ask), ["ok", "ok", "status=429", "ok"]);
}

#[test]
fn too_many_targets_share_a_count() {
    let mut ledger = limited("*: drop, hang, reset", Limits::default().targets(2));
    assert_eq!(play(&mut ledger, "/a", 1), ["drop"]);
    assert_eq!(play(&mut ledger, "/b", 1), ["drop"]);
    assert_eq!(play(&mut ledger, "/c", 1), ["drop"]);
    assert_eq!(play(&mut ledger, "/d", 1), ["hang"]);
    assert_eq!(play(&mut ledger, "/a", 1), ["hang"]);
    assert_eq!(ledger.targets.values().len(), 2);
    assert_eq!((ledger.attempts(), ledger.overflowed()), (5, 2));
    assert!(!ledger.played().is_complete());
}

#[test]
fn too_many_runs_are_not_remembered() {
    let mut ledger = limited("* every=2: drop x*", Limits::default().runs(2));
    play(&mut ledger, "/a", 2);
    assert!(ledger.played().is_complete());
    play(&mut ledger, "/a", 1);
    assert!(!ledger.played().is_complete());
    // What comes behind the gap would stand in the wrong place.
    play(&mut ledger, "/a", 5);
    assert_eq!(ledger.runs, 2);
    assert_eq!(ledger.played().to_string(), "GET /a query=: ok, drop\n");
}

#[test]
fn the_played_schedule_has_what_happened() {
    let mut ledger = ledger("/a: drop x2, ok, status=503 retry-after=1s\n/long: framing=close");
    play(&mut ledger, "/a", 9);
    play(&mut ledger, "/a?x=1", 1);
    play(&mut ledger, "HEAD /long", 1);
    play(&mut ledger, "/calm", 3);
    let played = ledger.played();
    assert_eq!(
        played.to_string(),
        "GET /a query=x=1: drop\n\
         HEAD /long query=: framing=close\n\
         GET /a query=: drop x2, ok, status=503 retry-after=1s\n"
    );
    assert!(played.is_complete());
    assert!(!played.is_order_dependent());
}

#[test]
fn a_calm_target_is_kept_apart_from_what_it_decodes_to() {
    let mut calm = ledger("* nth=2: drop");
    play(&mut calm, "/a+b", 2);
    play(&mut calm, "/a%2Bb", 1);
    assert_eq!(calm.played().to_string(), "GET /a%2Bb query=: ok\nGET /a+b query=: ok, drop\n");
}

#[test]
fn the_played_schedule_says_whether_it_depends_on_the_order() {
    let mut ledger = ledger("/a: ok, reset-at=1");
    play(&mut ledger, "/a", 1);
    assert!(!ledger.played().is_order_dependent());
    play(&mut ledger, "/a", 1);
    assert!(ledger.played().is_order_dependent());
}

/// What comes of an attempt for a target, or of a new [connection](CONNECTION).
fn happen(ledger: &mut Ledger, target: &str) -> Entry {
    if target == CONNECTION {
        let nth = ledger.connections.attempts + 1;
        ledger.decide_connection(nth, Duration::ZERO).unwrap_or_else(Entry::accept)
    } else {
        ledger.decide(&request(target)).entry().clone()
    }
}

const CONNECTION: &str = "-";

/// Plays the attempts, and then the recorded schedule with another seed: the same must happen.
#[track_caller]
fn check_replay(schedule: Schedule, attempts: &[&str]) {
    let mut first = Ledger::new(schedule, Limits::default());
    let happened: Vec<_> = attempts.iter().map(|t| happen(&mut first, t)).collect();
    let text = first.played().to_string();
    let rules = Schedule::parse_rules(&text).unwrap();
    let mut second = Ledger::new(Schedule::new(rules, !SEED).unwrap(), Limits::default());
    for (target, entry) in attempts.iter().zip(happened) {
        assert_eq!(happen(&mut second, target), entry, "{target}\n{text}");
    }
    assert_eq!(second.played().to_string(), text);
}

/// Targets that a careless pattern would confuse.
const TARGETS: [&str; 32] = [
    "/",
    "/a",
    "/a?",
    "/a?x=1",
    "/a?x=%31%2B",
    "/a?x=1%2525",
    "/a?x=1+",
    "/a?*",
    "/a?b/c",
    "/a?b%2Fc",
    "HEAD /a",
    "POST /a",
    "get /a",
    "M-SEARCH /a",
    "OPTIONS *",
    "OPTIONS /x/*",
    "OPTIONS /x/%2A",
    "/a+b",
    "/a%2Bb",
    "/a%252Bb",
    "/*",
    "/**",
    "/[a]",
    "/{a,b}",
    "/a b",
    "/a%20b",
    "/#a:",
    "/a: b",
    "/!a\\b",
    "/first=1",
    "/\u{e4}\x1b",
    "/%ff%00",
];

#[test]
fn the_played_schedule_plays_the_same() {
    let rules = [
        Rule::when(|r: &Request| r.path().len().is_multiple_of(2)).script("ok, hang x2, ok x2, drop x*"),
        "* probability=0.4: reset-after=50% x2, status=503 retry-after=1s x*".parse(),
        "* probability=0.3: drop x*".parse(),
    ];
    let schedule = Schedule::new(rules.map(Result::unwrap), SEED).unwrap();
    let attempts: Vec<&str> = TARGETS.iter().cycle().take(TARGETS.len() * 8).copied().collect();
    check_replay(schedule, &attempts);
}

proptest! {
    #[test]
    fn whatever_was_played_plays_again(
        seed in any::<u64>(),
        scripts in prop::collection::vec(any_script(), 1..3),
        conditions in prop::collection::vec("first=2|nth=[123]|every=2|probability=0\\.[1-9]", 3),
        attempts in prop::collection::vec(0..TARGETS.len() * 3 / 2, 0..60),
    ) {
        let rules: String = scripts
            .iter()
            .zip(&conditions)
            .map(|(script, condition)| format!("* {condition}: {script}\n"))
            .collect();
        let schedule = Schedule::new(Schedule::parse_rules(&rules).unwrap(), seed).unwrap();
        let attempts: Vec<&str> = attempts.into_iter().map(|i| *TARGETS.get(i).unwrap_or(&CONNECTION)).collect();
        check_replay(schedule, &attempts);
    }

    #[test]
    fn the_order_of_arrival_between_targets_does_not_matter(
        seed in any::<u64>(),
        order in prop::collection::vec(0usize..3, 0..40),
    ) {
        let rules = Schedule::parse_rules("* probability=0.5: drop x2, hang x*\n* every=3: reset x*");
        let schedule = Schedule::new(rules.unwrap(), seed).unwrap();
        let targets = ["/a", "/b", "HEAD /a"];
        let entries = |order: &[usize]| {
            let mut ledger = Ledger::new(schedule.clone(), Limits::default());
            let mut entries = vec![Vec::new(); 3];
            for &i in order {
                entries[i].push(ledger.decide(&request(targets[i])).entry().to_string());
            }
            entries
        };
        let mut sorted = order.clone();
        sorted.sort_unstable();
        prop_assert_eq!(entries(&order), entries(&sorted));
    }
}

fn rules(text: &str) -> Vec<Rule> {
    Schedule::parse_rules(text).unwrap()
}

/// What is decided on requests that have these facts.
fn decided(ledger: &mut Ledger, requests: impl IntoIterator<Item = Request>) -> Vec<String> {
    requests.into_iter().map(|request| ledger.decide(&request).entry().to_string()).collect()
}

#[test]
fn what_counts_leaves_out_what_is_not_let_through() {
    let at = |s| request("/a").with_elapsed(Duration::from_secs(s));
    let mut time = ledger("* from=2s for=3s first=2: drop x*");
    assert_eq!(decided(&mut time, (0..6).map(at)), ["ok", "ok", "drop", "drop", "ok", "ok"]);
    let mut resends = ledger("* resend=no nth=2: drop x*");
    let sent = [false, true, true, false, false].map(|resend| request("/a").with_resend(resend));
    assert_eq!(decided(&mut resends, sent), ["ok", "ok", "ok", "drop", "ok"]);
    let mut reused = ledger("* connection=reused: drop x2");
    let sent = [1, 2, 1, 7, 2].map(|nth| request("/a").with_nth(nth));
    assert_eq!(decided(&mut reused, sent), ["ok", "drop", "ok", "drop", "ok"]);
    let ranged = || request("/a").with_header("Range", "bytes=1-").unwrap();
    let mut ranges = ledger("* range=no: drop x2\n* header=range:bytes=1-*: hang x*");
    assert_eq!(decided(&mut ranges, [ranged(), request("/a"), ranged()]), ["hang", "drop", "hang"]);
}

#[test]
fn a_closure_is_told_the_counts_and_the_request() {
    let rule = Rule::when(|r: &Request| r.path() != "/c").attempts(2..).decide(|attempt| {
        let entry = format!("reset-after={}{}", attempt.number(), attempt.count());
        (attempt.request().path() == "/a").then(|| entry.parse().unwrap())
    });
    let mut ledger =
        Ledger::new(Schedule::new([rule].into_iter().chain(rules("*: drop x*")), SEED).unwrap(), Limits::default());
    assert_eq!(play(&mut ledger, "/a", 3), ["drop", "reset-after=21", "reset-after=32"]);
    // The closure has decided, though nothing goes wrong.
    assert_eq!(play(&mut ledger, "/b", 2), ["drop", "ok"]);
    assert_eq!(play(&mut ledger, "/c", 2), ["drop", "drop"]);
    assert_eq!(
        ledger.played().to_string(),
        "GET /a query=: drop, reset-after=21, reset-after=32\nGET /b query=: drop\nGET /c query=: drop x2\n"
    );
}

/// Which bytes of 1,000 are corrupted on each of so many attempts for a target.
fn corrupted(rules: &str, seed: u64, target: &str, attempts: usize) -> Vec<Vec<u64>> {
    let schedule = Schedule::new(Schedule::parse_rules(rules).unwrap(), seed).unwrap();
    let mut ledger = Ledger::new(schedule, Limits::default());
    let decide = |ledger: &mut Ledger| ledger.decide(&request(target));
    (0..attempts)
        .map(|_| {
            let decision = decide(&mut ledger);
            ledger.plan(&decision, &whole(1_000)).flips().to_vec()
        })
        .collect()
}

#[test]
fn which_bytes_are_corrupted_is_fixed_for_ever() {
    let got = corrupted("*: corrupt-bytes=4 x*", 42, "/a", 2);
    // Computed by an independent implementation of SipHash-2-4 and ChaCha8.
    assert_eq!(got, [[80, 413, 487, 916], [246, 408, 672, 681]]);
    // It is the attempt that counts, and not the rule.
    let other = corrupted("/b: drop\n/a nth=2: corrupt-bytes=4\n*: ok", 42, "/a", 2);
    assert_eq!(other, [Vec::new(), got[1].clone()]);
    for (seed, target) in [(43, "/a"), (42, "/b"), (42, "HEAD /a")] {
        assert_ne!(corrupted("*: corrupt-bytes=4 x*", seed, target, 1)[0], got[0]);
    }
}

/// Panics without a word on stderr.
fn quiet_panic<T>(message: &'static str) -> T {
    std::panic::resume_unwind(Box::new(message))
}

#[test]
fn a_closure_that_panics_costs_its_attempt() {
    let deciding = Rule::when(|_: &Request| true).decide(|attempt| match attempt.number() {
        1 => quiet_panic("deciding"),
        _ => None,
    });
    let matching = Rule::when(|r: &Request| r.path() == "/a" || quiet_panic("matching")).script("drop x*").unwrap();
    let mut ledger = Ledger::new(Schedule::new([deciding], SEED).unwrap(), Limits::default());
    let first = ledger.decide(&request("/a"));
    assert_eq!((first.entry().as_str(), first.rule()), ("status=500", Some(0)));
    assert_eq!(first.note(), Some("a closure of the rule `* <closure>: <closure>` panicked: deciding"));
    let second = ledger.decide(&request("/a"));
    assert_eq!((second.entry().as_str(), second.note(), second.attempt()), ("ok", None, 2));

    ledger.replace_rules([matching]).unwrap();
    assert_eq!(play(&mut ledger, "/a", 1), ["drop"]);
    let other = ledger.decide(&request("/b"));
    assert_eq!(other.entry().as_str(), "status=500");
    assert_eq!(other.note(), Some("a closure of the rule `* <closure>: drop x*` panicked: matching"));
    assert_eq!(ledger.played().to_string(), "GET /a query=: status=500, ok, drop\nGET /b query=: status=500\n");
}

#[test]
fn other_rules_begin_anew_and_attempts_go_on() {
    let mut ledger = ledger("*: drop x3");
    assert_eq!(play(&mut ledger, "/a", 2), ["drop", "drop"]);
    ledger.replace_rules(rules("* first=1: hang x*\n*: drop x3")).unwrap();
    assert_eq!(play(&mut ledger, "/a", 5), ["hang", "drop", "drop", "drop", "ok"]);
    assert_eq!(ledger.decide(&request("/a")).attempt(), 8);
    assert_eq!(ledger.played().to_string(), "GET /a query=: drop x2, hang, drop x3\n");
    assert_eq!(ledger.schedule().seed(), SEED);
    // Nothing is left of the first ones.
    assert!(ledger.replace_rules([]).is_ok());
    assert!(ledger.targets.values().all(|slot| slot.counted() == 0));
}

#[test]
fn a_wrong_rule_changes_nothing() {
    let mut ledger = ledger("*: drop x2");
    play(&mut ledger, "/a", 1);
    let wrong = || Rule::any().first(0).fault(crate::decision::Fault::hang());
    assert!(ledger.replace_rules([Rule::any().script("reset x*").unwrap(), wrong()]).is_err());
    assert!(ledger.hold_rule(wrong()).is_err());
    assert_eq!(play(&mut ledger, "/a", 2), ["drop", "ok"]);
}

#[test]
fn a_rule_is_held_in_front_until_it_is_removed() {
    let rule = |text: &str| text.parse::<Rule>().unwrap();
    let mut ledger = ledger("*: drop x*");
    let first = ledger.hold_rule(rule("/a: hang x2")).unwrap();
    let second = ledger.hold_rule(rule("/a first=1: reset")).unwrap();
    assert_eq!(play(&mut ledger, "/a", 2), ["reset", "hang"]);
    // It stays, and goes on.
    ledger.replace_rules(rules("*: status=503 x*")).unwrap();
    assert_eq!(ledger.schedule().to_string(), "/a first=1: reset\n/a: hang x2\n*: status=503 x*\n");
    assert_eq!(play(&mut ledger, "/a", 2), ["hang", "ok"]);
    ledger.remove_rule(first);
    ledger.remove_rule(first);
    assert_eq!(play(&mut ledger, "/a", 1), ["status=503"]);
    ledger.leave_rule(second);
    ledger.remove_rule(second);
    assert_eq!(ledger.schedule().rules().len(), 2);
    ledger.replace_rules([]).unwrap();
    assert_eq!(ledger.schedule().rules().len(), 0);
    let again = ledger.hold_rule(rule("/a: hang x2")).unwrap();
    assert!(again != first && again != second);
    assert_eq!(play(&mut ledger, "/a", 3), ["hang", "hang", "ok"]);
}

#[test]
fn claims_belong_to_their_rule_wherever_it_stands() {
    let mut ledger = ledger("*: reset-at=1000 x*");
    let fires = |ledger: &mut Ledger, decision: &Decision| ledger.plan(decision, &whole(4_000)).applied();
    let (early, late) = (ledger.decide(&request("/a")), ledger.decide(&request("/a")));
    let plan = ledger.plan(&early, &whole(4_000));
    assert!(plan.applied());
    let held = ledger.hold_rule("/b: reset-at=1000 x*".parse().unwrap()).unwrap();
    let moved = ledger.decide(&request("/a"));
    assert_eq!(moved.rule(), Some(1));
    assert!(!fires(&mut ledger, &moved));
    // The same text, and another rule.
    ledger.replace_rules(rules("*: reset-at=1000 x*")).unwrap();
    let new = ledger.decide(&request("/a"));
    assert!(fires(&mut ledger, &new));
    // What the first rule decided stays its own: it has fired, ...
    assert!(!fires(&mut ledger, &late));
    // ... and giving that back lets nothing fire but what it decided.
    ledger.release(&plan);
    let next = ledger.decide(&request("/a"));
    assert!(!fires(&mut ledger, &next));
    assert!(fires(&mut ledger, &late));
    ledger.remove_rule(held);
}

#[test]
fn claims_of_rules_that_are_gone_do_not_pile_up() {
    let mut ledger = ledger("");
    for _ in 0..200 {
        ledger.replace_rules(rules("*: reset-at=1 x*")).unwrap();
        let decision = ledger.decide(&request("/a"));
        assert!(ledger.plan(&decision, &whole(10)).applied());
    }
    assert!(ledger.targets.values().all(|slot| slot.claims.len() < 70));
}
