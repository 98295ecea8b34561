//! What is seen, and what is to be thought of it.

use std::borrow::Borrow;
use std::time::Duration;

use super::super::case::Case;
use super::super::promises::{Budget, Promises};
use super::super::seen::{Found, Second, Seen};
use super::super::{Level, Mode, Verdict};
use super::{Context, judge};
use crate::told::Told;
use crate::wire::Span;
use crate::{Exit, Meaning};

const FAILURE: Exit = Exit::Status(1);
const SUCCESS: Exit = Exit::Status(0);

fn case(keys: &str) -> Case {
    Case::parse("body", "case", &format!("title = 't'\nlevel = 'must'\n{keys}")).unwrap()
}

fn found(is_there: bool, is_right: bool) -> Found {
    Found { is_there, is_marked: false, is_right, says: "what it is".to_owned() }
}

/// So many attempts, all of which failed, and a good report of that; with no file.
fn failed(attempts: u64) -> Seen {
    let retries = attempts.saturating_sub(1);
    Seen {
        exit: FAILURE,
        result: found(false, false),
        attempts,
        retries: Span { least: retries, most: retries },
        in_a_row: retries,
        status: None,
        last_is_good: false,
        returns: 0,
        in_body: true,
        elsewhere: false,
        waits: Vec::new(),
        too_early: None,
        told: Told::Truth { retries },
        says_retries: false,
        says_total: true,
        cause: Some(Meaning::Reset),
        says_cause: true,
        forbidden: false,
        met: true,
        hidden: false,
        resumed: false,
        last: None,
        second: Some(Second { exit: SUCCESS, result: found(true, true), asked: true }),
    }
}

/// So many attempts, the last of which was good.
fn recovered(attempts: u64) -> Seen {
    Seen { exit: SUCCESS, result: found(true, true), cause: None, second: None, ..failed(attempts) }
}

/// What is held against a downloader with three retries; or, if that is nothing, how well it did.
#[track_caller]
fn check(case: &Case, mode: Mode, promises: impl Borrow<Promises>, seen: &Seen, expected: &[Verdict]) {
    let promises = promises.borrow();
    let budget = Budget::declared(3, promises.body_retries);
    let context = Context { case, mode, promises, budget, timeout: Duration::from_secs(30) };
    let judgement = judge(context, seen);
    let found: Vec<_> = judgement.findings.iter().map(|finding| finding.verdict).collect();
    let found = if found.is_empty() { vec![judgement.verdict()] } else { found };
    assert_eq!(found, expected, "{judgement:?}");
    assert_eq!(judgement.verdict(), expected[0]);
}

#[track_caller]
fn check_retry(mode: Mode, seen: &Seen, expected: &[Verdict]) {
    check(&case("expect = 'retry'\nbad = 'reset'"), mode, Promises::default(), seen, expected);
}

#[test]
fn the_budget_is_to_be_used_up_and_no_more() {
    use Verdict::{Exceeded, FailedCleanly, Skipped, StoppedShort};
    check_retry(Mode::Always, &failed(4), &[FailedCleanly]);
    check_retry(Mode::Always, &failed(1), &[Skipped]);
    check_retry(Mode::Always, &failed(3), &[StoppedShort]);
    check_retry(Mode::Always, &failed(5), &[Exceeded]);
    // It may be that one of them was none.
    let doubtful = Seen { retries: Span { least: 3, most: 4 }, ..failed(5) };
    check_retry(Mode::Always, &doubtful, &[FailedCleanly]);
}

#[test]
fn what_is_well_in_the_end_is_to_succeed() {
    use Verdict::{Exceeded, FailedNeedlessly, Recovered, Skipped, StoppedShort, Succeeded};
    check_retry(Mode::ThenGood, &recovered(3), &[Recovered]);
    check_retry(Mode::ThenGood, &recovered(1), &[Succeeded]);
    check_retry(Mode::ThenGood, &recovered(5), &[Exceeded]);
    check_retry(Mode::ThenGood, &failed(1), &[Skipped]);
    check_retry(Mode::ThenGood, &failed(2), &[StoppedShort]);
    // Whatever its budget is, it had what it asked for.
    check_retry(Mode::ThenGood, &Seen { last_is_good: true, ..failed(3) }, &[FailedNeedlessly]);
    check_retry(Mode::Once, &Seen { last_is_good: true, ..failed(2) }, &[FailedNeedlessly]);
    check_retry(Mode::Once, &failed(1), &[Skipped]);
}

