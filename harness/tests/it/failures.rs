//! What a failed assertion prints: texts for tired people.

use std::path::PathBuf;

use flaky_harness::{AssertionError, Command, Outcome, Trial, function, link};
use flaky_server::{FlakyServer, Rule, matchers::path};

use crate::downloaders::{other, retrying, with_retries};
use crate::support::{fetch, run};

/// The text, without what differs from run to run: bars have a length, columns a width.
#[track_caller]
fn text(outcome: &Outcome, result: Result<flaky_harness::Assert<'_>, AssertionError>) -> String {
    let text = outcome.redact(&result.unwrap_err().to_string());
    let bar = regex::Regex::new("[█▒]+").unwrap();
    let files = fixtures().display().to_string();
    let lines = text.lines().map(|line| {
        let blanks = line.len() - line.trim_start().len();
        let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
        format!("{}{}\n", " ".repeat(blanks.min(5)), bar.replace_all(&words, "█").replace(&files, "fixtures/files"))
    });
    lines.collect()
}

fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("fixtures/files")
}

#[cfg(unix)]
#[test]
fn skipped() {
    let once = Command::new("sh").args(["-c", "echo 'curl: (56) Recv failure: Connection reset by peer' >&2; exit 56"]);
    let asks = function("asks once", |job| fetch(job.url(), 0).map(|_| ()));
    let outcome = run(
        Trial::with(Rule::when(path("*.gz")).script("reset-after=1MB x*").unwrap())
            .serve_dir(fixtures())
            .file("/app.tar.gz")
            .seed(42),
        asks,
    );
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_attempts(4)));
    // A program has a line that replays it.
    let outcome = Trial::with("reset-after=1MB x*").serve_dir(fixtures()).file("/app.tar.gz").seed(42).run(&once);
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_succeeded()));
}

#[test]
fn multiplied() {
    let nested = function("nested loops", |job| {
        let mut left = 3;
        loop {
            match with_retries(job.url(), 3) {
                Err(_) if left > 0 => left -= 1,
                result => return result.map(|_| ()).map_err(|_| other("request failed after 3 retries")),
            }
        }
    });
    let outcome = run(Trial::with("reset-after=1MB x*").seed(42), nested);
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_claims_truthfully()));
}

#[test]
fn a_file_that_is_taken_for_whole() {
    let credulous = function("takes what it gets", |job| {
        let got = fetch(job.url(), 0).map(|file| file.body).unwrap_or_default();
        std::fs::write(job.dir().join("lock"), "")?;
        std::fs::write(job.out(), [&got[..], b"cont"].concat())
    });
    let trial = Trial::with("truncate-after=50% x*").serve_bytes("/f", "content").seed(42);
    let outcome = run(trial, credulous);
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_content_matches()));
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_failed()));
}

#[test]
fn another_chain() {
    let outcome = run(Trial::with("reset-after=1MB x*").seed(42), retrying(1));
    let wrong = [link::glob("request failed after * retries"), link::eof()];
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_chain_matches(wrong)));
}

#[test]
fn attempts_elsewhere() {
    let server = FlakyServer::builder()
        .serve_bytes("/a", "content")
        .serve_bytes("/b", "content")
        .rule(Rule::any().script("drop x*").unwrap())
        .seed(42)
        .start()
        .unwrap();
    let other_file = function("gets another file", |job| {
        let _ = fetch(&format!("{}/b", job.base()), 0);
        with_retries(&format!("{}/b?mirror=2", job.base()), 1).map(|_| ())
    });
    let outcome = run(Trial::new(&server).file("/a"), other_file);
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_attempts(1)));
}

#[cfg(unix)]
#[test]
fn a_program_that_hangs_and_prints() {
    let hangs = Command::new("sh").args(["-c", "yes progress | head -c 10000; echo stuck; exec sleep 1000"]);
    let trial = Trial::with("ok").timeout(std::time::Duration::from_secs(3)).output_limit(200).seed(42);
    let outcome = trial.run(&hangs);
    insta::assert_snapshot!(text(&outcome, outcome.assert().try_did_not_hang()));
}

#[test]
fn the_table_alone() {
    let outcome = run(Trial::with("drop, status=503, reset-after=1MB, ok").seed(42), retrying(3));
    insta::assert_snapshot!(outcome.redacted_table());
    insta::assert_snapshot!(run(Trial::with("reset-after=1MB x*"), retrying(3)).redacted_chain());
}
