//! pip, which has two loops of retries: urllib3's around what fails before the body (`--retries`, 5), and its own around
//! a body that ends too early (`--resume-retries`, 5).
//!
//! An index at `/simple/app/` links to a wheel. Most tests are about 26.3, with a wheel of 400 kB.

use std::path::{Path, PathBuf};
use std::process;

use flaky_harness::{Command, Count, Effort, Outcome, Told, Trial, link};
use flaky_server::{ByteSize, Rule, matchers::path};

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE};
use crate::suite::{self, Missing, Named, named, suite, unless};
use crate::support::run;
use crate::versions::Versions;
use crate::{installed, workspace};

const VERSION: &str = "26.3";

/// The last release that takes a reset for the end of all, and a current one.
const INSTALLED: [(&str, &Behaviour); 2] = [("26.1.2", &BEHAVIOURS[0]), (VERSION, &BEHAVIOURS[1])];

const SKIPPING: Versions = Versions::new(
    "21.3",
    "26.1",
    &["21.3.1", "23.0.1", "23.2.1", "24.0", "24.3.1", "25.0.1", "25.1.1", "25.2", "25.3", "26.0.1", "26.1.2"],
);
const RESUMING: Versions = Versions::new("26.2", "26.3", &["26.2", "26.2.1", "26.3"]);

const WHEEL: &str = "/app-1.0-py3-none-any.whl";
const INDEX: &str = "/simple/app/";

/// The default.
const RESUMES: u64 = 5;

/// A traceback.
const UNEXPECTED: i32 = 2;

const fn skipped(script: &'static str) -> Row {
    Row {
        script,
        effort: Effort::Skipped,
        exit: UNEXPECTED,
        asks: &[WHOLE],
        leaves: Leaves::Nothing,
        cause: Cause::Reset("ConnectionResetError: [Errno 104] Connection reset by peer"),
        tells: Tells::Nothing,
    }
}

pub(crate) const BEHAVIOURS: &[Behaviour] = &[
    Behaviour {
        client: "pip",
        versions: SKIPPING,
        command: "pip download --no-deps app",
        budget: RESUMES,
        rows: [skipped("reset-after=500kB x2, ok"), skipped("reset-after=500kB x*")],
    },
    Behaviour {
        client: "pip",
        versions: RESUMING,
        command: "pip download --no-deps app",
        budget: RESUMES,
        rows: [
            Row {
                script: "reset-after=500kB x2, ok",
                effort: Effort::Recovered(2),
                exit: 0,
                // It reads in pieces of 256 KiB, and loses the one that was not whole.
                asks: &[WHOLE, "262144-", "524288-"],
                leaves: Leaves::Whole,
                cause: Cause::None,
                tells: Tells::Truth,
            },
            Row {
                script: "reset-after=500kB x*",
                effort: Effort::Exhausted,
                exit: 1,
                asks: &[WHOLE, "262144-", "524288-", "786432-", "1048576-", "1310720-"],
                leaves: Leaves::Nothing,
                cause: Cause::Other("URL: http://*/app-1.0-py3-none-any.whl"),
                tells: Tells::Truth,
            },
        ],
    },
];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> = named![
        a_truncated_wheel_is_resumed,
        a_wheel_that_stays_truncated_exhausts_its_own_loop,
        a_wheel_that_is_reset_is_begun_anew,
        what_breaks_before_the_head_is_retried,
        status_503_is_retried_without_a_word,
        retry_after_is_obeyed,
        an_index_that_fails_is_taken_for_an_empty_one,
    ];
    let own = suite("pip", missing(VERSION), tests);
    let behaviours = INSTALLED.into_iter().flat_map(|(version, behaviour)| {
        let play = move |script: &str| play_with(WHEEL, 2_000_000, script, pip(version, &[]));
        suite(&format!("pip-{version}"), missing(version), behaviour.tests(play))
    });
    own.into_iter().chain(behaviours).collect()
}

fn missing(version: &str) -> Option<Missing> {
    let is_there = || suite::version("python3").is_some() && folder(version).join("pip/__main__.py").is_file();
    unless(is_there, format!("needs python3 in PATH, and pip {version}: run tests/clients/install.sh"))
}

fn folder(version: &str) -> PathBuf {
    installed(&format!("pip-{version}"))
}

/// `pip download`, which leaves the wheel in the folder.
fn pip(version: &str, args: &[&str]) -> Command {
    Command::new("python3")
        .args(["-m", "pip", "download", "--no-deps", "--dest", "{dir}", "--index-url", "{base}/simple/", "app"])
        .args(args)
        .env("PYTHONPATH", folder(version))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("PIP_CONFIG_FILE", "/dev/null")
        .env("PIP_DISABLE_PIP_VERSION_CHECK", "1")
        .file(WHEEL)
}

