//! curl, which hands over what it gets, byte for byte, and retries what it is told to.
//!
//! `--retry 3` alone is about timeouts and about statuses such as 503; a connection that breaks is retried with
//! `--retry-all-errors` only. Where versions differ, the tests say which they are for.

use std::time::Duration;

use flaky_harness::{Backoff, Command, Effort, Told, Trial, link};
use flaky_server::{ByteSize, FlakyServer, Rule};

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::suite::{Missing, Named, named, suite, unless, version};
use crate::support::run;
use crate::versions::Versions;

const VERSIONS: Versions = Versions::new(
    "7.74",
    "8.23",
    &[
        "7.74.0", "7.88.1", "8.0.1", "8.3.0", "8.5.0", "8.7.1", "8.9.1", "8.11.1", "8.14.1", "8.15.0", "8.16.0",
        "8.17.0", "8.23.0",
    ],
);
/// Those that begin anew where `-C -` should go on, and those that do not.
const BEGINNING_ANEW: Versions = Versions::new(
    "7.74",
    "8.16",
    &["7.74.0", "7.88.1", "8.0.1", "8.3.0", "8.5.0", "8.7.1", "8.9.1", "8.11.1", "8.14.1", "8.15.0", "8.16.0"],
);
const RESUMING: Versions = Versions::new("8.17", "8.23", &["8.17.0", "8.23.0"]);
/// Those that obey `Retry-After`.
const OBEYING: Versions = Versions::new("7.88", "8.23", &[]);
/// The one whose pauses do not grow, and the others.
const STEADY: Versions = Versions::only("8.16");
const DOUBLING: [Versions; 2] = [Versions::new("7.74", "8.15", &[]), Versions::new("8.17", "8.23", &[])];

/// A body that broke off: some versions of 8 take a reset in its middle for its end.
const BROKEN_OFF: [i32; 2] = [18, 56];
const PARTIAL: i32 = 18;
const RECV_ERROR: i32 = 56;
const ERROR_STATUS: i32 = 22;

/// What it does where each retry begins with the first byte.
const ANEW: [Row; 2] = [
    Row {
        script: "reset-after=500kB x2, ok",
        effort: Effort::Recovered(2),
        exit: 0,
        asks: &[WHOLE, WHOLE, WHOLE],
        leaves: Leaves::Whole,
        cause: Cause::None,
        tells: Tells::Truth,
    },
    Row {
        script: "reset-after=500kB x*",
        effort: Effort::Exhausted,
        exit: RECV_ERROR,
        asks: &[WHOLE, WHOLE, WHOLE],
        leaves: Leaves::First(500_000, &[]),
        cause: Cause::Reset("(56) Recv failure: Connection reset by peer"),
        tells: Tells::Truth,
    },
];

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        client: "curl",
        versions: VERSIONS,
        command: "curl --retry 2 --retry-all-errors --retry-delay 1 -O",
        budget: 2,
        rows: ANEW,
    },
    Behaviour {
        client: "curl, `-C -`",
        versions: BEGINNING_ANEW,
        command: "curl --retry 2 --retry-all-errors --retry-delay 1 -C - -O",
        budget: 2,
        rows: ANEW,
    },
    Behaviour {
        client: "curl, `-C -`",
        versions: RESUMING,
        command: "curl --retry 2 --retry-all-errors --retry-delay 1 -C - -O",
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
                exit: RECV_ERROR,
                asks: &[WHOLE, "500000-", "1000000-"],
                leaves: Leaves::First(1_500_000, &[]),
                cause: Cause::Reset("(56) Recv failure: Connection reset by peer"),
                tells: Tells::Truth,
            },
        ],
    },
];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> = named![
        retry_alone_skips_a_reset,
        retry_all_errors_recovers,
        retry_all_errors_is_exhausted_and_says_so,
        silent_curl_says_nothing_of_its_retries,
        status_503_is_retried,
        status_404_is_not_retried,
        a_truncated_body_is_no_success,
        a_truncated_body_without_a_length_is_a_success,
        a_second_run_resumes,
    ];
    let one =
        |args: &'static [&'static str]| move |script: &str| run(Trial::with(script), curl(&RETRY_TWICE).args(args));
    let obeying: Vec<Named> = named![retry_after_is_obeyed];
    let doubling: Vec<Named> = named![its_pauses_double];
    let steady: Vec<Named> = named![its_pauses_do_not_grow];
    let [plain, anew, resuming] = BEHAVIOURS else { unreachable!("there are three") };
    let suites = [
        suite("curl", missing(VERSIONS), tests),
        suite("curl", missing(OBEYING), obeying),
        suite("curl", missing(DOUBLING[0]).and_then(|_| missing(DOUBLING[1])), doubling),
        suite("curl", missing(STEADY), steady),
        suite("curl", missing(VERSIONS), plain.tests(one(&[]))),
        suite("curl-resuming-to-8.16", missing(BEGINNING_ANEW), anew.tests(one(&["-C", "-"]))),
        suite("curl-resuming-from-8.17", missing(RESUMING), resuming.tests(one(&["-C", "-"]))),
    ];
    suites.into_iter().flatten().collect()
}

fn missing(versions: Versions) -> Option<Missing> {
    let says = version("curl");
    unless(|| true, "")
        .or_else(|| VERSIONS.missing("curl", says.as_deref()))
        .or_else(|| versions.others("curl", says.as_deref()))
}

/// `--no-progress-meter` leaves the warnings, which announce retries; `--silent` does not. `-q` is for "no settings".
fn curl(args: &[&str]) -> Command {
    Command::new("curl").args(["-q", "--fail", "--no-progress-meter"]).args(args).arg("-O").url("/fixture.bin")
}