#[test]
fn a_status_that_nobody_promises_to_repeat_may_be_final() {
    let case = case("expect = 'retry'\nbad = 'status=500'");
    let seen = |status| Seen { cause: Some(Meaning::Status(status)), ..failed(1) };
    let some = Promises { statuses: Some(vec![502, 503]), ..Promises::default() };
    check(&case, Mode::Always, &some, &seen(500), &[Verdict::FailedCleanly]);
    check(&case, Mode::Always, &some, &seen(503), &[Verdict::Skipped]);
    check(&case, Mode::Always, Promises::default(), &seen(500), &[Verdict::Skipped]);
}

/// Whatever others make of a status: who promises to repeat it may, and who promises others may not.
#[test]
fn promised_statuses_are_all_that_is_repeated() {
    let seen = |status, attempts| Seen { status: Some(status), elsewhere: true, in_body: false, ..failed(attempts) };
    let some = Promises { statuses: Some(vec![404]), ..Promises::default() };
    let none = Promises::default();
    let (last, again) = (case("expect = 'final'\nbad = 'status=404'"), case("expect = 'retry'\nbad = 'status=500'"));
    check(&last, Mode::Always, &some, &seen(404, 4), &[Verdict::FailedCleanly]);
    check(&last, Mode::Always, &some, &seen(404, 5), &[Verdict::Exceeded]);
    check(&last, Mode::Always, &none, &seen(404, 2), &[Verdict::Exceeded]);
    check(&again, Mode::Always, &some, &seen(500, 2), &[Verdict::Exceeded]);
    check(&again, Mode::Always, &none, &seen(500, 4), &[Verdict::FailedCleanly]);
}

/// A budget that a probe has used up is not there for what comes behind it.
#[test]
fn what_two_methods_share_is_counted_together() {
    let seen = Seen { retries: Span { least: 2, most: 3 }, ..failed(5) };
    check_retry(Mode::ThenGood, &seen, &[Verdict::FailedCleanly]);
    check_retry(Mode::Always, &seen, &[Verdict::FailedCleanly]);
}

/// A single retry does not get over two broken attempts.
#[test]
fn nobody_needs_more_retries_than_there_are() {
    let promises = Promises::default();
    let verdict = |keys: &str, budget: Budget, seen: &Seen| {
        let case = case(keys);
        let context =
            Context { case: &case, mode: Mode::ThenGood, promises: &promises, budget, timeout: Duration::ZERO };
        judge(context, seen).verdict()
    };
    let two = "expect = 'retry'\nbefore = 'drop'\nbad = 'reset'";
    assert_eq!(verdict(two, Budget::declared(1, None), &failed(2)), Verdict::FailedCleanly);
    assert_eq!(verdict(two, Budget::declared(2, None), &failed(3)), Verdict::FailedCleanly);
    assert_eq!(verdict(two, Budget::declared(2, None), &failed(2)), Verdict::StoppedShort);
    let one = "expect = 'retry'\nbad = 'reset'";
    assert_eq!(verdict(one, Budget::declared(0, None), &failed(1)), Verdict::FailedCleanly);
    assert_eq!(verdict(one, Budget::declared(1, None), &failed(2)), Verdict::FailedCleanly);
}

/// Where nobody has declared a budget, and nobody has seen the end of it.
#[test]
fn an_open_budget_accuses_nobody() {
    let promises = Promises::default();
    let verdict = |expect: &str, retries: u64, seen: &Seen| {
        let case = case(&format!("expect = '{expect}'\nbad = 'reset'"));
        let budget = Budget { open: true, ..Budget::declared(retries, None) };
        let context = Context { case: &case, mode: Mode::Always, promises: &promises, budget, timeout: Duration::ZERO };
        judge(context, seen).verdict()
    };
    assert_eq!(verdict("retry", 0, &failed(7)), Verdict::FailedCleanly);
    assert_eq!(verdict("retry", 7, &failed(3)), Verdict::FailedCleanly);
    assert_eq!(verdict("retry", 7, &failed(1)), Verdict::Skipped);
    assert_eq!(verdict("final", 7, &failed(2)), Verdict::Exceeded);
}

#[test]
fn nested_loops_are_explained() {
    let case = case("expect = 'retry'\nbad = 'reset'");
    let budget = Budget::declared(3, None);
    let promises = Promises::default();
    let context = Context { case: &case, mode: Mode::Always, promises: &promises, budget, timeout: Duration::ZERO };
    let says = judge(context, &failed(16)).findings[0].says.clone();
    let arithmetic = "16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the other";
    assert_eq!(says, format!("16 attempts, where 3 retries allow 4 (as if multiplied: {arithmetic})"));
}

