//! The clients that are known by name, audited: each is called as it has to be, has the file where nothing is wrong, and in
//! a few cases does what its budget says. The whole catalogue is for the scorecard.

use std::path::PathBuf;

use flaky_harness::Command;
use flaky_harness::audit::{Audit, Client, Report, Verdict};

use crate::installed;
use crate::suite::{Missing, Named, named, suite, unless, version};

/// Those that come with the tests of this package: the model downloader has its own.
pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
    let tests: Vec<Named<fn(Client)>> = named![has_the_file, is_never_taken_in, retries_an_error_status];
    let without_retries: Vec<Named<fn(Client)>> = named![has_the_file, is_never_taken_in];
    let of = |name: &'static str, missing: Option<Missing>, tests: Vec<Named<fn(Client)>>| {
        let tests = tests.into_iter().map(move |(test_name, test)| (test_name, move || test(client(name))));
        suite(&format!("audit-{name}"), missing, tests)
    };
    let system = |program: &'static str| unless(|| version(program).is_some(), format!("needs {program} in PATH"));
    let fetched = |path: &str| unless(|| installed(path).exists(), "run tests/clients/install.sh");
    let suites = [
        of("aria2c", system("aria2c"), tests.clone()),
        of("cargo", system("cargo"), tests.clone()),
        of("curl", system("curl"), tests.clone()),
        of("node-fetch", system("node"), without_retries.clone()),
        of("npm", system("npm"), tests.clone()),
        of("pip", fetched("pip-26.3"), tests.clone()),
        of("requests", fetched("requests-2.34.2"), without_retries),
        of("uv-pip", fetched("uv-0.13.9/bin/uv"), tests.clone()),
        of("uv-python", fetched("uv-0.13.9/bin/uv"), tests.clone()),
        of("wget", system("wget"), tests),
    ];
    let tutorial: Vec<Named> = named![the_tutorial_is_right];
    suites.into_iter().flatten().chain(suite("audit-tutorial", system("curl"), tutorial)).collect()
}

/// The script that the tutorial begins with is taken in, and the one that it ends with is not.
fn the_tutorial_is_right() {
    let page = include_str!("../../src/docs/first_audit.md");
    let scripts: Vec<_> = page.split("```sh\n").filter(|block| block.starts_with("#!/bin/sh\n")).collect();
    let [first, last] = scripts[..] else { panic!("{} scripts", scripts.len()) };
    let verdicts = |script: &str, cases: &[&str]| {
        let script = script.split("\n```").next().unwrap();
        let command = Command::new("sh").args(["-c", script, "get", "{url}", "{out}"]);
        let audit = Audit::of(command).retries(3);
        let report = cases.iter().fold(audit, |audit, case| audit.cases(*case)).run().unwrap();
        report.records().iter().map(|record| record.verdict().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(verdicts(first, &["status-503:always"]), [Verdict::Corrupted]);
    let cases = ["fin-mid-body", "status-503", "status-404", "disk-full"];
    use Verdict::{FailedCleanly, Recovered};
    let expected = [FailedCleanly, Recovered, FailedCleanly, Recovered, FailedCleanly, FailedCleanly];
    assert_eq!(verdicts(last, &cases), expected);
}

fn client(name: &str) -> Client {
    let client = Client::find(name).unwrap();
    let path = |path: &str| installed(path).canonicalize().unwrap_or_else(|_| PathBuf::from(path));
    match name {
        "pip" => client.env("PYTHONPATH", path("pip-26.3").display().to_string()),
        "requests" => client.env("PYTHONPATH", path("requests-2.34.2").display().to_string()),
        "uv-pip" | "uv-python" => client.program(path("uv-0.13.9/bin/uv")),
        _ => client,
    }
}

fn audit(client: &Client, cases: &[&str]) -> Report {
    assert!(client.ask_version().is_some());
    let audit = cases.iter().fold(client.audit(), |audit, case| audit.cases(*case));
    let report = audit.run().unwrap();
    assert!(report.works() && report.failures().next().is_none(), "{report}");
    report
}

fn has_the_file(client: Client) {
    let report = audit(&client, &["baseline-ok", "chunked"]);
    assert!(report.holds(), "{report}");
}

/// None of them takes half of a body for the file.
fn is_never_taken_in(client: Client) {
    let report = audit(&client, &["fin-mid-body:always", "reset-mid-body:always"]);
    assert!(!report.findings().any(|(_, finding)| finding.verdict == Verdict::Corrupted), "{report}");
}

fn retries_an_error_status(client: Client) {
    let report = audit(&client, &["status-503:then-good"]);
    assert_eq!(report.records()[0].verdict(), Some(Verdict::Recovered), "{report}");
}