/// The links of the index are relative, so all of it passes the proxy that counts.
fn play(target: &str, script: &str, pip: Command) -> Outcome {
    play_with(target, 400_000, script, pip)
}

/// With a wheel of this many bytes, and a few more.
fn play_with(target: &str, bytes: u64, script: &str, pip: Command) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    make_wheel(folder.path(), bytes);
    let rule = Rule::when(path(target)).script(script).unwrap();
    run(Trial::with(rule).serve_dir(folder.path()), pip)
}

fn make_wheel(folder: &Path, bytes: u64) {
    let script = workspace("harness/tests/samples/programs/make_wheel.py");
    let made = process::Command::new("python3").arg(script).arg(folder).arg(bytes.to_string()).status().unwrap();
    assert!(made.success(), "make_wheel.py: {made}");
}

/// At once: there is no pause in this loop.
fn a_truncated_wheel_is_resumed() {
    let outcome = play(WHEEL, "truncate-after=100kB x2, ok", pip(VERSION, &[]));
    outcome
        .assert()
        .succeeded()
        .attempts(3)
        .resumed_at(100_000)
        .resumed_at(200_000)
        .wasted_at_most(ByteSize::b(0))
        .content_matches()
        .claims_truthfully();
    assert_eq!(outcome.told(), Told::Truth { retries: 2 });
}

fn a_wheel_that_stays_truncated_exhausts_its_own_loop() {
    // `--retries` is about the other loop.
    let outcome = play(WHEEL, "truncate-after=50% x*", pip(VERSION, &["--retries", "1"]));
    outcome.assert().exit_code(1).attempts(6).exhausted(RESUMES).claims_truthfully().chain_matches([
        link::glob("Download failed after 6 attempts because not enough bytes were received *"),
        link::glob("URL: http://*"),
    ]);
    assert_eq!(outcome.claims().total().map(|claim| claim.count()), Some(Count::Attempts(6)));
    assert_eq!(outcome.claims().announced(), RESUMES);
}

/// What came before a reset is thrown away, and "resumed" from byte 0. It says so: `(0 bytes/400 kB)`.
fn a_wheel_that_is_reset_is_begun_anew() {
    let outcome = play(WHEEL, "reset-after=100kB x*", pip(VERSION, &[]));
    outcome.assert().exit_code(1).exhausted(RESUMES).restarted().claims_truthfully().chain_matches([
        link::glob("Download failed after 6 attempts because not enough bytes were received (0 bytes/400 kB)"),
        link::rest(),
    ]);
    assert_eq!(outcome.wire().wasted(), ByteSize::kb(500));
}

/// The warnings name the reset, the error does not.
fn what_breaks_before_the_head_is_retried() {
    let outcome = play(WHEEL, "reset x*", pip(VERSION, &["--retries", "2"]));
    outcome.assert().exit_code(1).exhausted(2).claims_truthfully().chain_matches([
        link::glob("Failed to connect to 127.0.0.1 while fetching http://*"),
        link::text("the connection was closed without a reply from the server."),
    ]);
    assert_eq!(outcome.claims().announced(), 2);
}

/// Nor does it end in order: `pip download` fails with a traceback, where `pip install` has an error message.
fn status_503_is_retried_without_a_word() {
    let outcome = play(WHEEL, "status=503 x*", pip(VERSION, &["--retries", "2"]));
    outcome.assert().exit_code(2).exhausted(2).root_cause(link::glob("*.ResponseError: too many 503 error responses"));
    assert_eq!(outcome.chain().format(), Some("python"));
    assert_eq!(outcome.told(), Told::Nothing { saw: 2, at_least: 2 });
}

/// Without the header it would come back at once, the first time.
fn retry_after_is_obeyed() {
    let outcome = play(WHEEL, "status=503 retry-after=1s, ok", pip(VERSION, &[]));
    outcome.assert().succeeded().attempts(2).obeyed_retry_after().content_matches();
}

/// Not a word of the 503, nor of a retry: as if there were no such package.
fn an_index_that_fails_is_taken_for_an_empty_one() {
    let outcome = play(INDEX, "status=503 x*", pip(VERSION, &["--retries", "1"]).file(INDEX));
    outcome.assert().exit_code(1).exhausted(1).chain_matches([
        "Could not find a version that satisfies the requirement app (from versions: none)",
        "No matching distribution found for app",
    ]);
    assert!(!outcome.stderr().text().contains("503"), "{}", outcome.stderr().text());
    assert_eq!(outcome.told(), Told::Nothing { saw: 1, at_least: 1 });
}