#[test]
fn bodies_may_have_a_budget_of_their_own() {
    let case = case("expect = 'retry'\nbad = 'reset'");
    let promises = Promises { body_retries: Some(1), ..Promises::default() };
    check(&case, Mode::Always, &promises, &failed(2), &[Verdict::FailedCleanly]);
    check(&case, Mode::Always, &promises, &failed(3), &[Verdict::Exceeded]);
    let elsewhere = |attempts| Seen { in_body: false, elsewhere: true, ..failed(attempts) };
    check(&case, Mode::Always, &promises, &elsewhere(4), &[Verdict::FailedCleanly]);
    let both = |attempts| Seen { elsewhere: true, ..failed(attempts) };
    check(&case, Mode::Always, &promises, &both(8), &[Verdict::FailedCleanly]);
    check(&case, Mode::Always, &promises, &both(2), &[Verdict::FailedCleanly]);
    check(&case, Mode::Always, &promises, &both(1), &[Verdict::Skipped]);
    check(&case, Mode::Always, &promises, &both(9), &[Verdict::Exceeded]);
}

#[test]
fn what_is_final_is_not_repeated() {
    let case = case("expect = 'final'\nbad = 'status=404'");
    check(&case, Mode::Always, Promises::default(), &failed(1), &[Verdict::FailedCleanly]);
    check(&case, Mode::Always, Promises::default(), &failed(2), &[Verdict::Exceeded]);
}

#[test]
fn what_is_right_is_to_be_taken() {
    let case = case("expect = 'complete'\nbad = 'interim=103'");
    check(&case, Mode::Always, Promises::default(), &recovered(1), &[Verdict::Succeeded]);
    check(&case, Mode::Always, Promises::default(), &failed(1), &[Verdict::FailedNeedlessly]);
    let none = Seen { attempts: 0, ..failed(0) };
    check(&case, Mode::Always, Promises::default(), &none, &[Verdict::NotMet]);
    let unmet = Seen { met: false, ..recovered(1) };
    check(&case, Mode::Always, Promises::default(), &unmet, &[Verdict::NotMet]);
}

/// A limit on files is to stand for a full disk, and some programs die of it.
#[test]
fn a_disk_that_is_full_kills_nobody() {
    let case = case("expect = 'final'\nscript = 'ok'\ndisk = '100kB'");
    check(&case, Mode::Once, Promises::default(), &Seen { exit: Exit::Signal(25), ..failed(1) }, &[Verdict::NotMet]);
    let again = Seen { retries: Span::default(), returns: 3, ..failed(4) };
    check(&case, Mode::Once, Promises::default(), &again, &[Verdict::Exceeded]);
    check(&case, Mode::Once, Promises::default(), &Seen { returns: 0, ..failed(1) }, &[Verdict::FailedCleanly]);
}

/// Where a standard leaves both open, and where something else has to be refused.
#[test]
fn failure_may_be_right() {
    for keys in ["expect = 'any'\nbad = 'interim=102x2000'", "expect = 'reject'\nbad = 'bad-chunk-size=50%'"] {
        let case = case(keys);
        check(&case, Mode::Always, Promises::default(), &failed(1), &[Verdict::FailedCleanly]);
        check(&case, Mode::Always, Promises::default(), &failed(4), &[Verdict::FailedCleanly]);
        check(&case, Mode::Always, Promises::default(), &failed(5), &[Verdict::Exceeded]);
        let nameless = Seen { says_cause: false, ..failed(1) };
        check(&case, Mode::Always, Promises::default(), &nameless, &[Verdict::FailedCleanly]);
    }
}

#[test]
fn success_is_the_right_bytes() {
    let wrong = |is_there| Seen { result: found(is_there, false), ..recovered(1) };
    check_retry(Mode::Always, &wrong(true), &[Verdict::Corrupted]);
    check_retry(Mode::Always, &wrong(false), &[Verdict::Corrupted]);
    let undetectable = case("expect = 'reject'\nbad = 'corrupt-after=1'\nundetectable = true");
    check(&undetectable, Mode::Always, Promises::default(), &wrong(true), &[Verdict::Undetectable]);
    // In a script it is known from what happened.
    let script = Case::scripted("corrupt-after=1 x*").unwrap();
    let hidden = Seen { hidden: true, ..wrong(true) };
    check(&script, Mode::Once, Promises::default(), &hidden, &[Verdict::Undetectable]);
    check(&script, Mode::Once, Promises::default(), &wrong(true), &[Verdict::Corrupted]);
    check_retry(Mode::Always, &hidden, &[Verdict::Corrupted]);
    // That there is no file, anybody can know.
    check(&undetectable, Mode::Always, Promises::default(), &wrong(false), &[Verdict::Corrupted]);
    let verifies = Promises { verifies: true, ..Promises::default() };
    check(&undetectable, Mode::Always, &verifies, &wrong(true), &[Verdict::Corrupted]);
}

