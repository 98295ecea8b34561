//! aria2c, which goes on where it was cut off, at once, and says nothing of it.
//!
//! `--retry-wait` is the pause between attempts; a connection that breaks is no reason for one.

use std::time::Duration;

use flaky_harness::{Backoff, Command, Effort, Outcome, Trial, link};
use flaky_server::ByteSize;

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::suite::{Missing, Named, named, suite, unless, version};
use crate::support::run;
use crate::versions::Versions;

const VERSIONS: Versions = Versions::new("1.35", "1.37", &["1.35.0", "1.36.0", "1.37.0"]);

/// Its exit status where it knows no better.
const FAILED: i32 = 1;
/// Where the server does not go on where it was asked to.
const NO_RESUME: i32 = 8;
/// Where the server answers with an error.
const ERROR_STATUS: i32 = 22;

/// Where it keeps what it knows of a file that is not whole.
const CONTROL_FILE: &str = "fixture.bin.aria2";

pub(crate) const BEHAVIOURS: &[Behaviour] = &[Behaviour {
    client: "aria2c",
    versions: VERSIONS,
    command: "aria2c --no-conf --max-tries=3 --retry-wait=1",
    budget: 2,
    rows: [
        Row {
            script: "reset-after=500kB x2, ok",
            effort: Effort::Recovered(2),
            exit: 0,
            asks: &[WHOLE, "500000-1999999", "1000000-1999999"],
            leaves: Leaves::Whole,
            cause: Cause::None,
            tells: Tells::Nothing,
        },
        Row {
            script: "reset-after=500kB x*",
            effort: Effort::Exhausted,
            exit: FAILED,
            asks: &[WHOLE, "500000-1999999", "1000000-1999999"],
            leaves: Leaves::First(1_500_000, &[CONTROL_FILE]),
            cause: Cause::Reset("* errorCode=1 Failed to receive data, cause: Connection reset by peer"),
            tells: Tells::Nothing,
        },
    ],
}];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> = named![
        it_does_not_wait_for_a_broken_connection,
        several_connections_share_the_work,
        each_connection_has_a_budget_of_its_own,
        a_server_that_does_not_resume_is_final,
        status_416_is_final,
        status_503_is_retried_where_there_is_a_pause,
    ];
    let own = suite("aria2c", missing(), tests);
    own.into_iter().chain(suite("aria2c", missing(), BEHAVIOURS[0].tests(|script| play(script, &[])))).collect()
}

fn missing() -> Option<Missing> {
    unless(|| true, "").or_else(|| VERSIONS.missing("aria2c", version("aria2c").as_deref()))
}

fn play(script: &str, args: &[&str]) -> Outcome {
    run(Trial::with(script), aria2c(args))
}

/// Without the proxy that counts: it would have taken what aria2c leaves unread.
fn play_alone(script: &str, args: &[&str]) -> Outcome {
    Trial::with(script).run(&aria2c(args))
}

fn aria2c(args: &[&str]) -> Command {
    let aria2c = Command::new("aria2c").args(["--no-conf", "--max-tries=3", "--retry-wait=1"]);
    aria2c.args(args).url("/fixture.bin")
}

/// Two pauses of a second are what it was told to make, and it makes none.
fn it_does_not_wait_for_a_broken_connection() {
    let outcome = play("reset-after=500kB x2, ok", &["--retry-wait=5"]);
    outcome.assert().succeeded().attempts(3).wasted_at_most(ByteSize::b(0));
    let gap = |pause| outcome.assert().try_backed_off(Backoff::at_least(Duration::from_secs(pause)));
    assert!(gap(5).is_err(), "it waits\n{}", outcome.table());
}

/// Two requests at the same time, one of them for the second half.
const SPLIT: [&str; 3] = ["--split=2", "--max-connection-per-server=2", "--min-split-size=1M"];

/// Which of them takes the next piece, nobody knows; the file is whole.
fn several_connections_share_the_work() {
    let outcome = play_alone("reset-after=300kB x2, ok", &SPLIT);
    outcome.assert().succeeded().attempts(3..=6).content_matches().no_leftovers();
    let asked = outcome.exchanges().iter().filter(|exchange| exchange.range.is_some()).count();
    assert!(asked >= 2, "{}", outcome.table());
}

/// Three attempts for each of two, and now and then one that is given up when the other is reset.
fn each_connection_has_a_budget_of_its_own() {
    let outcome = play_alone("reset-after=100kB x*", &SPLIT);
    outcome.assert().exit_code(FAILED).attempts(4..=8).root_cause(link::reset());
}

/// It has no use for a reply that starts anew, and does not start anew itself.
fn a_server_that_does_not_resume_is_final() {
    let outcome = play_alone("reset-after=500kB, ignore-range", &[]);
    outcome.assert().exit_code(NO_RESUME).attempts(2).root_cause(link::glob("* Invalid range header. *"));
}

/// Unlike wget, which takes it for the end of the file.
fn status_416_is_final() {
    let outcome = play("reset-after=500kB, unsatisfiable", &[]);
    outcome.assert().exit_code(ERROR_STATUS).attempts(2).root_cause(link::status(416));
}

/// `--retry-wait=0`, the default, makes 503 final.
fn status_503_is_retried_where_there_is_a_pause() {
    let outcome = play("status=503, ok", &[]);
    outcome.assert().succeeded().attempts(2).backed_off(Backoff::at_least(Duration::from_millis(900)));
    let outcome = play("status=503, ok", &["--retry-wait=0"]);
    outcome.assert().failed().did_not_retry();
}
