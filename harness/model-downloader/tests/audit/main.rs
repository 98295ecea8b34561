//! The audit, tried on a downloader of which everything is known: the model holds in all cases, and each of its flaws is
//! found as what it is, where it shows, and nowhere else.
#![cfg(target_os = "linux")]

mod expected; // what is to be found of each flaw
#[path = "../it/table.rs"]
mod table; // a table of the documentation

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use flaky_harness::Command;
use flaky_harness::audit::{Audit, Report, Verdict, fixture_sha256};
use model_downloader::flaws;

use self::expected::{EXPECTED, Expected};
use self::table::{cell, check_table};

const MODEL: &str = env!("CARGO_BIN_EXE_model-downloader");

/// Whoever waits for ever is found out after that; all others end long before.
const LIMIT: Duration = Duration::from_secs(30);

/// So many audits at the same time, each with so many runs.
const AUDITS: usize = 6;
const JOBS: usize = 6;

/// What stdout is written to gets its name when it is complete.
const TO_FILE: &str = r#""$@" >"$FLAKY_OUT.part" && mv "$FLAKY_OUT.part" "$FLAKY_OUT""#;

/// The model with this flaw, and what it promises.
fn audit(flaw: Option<&str>, expected: &Expected) -> Audit {
    let pace = ["--backoff", expected.backoff, "--max-backoff", expected.backoff];
    let limits = ["--timeout", "1500ms", "--min-rate", "100", "--max-wait", "5s"];
    let mut model = Command::new(MODEL).args(pace).args(limits);
    if let Some(flaw) = flaw {
        model = model.args(["--flaw", flaw]);
    }
    if expected.verifies {
        model = model.args(["--sha256", &fixture_sha256(), "--cache", "{home}/cache"]);
    }
    if expected.stdout {
        let to_file = Command::new("sh").args(["-c", TO_FILE, "sh", MODEL]);
        model = to_file.args(pace).args(limits).args(flaw.iter().flat_map(|flaw| ["--flaw", flaw]));
    }
    let model = model.args(["--output", if expected.stdout { "-" } else { "{out}" }, "{url}"]);
    // Whether the server is back before the last attempt is a matter of the machine.
    let audit = Audit::of(model).except("refused-then-up");
    let audit = audit.retries(3).resumes().aborts_slow().timeout(LIMIT).jobs(JOBS);
    let audit = if expected.verifies { audit.verifies() } else { audit };
    expected.cases.iter().fold(audit, |audit, case| audit.cases(*case))
}

/// Which verdicts are held against it, and in which runs.
fn found(report: &Report) -> BTreeMap<Verdict, Vec<String>> {
    assert!(report.works() && report.failures().next().is_none(), "{report}");
    let mut found: BTreeMap<Verdict, Vec<String>> = BTreeMap::new();
    for (record, finding) in report.findings() {
        found.entry(finding.verdict).or_default().push(record.name());
    }
    found
}

/// In each way in which a flaw is tried, nothing is held against the model that has none.
#[test]
fn the_model_holds() {
    let ways = [&Expected::DEFAULT, &Expected::VERIFIED, &Expected::TO_STDOUT, &Expected::SLOW_TO_COME_BACK];
    thread::scope(|scope| {
        for way in ways {
            scope.spawn(|| {
                let report = audit(None, way).run().unwrap();
                assert!(report.holds(), "{report}");
            });
        }
    });
}

/// With `FLAKY_UPDATE=1` it writes the table instead.
#[test]
fn each_flaw_is_found_where_it_shows_and_nowhere_else() {
    let left: Mutex<Vec<_>> = Mutex::new(EXPECTED.iter().collect());
    let rows = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some((flaw, expected)) = { left.lock().unwrap().pop() } {
            let report = audit(Some(flaw), expected).run().unwrap();
            let found = found(&report);
            let verdicts: Vec<_> = found.keys().copied().collect();
            assert_eq!(verdicts, expected.verdicts, "{flaw}\n{report}");
            rows.lock().unwrap().insert(*flaw, found);
        }
    };
    thread::scope(|scope| {
        (0..AUDITS).for_each(|_| drop(scope.spawn(work)));
    });
    let mut table = "| flaw | what is found | where |\n|---|---|---|\n".to_owned();
    for (flaw, found) in rows.into_inner().unwrap() {
        for (verdict, runs) in found {
            table += &format!("| `{flaw}` | {verdict} | {} |\n", cell(&runs.join(", ")));
        }
    }
    check_table(concat!(env!("CARGO_MANIFEST_DIR"), "/src/flaws/found.md"), &table);
}

#[test]
fn no_flaw_is_left_out() {
    let mut expected: Vec<_> = EXPECTED.iter().map(|(flaw, _)| *flaw).collect();
    let mut all: Vec<_> = flaws::ALL.iter().map(|flaw| flaw.name()).collect();
    expected.sort_unstable();
    all.sort_unstable();
    assert_eq!(expected, all);
}

/// As one after the other, so several at a time: of a flaw, and of the model in all cases.
#[test]
fn two_audits_say_the_same() {
    let flawed = || audit(Some("nests-loops"), &Expected::DEFAULT).cases("two-phase").cases("connection");
    let alone = found(&flawed().jobs(1).run().unwrap());
    assert!(!alone.is_empty());
    assert_eq!(alone, found(&flawed().jobs(16).run().unwrap()));
    let verdicts = |jobs: usize| -> BTreeMap<_, _> {
        let report = audit(None, &Expected::DEFAULT).jobs(jobs).run().unwrap();
        report.records().iter().map(|record| (record.name(), record.verdict())).collect()
    };
    let some = verdicts(4);
    assert!(some.len() > 150);
    // Each case comes to what it is about, but for the one that needs two files.
    let not_met: Vec<_> =
        some.iter().filter(|(_, verdict)| **verdict == Some(Verdict::NotMet)).map(|(name, _)| name).collect();
    assert_eq!(not_met, ["stale-keepalive:once"]);
    assert_eq!(some, verdicts(24));
}