#[test]
fn it_ends() {
    let hung = Seen { exit: Exit::TimedOut, second: None, ..failed(1) };
    check_retry(Mode::Always, &hung, &[Verdict::Hung]);
    let slow = case("expect = 'retry'\nbad = 'drip=1/1s'\nslow = true");
    check(&slow, Mode::Always, Promises::default(), &hung, &[Verdict::Unpromised]);
    let aborts = Promises { aborts_slow: true, ..Promises::default() };
    check(&slow, Mode::Always, aborts, &hung, &[Verdict::Hung]);
    for exit in [Exit::Signal(11), Exit::Panicked] {
        check_retry(Mode::Always, &Seen { exit, ..failed(4) }, &[Verdict::Crashed]);
    }
}

#[test]
fn a_part_does_not_have_the_name_of_the_whole() {
    let left = |is_right| Seen { result: found(true, is_right), ..failed(4) };
    check_retry(Mode::Always, &left(false), &[Verdict::LeftPartial]);
    check_retry(Mode::Always, &left(true), &[Verdict::FailedCleanly]);
    // With a control file beside it, as long as that helps.
    let marked = |exit| {
        let second = Some(Second { exit, result: found(true, true), asked: true });
        Seen { result: Found { is_marked: true, ..found(true, false) }, second, ..failed(4) }
    };
    check_retry(Mode::Always, &marked(SUCCESS), &[Verdict::FailedCleanly]);
    check_retry(Mode::Always, &marked(FAILURE), &[Verdict::Poisoned, Verdict::LeftPartial]);
}

#[test]
fn a_second_run_asks_and_succeeds() {
    let second = |exit, is_right, asked| {
        let result = found(true, is_right);
        Seen { second: Some(Second { exit, result, asked }), ..failed(4) }
    };
    check_retry(Mode::Always, &second(SUCCESS, true, true), &[Verdict::FailedCleanly]);
    for seen in [second(FAILURE, false, true), second(SUCCESS, false, true), second(SUCCESS, true, false)] {
        check_retry(Mode::Always, &seen, &[Verdict::Poisoned]);
    }
    // What it has, it has verified.
    let verifies = Promises { verifies: true, ..Promises::default() };
    let case = case("expect = 'retry'\nbad = 'reset'");
    check(&case, Mode::Always, verifies, &second(SUCCESS, true, false), &[Verdict::FailedCleanly]);
}

#[test]
fn what_it_says_is_true() {
    let told = |told| Seen { told, ..failed(4) };
    let untrue = Told::Untruth { said: 1, saw: 3, at_least: 3, explanation: None };
    check_retry(Mode::Always, &told(untrue.clone()), &[Verdict::Untrue]);
    let silent = Told::Nothing { saw: 3, at_least: 3 };
    check_retry(Mode::Always, &told(silent.clone()), &[Verdict::Silent]);
    check_retry(Mode::Always, &Seen { says_retries: true, ..told(silent.clone()) }, &[Verdict::FailedCleanly]);
    let refused = case("expect = 'reject'\nbad = 'bad-chunk-size=50%'");
    check(&refused, Mode::Always, Promises::default(), &told(silent.clone()), &[Verdict::FailedCleanly]);
    check_retry(Mode::Always, &told(Told::Nothing { saw: 3, at_least: 0 }), &[Verdict::FailedCleanly]);
    check_retry(Mode::Always, &told(Told::Unheard), &[Verdict::FailedCleanly]);
    // What is announced is no total: the others were kept quiet.
    let announced = Seen { says_total: false, ..told(untrue.clone()) };
    check_retry(Mode::Always, &announced, &[Verdict::Silent]);
    check_retry(
        Mode::ThenGood,
        &Seen { told: untrue.clone(), says_total: false, ..recovered(3) },
        &[Verdict::Recovered],
    );
    // It was ended between what it announced and what it would have done.
    let hung = Seen { exit: Exit::TimedOut, second: None, ..told(untrue.clone()) };
    check_retry(Mode::Always, &hung, &[Verdict::Hung]);
    // Nobody has to boast of retries that helped.
    check_retry(Mode::ThenGood, &Seen { told: silent, ..recovered(3) }, &[Verdict::Recovered]);
    // Refused connections are counted by nobody.
    let down = case("expect = 'reject'\nscript = 'ok'\ndown = 'always'");
    let refused = Seen { attempts: 0, cause: Some(Meaning::Refused), told: untrue, ..failed(0) };
    check(&down, Mode::Once, Promises::default(), &refused, &[Verdict::FailedCleanly]);
    let nameless = Seen { says_cause: false, ..refused };
    check(&down, Mode::Once, Promises::default(), &nameless, &[Verdict::LostCause]);
}

