//! Audits of subjects that misbehave: each is a verdict, or an error that says what is wrong, and the rest goes on.
#![cfg(unix)]

use std::time::{Duration, Instant};

use flaky_harness::audit::{Audit, AuditError, Catalogue, Report, Verdict};
use flaky_harness::{Command, function};

/// An audit of a line of shell, with three cases.
fn audit(script: &str) -> Audit {
    let audit = Audit::of(Command::new("sh").args(["-c", script])).retries(0).timeout(Duration::from_secs(20));
    audit.cases("baseline-ok").cases("early-hints").cases("status-404")
}

/// Downloads as it should.
const DOWNLOAD: &str = "curl -fsS -o {out}.part {url} && mv {out}.part {out}";

fn verdicts(report: &Report) -> Vec<Option<Verdict>> {
    report.records().iter().map(|record| record.verdict()).collect()
}

#[track_caller]
fn check(script: &str, expected: [Verdict; 3]) {
    let report = audit(script).run().unwrap();
    assert_eq!(verdicts(&report), expected.map(Some), "{report}");
    assert!(report.records().iter().all(|record| !record.account().is_empty()));
}

#[test]
fn a_good_one_holds() {
    check(DOWNLOAD, [Verdict::Succeeded, Verdict::Succeeded, Verdict::FailedCleanly]);
    audit(DOWNLOAD).check();
}

#[test]
fn one_that_is_not_there_is_an_error() {
    for (program, why) in [("/nowhere/get", "No such file"), ("/etc/passwd", "Permission denied")] {
        let error = Audit::of(Command::new(program)).run().unwrap_err();
        assert!(matches!(error, AuditError::Run(_)), "{error:?}");
        let shown = format!("{:?}", anyhow::Error::from(error));
        assert!(shown.contains(program) && shown.contains(why), "{shown}");
    }
}

#[test]
fn one_that_crashes() {
    check("kill -SEGV $$", [Verdict::Crashed; 3]);
}

#[test]
fn one_that_hangs_and_heeds_no_signal() {
    let began = Instant::now();
    let report = audit("trap '' TERM INT HUP QUIT; while :; do sleep 1; done").timeout(Duration::from_secs(1)).run();
    let report = report.unwrap();
    assert_eq!(verdicts(&report), [Some(Verdict::Hung); 3], "{report}");
    assert!(!report.works() && report.to_string().contains("It does not have the file where nothing goes wrong, "));
    assert!(report.records()[0].findings()[0].says.contains("it had asked for nothing"), "{report}");
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn one_that_leaves_processes_behind() {
    let report = audit(&format!("(sleep 1000 &) ; {DOWNLOAD}")).run().unwrap();
    assert_eq!(report.records()[0].verdict(), Some(Verdict::Succeeded), "{report}");
    assert!(
        report.records()[0].account().contains("note: 1 process was left behind, and was ended: sleep 1000"),
        "{}",
        report.records()[0].account()
    );
}

#[test]
fn one_that_prints_a_gigabyte() {
    let report = audit(&format!("head -c 1000000000 /dev/zero; {DOWNLOAD}")).cases("baseline-ok").run().unwrap();
    assert_eq!(report.records()[0].verdict(), Some(Verdict::Succeeded), "{report}");
    assert!(report.records()[0].account().contains("note: of 1000000000 bytes of stdout, "), "{report}");
}

#[test]
fn one_that_deletes_its_folders() {
    let gone = "rm -rf {dir} {home} {tmp}";
    check(gone, [Verdict::Corrupted; 3]);
    let not_met = [Verdict::NotMet; 3];
    check(&format!("{gone}; exit 1"), not_met);
}

/// Neither the file without success, nor success without the file.
#[test]
fn what_works_has_the_file_and_says_so() {
    for (script, works) in [(DOWNLOAD, true), ("curl -fsS -o {out} {url}; exit 1", false), ("exit 0", false)] {
        let report = audit(script).run().unwrap();
        assert_eq!(report.works(), works, "{script}\n{report}");
    }
}

/// A run that cannot be is told, and the others go on.
#[test]
fn where_the_audit_fails_it_says_so() {
    let downloader = function("a function", |job| std::fs::write(job.out(), "wrong"));
    let report = Audit::of(downloader).retries(0).cases("disk-full").cases("baseline-ok").run().unwrap();
    let failures: Vec<_> = report.failures().map(|record| (record.name(), record.error().unwrap())).collect();
    assert_eq!(failures.len(), 1, "{report}");
    assert!(failures[0].0 == "disk-full:once" && failures[0].1.contains("the files of a function cannot be limited"));
    assert!(report.to_string().contains("the audit itself has failed in disk-full:once"), "{report}");
    assert_eq!(report.records()[0].verdict(), Some(Verdict::Corrupted));
    assert!(!report.holds());
}

#[test]
fn what_is_not_declared_is_inferred() {
    let retrying = "for i in 1 2 3; do curl -fsS -o {out} {url} && exit; sleep 0.1; done; exit 1";
    let audit = Audit::of(Command::new("sh").args(["-c", retrying]));
    let report = audit.cases("status-50*").run().unwrap();
    assert_eq!((report.budget().retries(), report.budget().is_inferred()), (2, true), "{report}");
    assert!(report.to_string().contains("budget: 2 retries (inferred: declare it with --retries)"), "{report}");
}

/// Retries that nobody makes are the budget of who promises none.
#[test]
fn who_never_retries_is_not_accused_of_that() {
    let report = Audit::of(Command::new("sh").args(["-c", DOWNLOAD])).cases("body").run().unwrap();
    assert_eq!(report.budget().retries(), 0);
    assert!(!report.findings().any(|(_, finding)| finding.verdict == Verdict::Skipped), "{report}");
}

#[test]
fn cases_of_ones_own() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("teapot.toml"),
        "title = 'a teapot'\nlevel = 'policy'\nexpect = 'final'\nbad = 'status=418'\n",
    )
    .unwrap();
    let catalogue = Catalogue::builtin().with_folder(dir.path()).unwrap();
    let report = audit(DOWNLOAD).catalogue(catalogue).cases("teapot").run().unwrap();
    assert_eq!(report.records().last().unwrap().name(), "teapot:always");
    assert_eq!(report.records().last().unwrap().verdict(), Some(Verdict::FailedCleanly), "{report}");
}

#[test]
fn the_smallest_schedule_that_is_too_much() {
    let curl = Command::new("sh").args(["-c", "curl -sS -o {out} {url}"]);
    let found = Audit::of(curl).retries(0).shrink(7).verdict(Verdict::Corrupted).run().unwrap();
    assert!(found.is_minimal, "{found:?}");
    let (first, smallest) = (found.first.unwrap(), found.smallest.unwrap());
    assert_eq!(first.verdict(), Some(Verdict::Corrupted));
    // One attempt, and one thing that is wrong with it: which one, depends on the release of curl.
    let account = smallest.account();
    let script = account.lines().find_map(|line| line.trim().strip_prefix("/fixture.bin: ")).unwrap();
    assert!(!script.contains([' ', ',']), "{account}");
    let replay = found.report.unwrap().replay(&smallest);
    assert_eq!(replay, format!("flaky-audit --script {script} --retries 0 -- sh -c 'curl -sS -o {{out}} {{url}}'"));
}
