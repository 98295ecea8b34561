//! GNU Wget, which makes 20 attempts unless told otherwise, counts them aloud, and goes on where it was cut off.
//!
//! It retries whatever breaks a connection. An error status it takes for final, 503 too, and a refused connection as
//! well, unless told otherwise.

use flaky_harness::{Command, Count, Effort, Told, Trial, link};
use flaky_server::ByteSize;

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::suite::{Missing, Named, named, suite, unless, version};
use crate::support::run;
use crate::versions::Versions;

/// Wget2 is another program.
const VERSIONS: Versions = Versions::new("1.21", "1.25", &["1.21", "1.21.3", "1.25.0"]);

/// Its exit status for what the network does.
const NETWORK: i32 = 4;
/// Its exit status for what the server answers.
const SERVER: i32 = 8;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[Behaviour {
    client: "GNU Wget",
    versions: VERSIONS,
    command: "wget --tries 3 --waitretry 1",
    budget: 2,
    rows: [
        Row {
            script: "reset-after=500kB x2, ok",
            effort: Effort::Recovered(2),
            exit: 0,
            asks: &[WHOLE, "500000-", "1000000-"],
            leaves: Leaves::Whole,
            cause: Cause::None,
            tells: Tells::Truth,
        },
        Row {
            script: "reset-after=500kB x*",
            effort: Effort::Exhausted,
            exit: NETWORK,
            asks: &[WHOLE, "500000-", "1000000-"],
            leaves: Leaves::First(1_500_000, &[]),
            cause: Cause::Reset("Read error at byte 1500000/2000000 (Connection reset by peer)."),
            tells: Tells::Truth,
        },
    ],
}];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> = named![
        resumes_within_a_run,
        counts_its_tries_aloud,
        what_breaks_before_the_head_is_retried,
        a_truncated_body_is_resumed,
        status_503_is_final,
        status_503_is_retried_where_asked_for,
        retry_after_is_ignored,
        status_416_is_taken_for_the_end_of_the_file,
    ];
    let own = suite("wget", missing(), tests);
    let play = |script: &str| run(Trial::with(script), wget("3"));
    own.into_iter().chain(suite("wget", missing(), BEHAVIOURS[0].tests(play))).collect()
}

fn missing() -> Option<Missing> {
    unless(|| true, "").or_else(|| VERSIONS.missing("wget", version("wget").as_deref()))
}

/// Its pauses grow from 1 s to 10 s; `--waitretry` is for the longest.
fn wget(tries: &str) -> Command {
    Command::new("wget").args(["--tries", tries, "--waitretry", "1"]).url("/fixture.bin")
}

fn resumes_within_a_run() {
    let outcome = run(Trial::with("reset-after=500kB x2, ok"), wget("3"));
    outcome
        .assert()
        .succeeded()
        .attempts(3)
        .resumed_at(500_000)
        .resumed_at(1_000_000)
        .wasted_at_most(ByteSize::b(0))
        .content_matches()
        .no_leftovers()
        .claims_truthfully();
    assert_eq!(outcome.effort(2), Effort::Recovered(2));
}

/// `(try: 3)` is a number of attempts; so many retries it is, less one.
fn counts_its_tries_aloud() {
    let outcome = run(Trial::with("reset-after=500kB x*"), wget("3"));
    outcome.assert().exit_code(NETWORK).attempts(3).exhausted(2).claims_truthfully().root_cause(link::reset());
    assert_eq!(outcome.claims().total().map(|claim| claim.count()), Some(Count::Attempts(3)));
    assert_eq!(outcome.told(), Told::Truth { retries: 2 });
    // What it has it keeps, under the name of the whole.
    assert_eq!(outcome.content().and_then(|content| content.len), Some(1_500_000));
}

fn what_breaks_before_the_head_is_retried() {
    let outcome = run(Trial::with("reset x*"), wget("3"));
    outcome.assert().exit_code(NETWORK).exhausted(2).restarted().claims_truthfully().root_cause(link::reset());
    let outcome = run(Trial::with("drop x*"), wget("2"));
    outcome.assert().exit_code(NETWORK).exhausted(1).restarted().claims_truthfully().root_cause(link::eof());
}

fn a_truncated_body_is_resumed() {
    let outcome = run(Trial::with("truncate-after=1MB, ok"), wget("3"));
    outcome.assert().succeeded().attempts(2).resumed_at(1_000_000).content_matches();
}

fn status_503_is_final() {
    let outcome = run(Trial::with("status=503 x*"), wget("3"));
    outcome.assert().exit_code(SERVER).did_not_retry().root_cause(link::status(503));
    assert_eq!(outcome.effort(2), Effort::Skipped);
}

fn status_503_is_retried_where_asked_for() {
    let wget = wget("3").arg("--retry-on-http-error=503");
    let outcome = run(Trial::with("status=503 x*"), wget);
    outcome.assert().exit_code([NETWORK, SERVER]).exhausted(2).claims_truthfully().root_cause(link::status(503));
}

/// It comes back after a second, as it always does.
fn retry_after_is_ignored() {
    let wget = wget("2").arg("--retry-on-http-error=503");
    let outcome = run(Trial::with("status=503 retry-after=5s, ok"), wget);
    outcome.assert().succeeded().attempts(2).content_matches();
    let error = outcome.assert().try_obeyed_retry_after().unwrap_err();
    assert!(error.got().ends_with(", where 5s were asked for"), "{}", error.got());
}

/// "The file is already fully retrieved; nothing to do." A quarter of it is there.
fn status_416_is_taken_for_the_end_of_the_file() {
    let outcome = run(Trial::with("reset-after=500kB, unsatisfiable"), wget("3"));
    outcome.assert().succeeded().attempts(2);
    let error = outcome.assert().try_content_matches().unwrap_err();
    assert!(error.got().starts_with("`fixture.bin` is cut short: it has the first 500000 of "), "{}", error.got());
}