#[test]
fn the_cause_is_told() {
    check_retry(Mode::Always, &Seen { says_cause: false, ..failed(4) }, &[Verdict::LostCause]);
    check_retry(Mode::Always, &Seen { says_cause: false, cause: None, ..failed(4) }, &[Verdict::FailedCleanly]);
}

#[test]
fn who_is_told_when_to_come_back_does_not_come_before() {
    let early = Seen { too_early: Some("it came".to_owned()), ..recovered(2) };
    check_retry(Mode::ThenGood, &early, &[Verdict::IgnoredRetryAfter]);
}

#[test]
fn who_promises_to_resume_does() {
    let case = case("expect = 'retry'\nscript = 'reset, ok'\nresumes = true");
    let resumes = Promises { resumes: true, ..Promises::default() };
    check(&case, Mode::Once, &resumes, &Seen { resumed: true, ..recovered(2) }, &[Verdict::Recovered]);
    check(&case, Mode::Once, &resumes, &recovered(2), &[Verdict::StartedOver]);
    check(&case, Mode::Once, Promises::default(), &recovered(2), &[Verdict::Recovered]);
}

#[test]
fn what_must_not_be_sent_comes_first() {
    let case = case("expect = 'complete'\nbad = 'ok'\nnever = { plan = 'status=400', says = 'it sent it' }");
    let seen = Seen { forbidden: true, ..failed(2) };
    check(&case, Mode::Always, Promises::default(), &seen, &[Verdict::Forbidden]);
}

/// Who never asks a second time is not judged by what the second reply would have been.
#[test]
fn what_comes_later_is_not_met_by_who_gives_up() {
    let left = Seen { result: found(true, false), ..failed(1) };
    for keys in [
        "expect = 'retry'\nscript = 'reset-after=1, unsatisfiable, ok'",
        "expect = 'retry'\nbefore = 'drop'\nbad = 'reset'",
    ] {
        check(&case(keys), Mode::Once, Promises::default(), &left, &[Verdict::NotMet]);
        check(&case(keys), Mode::Once, Promises::default(), &failed(2), &[Verdict::StoppedShort]);
    }
    let taken = Seen { exit: SUCCESS, second: None, ..left };
    let script = case("expect = 'retry'\nscript = 'reset-after=1, unsatisfiable, ok'");
    check(&script, Mode::Once, Promises::default(), &taken, &[Verdict::Corrupted]);
    let first = case("expect = 'retry'\nscript = 'status=429 retry-after=2s, ok'");
    check(&first, Mode::Once, Promises::default(), &failed(1), &[Verdict::Skipped]);
}

#[test]
fn levels_are_those_of_what_is_broken() {
    let promises = Promises::default();
    let level = |keys: &str, seen: &Seen| {
        let case = case(keys);
        let budget = Budget::declared(3, None);
        let context = Context { case: &case, mode: Mode::Always, promises: &promises, budget, timeout: Duration::ZERO };
        judge(context, seen).findings[0].level
    };
    let wrong = Seen { result: found(true, false), ..recovered(1) };
    assert_eq!(level("expect = 'retry'\nbad = 'reset'", &wrong), Level::Must);
    let page = Seen { cause: Some(Meaning::Status(503)), ..wrong };
    assert_eq!(level("expect = 'retry'\nbad = 'reset'", &page), Level::Should);
    assert_eq!(level("expect = 'retry'\nbad = 'reset'", &failed(1)), Level::Policy);
    assert_eq!(level("expect = 'complete'\nbad = 'ok'", &failed(1)), Level::Must);
    assert_eq!(level("expect = 'retry'\nbad = 'reset'", &Seen { exit: Exit::TimedOut, ..failed(1) }), Level::Should);
}
