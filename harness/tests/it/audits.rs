//! Audits of subjects that misbehave: each is a verdict, or an error that says what is wrong, and the rest goes on.
#![cfg(unix)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use flaky_harness::audit::{Audit, AuditError, Catalogue, Report, Verdict};
use flaky_harness::{Command, Downloader, Job, Ran, RunError, function};

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

/// A downloader that can be run only so often.
#[derive(Debug)]
struct Wears(AtomicU64);

impl Downloader for Wears {
    fn describe(&self, _job: &Job) -> String {
        "wears".to_owned()
    }

    fn run(&self, job: &Job) -> Result<Ran, RunError> {
        match self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
            Ok(_) => Command::new("sh").args(["-c", DOWNLOAD]).run(job),
            Err(_) => Err(RunError::Other("worn out".into())),
        }
    }
}

/// A run that cannot be is told, and the others go on.
#[test]
fn where_the_audit_fails_it_says_so() {
    // A first look, a case, and then no more.
    let audit = Audit::of(Wears(AtomicU64::new(2))).retries(0).jobs(1);
    let report = audit.cases("baseline-ok").cases("early-hints").run().unwrap();
    let failures: Vec<_> = report.failures().map(|record| (record.name(), record.error().unwrap())).collect();
    assert_eq!(failures.len(), 1, "{report}");
    assert!(failures[0].0 == "baseline-ok:once" && failures[0].1.contains("worn out"), "{failures:?}");
    assert!(report.to_string().contains("the audit itself has failed in baseline-ok:once"), "{report}");
    assert_eq!(verdicts(&report), [None, Some(Verdict::Succeeded)]);
    assert!(!report.holds());
}

/// The files of a function cannot be limited, and nobody is to blame for that.
#[test]
fn a_function_meets_no_full_disk() {
    let downloader = function("a function", |job| {
        let ran = std::process::Command::new("curl").args(["-fsS", "-o"]).arg(job.out()).arg(job.url()).status()?;
        if ran.success() { Ok(()) } else { Err(std::io::Error::other("curl has failed")) }
    });
    let report = Audit::of(downloader).retries(0).cases("disk-full").cases("baseline-ok").run().unwrap();
    assert!(report.holds() && report.works(), "{report}");
    let full = &report.records()[1];
    assert_eq!((full.name().as_str(), full.verdict()), ("disk-full:once", Some(Verdict::NotMet)));
    assert!(full.account().contains("its files cannot be limited in length: it is a function"), "{}", full.account());
}

/// Four parts side by side, each with a budget of its own.
#[test]
fn parts_have_budgets_of_their_own() {
    let part = "for i in 1 2 3 4; do curl -fsS -r $from-$to -o $from.part {url} && break; [ $i = 4 ] && exit 1; sleep 0.3; done";
    let script = format!(
        "for n in 0 1 2 3; do from=$((n * 500000)); to=$((from + 499999)); ({part}) & pids=\"$pids $!\"; done\n\
         for pid in $pids; do wait $pid || failed=1; done\n\
         [ -z \"$failed\" ] && cat 0.part 500000.part 1000000.part 1500000.part >{{out}} && exit\n\
         echo 'failed after 3 retries' >&2; exit 1"
    );
    let audit = Audit::of(Command::new("sh").args(["-c", &script])).retries(3).jobs(1);
    // In the last one each part breaks when all of it is there, and the next one begins where it ended.
    let audit = audit.cases("fin-mid-body").cases("reset-mid-body").cases("status-503").cases("length-too-long");
    let report = audit.run().unwrap();
    let wrong = [Verdict::Exceeded, Verdict::NoBackoff, Verdict::Untrue, Verdict::StoppedShort];
    assert!(report.works() && !report.findings().any(|(_, finding)| wrong.contains(&finding.verdict)), "{report}");
}

/// Redirects are no retries, and whoever begins anew behind them makes some.
#[test]
fn who_walks_in_circles_again_is_found() {
    let curl = |more: &str| Command::new("sh").args(["-c".to_owned(), format!("curl -fsSL {more} -o {{out}} {{url}}")]);
    let verdict = |more: &str| {
        let report = Audit::of(curl(more)).retries(2).cases("redirect-loop").run().unwrap();
        let exceeded = report.findings().any(|(_, finding)| finding.verdict == Verdict::Exceeded);
        assert!(report.records()[0].attempts() > 20, "{report}");
        exceeded
    };
    assert!(!verdict(""));
    assert!(verdict("--retry 2 --retry-all-errors --retry-delay 1"));
}

/// A server that is down for longer than anybody waits is no reason to wait.
#[test]
fn nobody_waits_for_a_server_that_nobody_asks() {
    let dir = tempfile::tempdir().unwrap();
    let text = "title = 'down'\nlevel = 'policy'\nexpect = 'reject'\nscript = 'ok'\ndown = '1000h'\n";
    std::fs::write(dir.path().join("down.toml"), text).unwrap();
    let catalogue = Catalogue::builtin().with_folder(dir.path()).unwrap();
    let report = Audit::of(Command::new("sh").args(["-c", DOWNLOAD])).catalogue(catalogue).retries(0).cases("down");
    let report = report.run().unwrap();
    assert_eq!(verdicts(&report), [Some(Verdict::FailedCleanly)], "{report}");
    // No line has a catalogue that a test has made.
    assert_eq!(report.replay(&report.records()[0]), "the same test, with `.cases(\"down:once\")`");
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
