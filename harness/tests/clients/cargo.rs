//! cargo, whose budget is `net.retry`, 3 unless told otherwise, for the index and for crates alike.
//!
//! It announces each retry (`spurious network error (2 tries remaining)`) and has no total. The cargo that
//! runs is the one that has built the tests.
//!
//! The index says where the crates are, with an absolute URL: that of the server. So a proxy in between would see half of
//! it, and these trials run without the one that counts.

use std::fs;
use std::path::Path;
use std::process;

use flaky_harness::{Command, Effort, Outcome, Told, Trial, link};
use flaky_server::{FlakyServer, Rule, matchers::path};
use tempfile::TempDir;

use crate::behaviour::{Behaviour, Cause, Leaves, Row, Tells, WHOLE, found};
use crate::suite::{Missing, Named, named, suite, unless, version};
use crate::versions::Versions;
use crate::workspace;

/// Not the one in `PATH`, which may be a shim that looks for its toolchains in the home folder.
const CARGO: &str = env!("CARGO");

const VERSIONS: Versions = Versions::new("1.85", "1.97", &["1.85.1", "1.95.0", "1.97.1"]);

/// 1.85 does not obey `Retry-After`; when that began, nobody has measured.
const OBEYING: Versions = Versions::new("1.95", "1.97", &[]);

const CRATE: &str = "/app-1.0.0.crate";
const INDEX: &str = "/index/3/a/app";

/// Its exit status for whatever goes wrong.
const FAILED: i32 = 101;

pub(crate) const BEHAVIOURS: &[Behaviour] = &[Behaviour {
    client: "cargo",
    versions: VERSIONS,
    command: "CARGO_NET_RETRY=2 cargo fetch",
    budget: 2,
    rows: [
        Row {
            script: "reset-after=500kB x2, ok",
            effort: Effort::Recovered(2),
            exit: 0,
            asks: &[WHOLE, WHOLE, WHOLE],
            leaves: Leaves::Installed("app-1.0.0.crate"),
            cause: Cause::None,
            tells: Tells::Truth,
        },
        Row {
            script: "reset-after=500kB x*",
            effort: Effort::Exhausted,
            exit: FAILED,
            asks: &[WHOLE, WHOLE, WHOLE],
            leaves: Leaves::Without("app-1.0.0.crate"),
            cause: Cause::Reset("[56] * (Recv failure: Connection reset by peer)"),
            tells: Tells::Truth,
        },
    ],
}];

pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named> = named![
        a_crate_that_is_reset_is_retried,
        recovers,
        all_of_5xx_is_retried,
        status_404_is_not_retried,
        an_empty_reply_is_not_retried,
        the_index_is_retried,
    ];
    let obeying: Vec<Named> = named![retry_after_is_obeyed];
    let other = || OBEYING.others("cargo", version(CARGO).as_deref());
    let own = suite("cargo", missing(), tests).into_iter();
    let own = own.chain(suite("cargo", missing().or_else(other), obeying));
    let play = |script: &str| play_with(CRATE, 2_000_000, script, 2);
    own.chain(suite("cargo", missing(), BEHAVIOURS[0].tests(play))).collect()
}

/// The registry is made with Python.
fn missing() -> Option<Missing> {
    unless(
        || Path::new(CARGO).is_file() && version("python3").is_some(),
        "needs cargo where it was, and python3 in PATH",
    )
    .or_else(|| VERSIONS.missing("cargo", version(CARGO).as_deref()))
}

/// A project with one dependency, from a registry.
fn play(target: &str, script: &str, retries: u64) -> Outcome {
    play_with(target, 200_000, script, retries)
}

/// With a crate of this many bytes, and a few more.
fn play_with(target: &str, bytes: u64, script: &str, retries: u64) -> Outcome {
    let (served, project) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let rule = Rule::when(path(target)).script(script).unwrap();
    let server = FlakyServer::builder().serve_dir(served.path()).rule(rule).start().unwrap();
    make_registry(served.path(), &server.base(), bytes, project.path());
    let cargo = Command::new(CARGO)
        .arg("fetch")
        .current_dir(project.path())
        .env("CARGO_HOME", "{dir}/cargo")
        .env("CARGO_NET_RETRY", retries.to_string())
        .env("RUSTC", Path::new(CARGO).with_file_name("rustc"))
        .file(target);
    let outcome = Trial::new(&server).run(&cargo);
    if outcome.succeeded() {
        let cached = found(&outcome.dir(), CRATE.trim_start_matches('/')).expect("it is in the cache");
        assert!(fs::read(cached).unwrap() == fs::read(served.path().join(&CRATE[1..])).unwrap(), "it is not whole");
    }
    outcome
}

fn make_registry(served: &Path, base: &str, bytes: u64, project: &Path) {
    let script = workspace("harness/tests/samples/programs/make_registry.py");
    let mut python = process::Command::new("python3");
    let python = python.arg(script).arg("cargo").arg(served).arg(base).arg(bytes.to_string());
    let made = python.current_dir(project).status().unwrap();
    assert!(made.success(), "make_registry.py: {made}");
}

fn a_crate_that_is_reset_is_retried() {
    let outcome = play(CRATE, "reset-after=50% x*", 2);
    outcome
        .assert()
        .exit_code(FAILED)
        .attempts(3)
        .exhausted(2)
        .restarted()
        .claims_truthfully()
        .chain_matches([link::glob("failed to download from `http://*/app-1.0.0.crate`"), link::reset()]);
    assert_eq!(outcome.claims().announced(), 2);
    assert_eq!(outcome.told(), Told::Truth { retries: 2 });
}

fn recovers() {
    let outcome = play(CRATE, "reset-after=50%, ok", 2);
    outcome.assert().succeeded().attempts(2).restarted().claims_truthfully();
    assert_eq!(outcome.effort(2), Effort::Recovered(1));
}

/// Whether it helps or not: 501 and 505 are about what the server can do at all.
fn all_of_5xx_is_retried() {
    for status in [500, 501, 503, 505] {
        let outcome = play(CRATE, &format!("status={status} x*"), 1);
        outcome.assert().exit_code(FAILED).exhausted(1).claims_truthfully().root_cause(link::status(status));
    }
}

/// For three seconds: without the header it would come back after 0.5 s to 1.5 s.
fn retry_after_is_obeyed() {
    let outcome = play(CRATE, "status=503 retry-after=3s, ok", 1);
    outcome.assert().succeeded().attempts(2).obeyed_retry_after();
}

fn status_404_is_not_retried() {
    let outcome = play(CRATE, "status=404 x*", 2);
    outcome.assert().exit_code(FAILED).did_not_retry().claims_truthfully().root_cause(link::status(404));
    assert_eq!(outcome.effort(2), Effort::Declined);
}

/// A connection that is closed before a byte of the reply: transient as a reset is, and not on cargo's list.
fn an_empty_reply_is_not_retried() {
    let outcome = play(CRATE, "drop x*", 2);
    outcome.assert().exit_code(FAILED).did_not_retry().root_cause(link::eof());
    assert_eq!(outcome.effort(2), Effort::Skipped);
}

fn the_index_is_retried() {
    let outcome = play(INDEX, "truncate-after=50% x*", 1);
    outcome.assert().exit_code(FAILED).exhausted(1).claims_truthfully().chain_matches([
        link::glob("failed to get `app` as a dependency of package `user v0.1.0 (*)`"),
        // Those in between differ: 1.97 has `unable to update registry`, and no address.
        link::rest(),
        link::text("download of 3/a/app failed"),
        link::rest(),
        link::eof(),
    ]);
}