/// One second between attempts, the shortest that there is.
const RETRY_ALL: [&str; 5] = ["--retry-all-errors", "--retry-delay", "1", "--retry", "3"];
const RETRY_TWICE: [&str; 5] = ["--retry-all-errors", "--retry-delay", "1", "--retry", "2"];

/// The trap: it looks as if there were three retries, and there is none.
fn retry_alone_skips_a_reset() {
    let outcome = run(Trial::with("reset-after=1MB x*"), curl(&["--retry", "3"]));
    outcome.assert().exit_code(BROKEN_OFF).did_not_retry().claims_truthfully();
    assert_eq!(outcome.effort(3), Effort::Skipped);
    assert!(outcome.assert().try_exhausted(3).unwrap_err().got().starts_with("skipped"));
    run(Trial::with("reset x*"), curl(&["--retry", "3"])).assert().did_not_retry().root_cause(link::reset());
}

/// It begins anew, or resumes, as versions differ; the file is whole in the end.
fn retry_all_errors_recovers() {
    let outcome = run(Trial::with("reset-after=300kB x2, ok"), curl(&RETRY_ALL));
    outcome.assert().succeeded().attempts(3).content_matches().no_leftovers().claims_truthfully();
    assert_eq!(outcome.effort(3), Effort::Recovered(2));
    match outcome.assert().try_restarted() {
        Ok(it) => it.wasted_at_most(ByteSize::kb(600)),
        Err(_) => outcome.assert().resumed_at(300_000).wasted_at_most(ByteSize::b(0)),
    };
}

fn retry_all_errors_is_exhausted_and_says_so() {
    let outcome = run(Trial::with("reset-after=300kB x*"), curl(&RETRY_ALL));
    outcome.assert().exit_code(BROKEN_OFF).attempts(4).exhausted(3).claims_truthfully();
    // No total: it announces one retry after the other.
    assert_eq!((outcome.claims().total(), outcome.claims().announced()), (None, 3));
    assert_eq!(outcome.told(), Told::Truth { retries: 3 });
}

fn silent_curl_says_nothing_of_its_retries() {
    let outcome = run(Trial::with("reset x*"), curl(&RETRY_TWICE).args(["--silent", "--show-error"]));
    outcome.assert().exit_code(56).exhausted(2).chain_matches([link::reset()]);
    assert_eq!(outcome.told(), Told::Nothing { saw: 2, at_least: 2 });
}

/// 1 s, 2 s, and so on, up to ten minutes.
fn its_pauses_double() {
    let outcome = run(Trial::with("status=503 x2, ok"), curl(&["--retry", "2"]));
    outcome.assert().succeeded().backed_off(Backoff::at_least(Duration::from_secs(1)).growing(2.0));
}

/// Whatever its manual says.
fn its_pauses_do_not_grow() {
    let outcome = run(Trial::with("status=503 x2, ok"), curl(&["--retry", "2"]));
    outcome.assert().succeeded().backed_off(Backoff::at_least(Duration::from_millis(900)));
    assert!(outcome.assert().try_backed_off(Backoff::at_least(Duration::from_secs(1)).growing(2.0)).is_err());
}

/// For two seconds: without the header it would come back after one.
fn retry_after_is_obeyed() {
    let outcome = run(Trial::with("status=503 retry-after=2s, ok"), curl(&["--retry", "1"]));
    outcome.assert().succeeded().attempts(2).obeyed_retry_after().content_matches();
}

fn status_503_is_retried() {
    let outcome = run(Trial::with("status=503 x*"), curl(&["--retry", "2", "--retry-delay", "1"]));
    outcome.assert().exit_code(ERROR_STATUS).exhausted(2).claims_truthfully().root_cause(link::status(503));
}

fn status_404_is_not_retried() {
    let outcome = run(Trial::with("status=404 x*"), curl(&["--retry", "3"]));
    outcome.assert().exit_code(ERROR_STATUS).did_not_retry().claims_truthfully().root_cause(link::status(404));
    assert_eq!(outcome.effort(3), Effort::Declined);
}

fn a_truncated_body_is_no_success() {
    for framing in ["length", "chunked"] {
        let outcome = run(Trial::with(format!("truncate-after=1MB framing={framing} x*")), curl(&[]));
        outcome.assert().exit_code(PARTIAL).did_not_retry().root_cause(link::eof());
        // It keeps what it got, under the name of the whole.
        let content = outcome.content().unwrap();
        assert_eq!((content.len, content.differs_at), (Some(1_000_000), Some(1_000_000)), "{content}");
    }
}

/// Where the end of the connection is the end of the body, HTTP/1 has no means to tell; a checksum would.
fn a_truncated_body_without_a_length_is_a_success() {
    let outcome = run(Trial::with("truncate-after=1MB framing=close x*"), curl(&RETRY_ALL));
    outcome.assert().succeeded().did_not_retry();
    let error = outcome.assert().try_content_matches().unwrap_err();
    assert!(error.got().starts_with("`fixture.bin` is cut short: it has the first 1000000 of "), "{}", error.got());
}

/// `-C -` goes on where the file on disk ends.
fn a_second_run_resumes() {
    let server = FlakyServer::builder()
        .serve_bytes("/fixture.bin", (0..500_000_u32).flat_map(u32::to_le_bytes).collect::<Vec<u8>>())
        .rule(Rule::any().script("reset-after=1MB, ok").unwrap())
        .start()
        .unwrap();
    let first = run(Trial::new(&server), curl(&["-C", "-"]));
    first.assert().exit_code(BROKEN_OFF).did_not_retry();
    let second = run(Trial::new(&server).after(&first), curl(&["-C", "-"]));
    second.assert().succeeded().attempts(1).resumed_at(1_000_000).wasted_at_most(ByteSize::b(0)).content_matches();
}
