//! `flaky-audit`, the program: what it prints, and how it exits.
#![cfg(unix)]

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const DOWNLOAD: &str = "curl -fsS -o {out}.part {url} && mv {out}.part {out}";

/// Runs it, in a home of its own.
fn run(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaky-audit"));
    command.args(args).env("XDG_STATE_HOME", home).env_remove("RUST_BACKTRACE").output().unwrap()
}

#[track_caller]
fn check(args: &[&str], code: i32, stdout: &[&str], stderr: &[&str]) -> String {
    let home = TempDir::new().unwrap();
    let output = run(home.path(), args);
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{out}\n{err}");
    stdout.iter().for_each(|text| assert!(out.contains(text), "`{text}` is not in\n{out}\n{err}"));
    stderr.iter().for_each(|text| assert!(err.contains(text), "`{text}` is not in\n{err}"));
    out.into_owned()
}

#[test]
fn zero_is_that_all_hold() {
    let args = ["--cases", "forms", "--retries", "0", "--", "sh", "-c", DOWNLOAD];
    check(&args, 0, &["budget: 0 retries (declared)", "early-hints ", ": all hold\n", "the audit's own: "], &[]);
}

#[test]
fn one_is_that_something_was_found() {
    let args = ["--cases", "status-404", "--retries", "0", "--", "sh", "-c", "curl -sS -o {out} {url}"];
    let line = "flaky-audit --cases status-404:always --retries 0 -- sh -c 'curl -sS -o {out} {url}'";
    check(&args, 1, &["! corrupted", "exit status 0: `fixture.bin` differs from byte 0 on", line, "1 finding\n"], &[]);
    // What is below the level is told, and does not count.
    let args = ["--cases", "status-404", "--level", "must", "--", "sh", "-c", "curl -sS -o {out} {url}"];
    check(&args, 0, &["! corrupted", "1 finding, 0 of them MUST\n"], &[]);
}

#[test]
fn two_is_that_the_arguments_are_wrong() {
    check(&[], 2, &[], &["nothing to audit: give a command behind `--`, or --client NAME"]);
    check(&["--client", "crul"], 2, &[], &["no client is called `crul`; there are aria2c, cargo, curl"]);
    check(&["--client", "curl", "--", "curl"], 2, &[], &["and not both"]);
    check(&["--cases", "fin-mid", "--", "true"], 2, &[], &["no case is called `fin-mid`; there are fin-mid-headers"]);
    check(&["--explain", "fin"], 2, &[], &["no case is called `fin`; there are "]);
    check(&["--timeout", "soon", "--", "true"], 2, &[], &["--timeout"]);
    check(&["--script", "dorp", "--", "true"], 2, &[], &["unknown fault `dorp`", "^^^^", "did you mean `drop`?"]);
    check(&["shrink", "--verdict", "bad", "--", "true"], 2, &[], &["there are corrupted, hung, "]);
    check(&["--", "curl", "{ulr}"], 2, &[], &["`{ulr}` in `{ulr}` is no placeholder: did you mean `{url}`?"]);
    check(&["--cases", "body", "--except", "body", "--", "true"], 2, &[], &["no case is left"]);
    check(&["--output", "f", "--", "true"], 2, &[], &["--format"]);
    let dir = TempDir::new().unwrap();
    std::fs::write(dir.path().join("a.toml"), "titel = 'x'\n").unwrap();
    check(
        &["--catalogue", dir.path().to_str().unwrap(), "--list"],
        2,
        &[],
        &["a.toml`", "a: this is no case", "unknown field `titel`"],
    );
}

#[test]
fn three_is_that_the_audit_itself_has_failed() {
    check(&["--", "/nowhere/get", "{url}"], 3, &[], &["cannot start `/nowhere/get`", "No such file or directory"]);
    // What does not work at all is not judged, and does not pass either.
    let broken =
        ["It does not have the file where nothing goes wrong", "it asked for nothing", "it said: no such luck"];
    let args = ["--cases", "early-hints", "--", "sh", "-c", "echo no such luck >&2; exit 1"];
    check(&args, 3, &broken, &["it does not have the file where nothing goes wrong: exit status 1"]);
    check(
        &["--client", "curl", "--program", "/nowhere/curl"],
        3,
        &[],
        &["`curl` is not there, or cannot be asked for its version"],
    );
    // Nothing can be too much for what does not work at all.
    let broken = ["it does not have the file where nothing goes wrong, so nothing is to be found: exit status 1"];
    check(&["shrink", "--seed", "1", "--", "sh", "-c", "exit 1"], 3, &[], &broken);
}

/// It is not the downloader's fault, and nothing is left behind that looks like a report.
#[test]
fn without_a_place_for_folders_there_is_no_audit() {
    let home = TempDir::new().unwrap();
    let report = home.path().join("report.json");
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaky-audit"));
    command.args(["--format", "json", "--output"]).arg(&report).args(["--", "sh", "-c", DOWNLOAD]);
    let output = command.env("XDG_STATE_HOME", home.path()).env("TMPDIR", "/nowhere").output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{error}");
    assert!(error.contains("cannot make a folder for the trial"), "{error}");
    assert!(!report.exists());
}

#[test]
fn a_scorecard_of_nobody_is_none() {
    let home = TempDir::new().unwrap();
    let page = home.path().join("page.md");
    std::fs::write(&page, "what was there").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaky-audit"));
    command.args(["scorecard", "--output"]).arg(&page).env("PATH", "/nowhere");
    let output = command.env("XDG_STATE_HOME", home.path()).output().unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(3) && error.contains("none of the clients is there"), "{error}");
    assert_eq!(std::fs::read_to_string(&page).unwrap(), "what was there");
}

#[test]
fn it_prints_what_there_is() {
    let list = check(&["--list"], 0, &["body\n", "  fin-mid-body ", "MUST "], &[]);
    assert!(list.lines().count() > 100, "{list}");
    let explained =
        ["on the wire\n", "a good downloader\n", "RFC 9112 §8", "psf/requests#4956", "played\n  truncate-after=50%"];
    check(&["--explain", "fin-mid-body"], 0, &explained, &[]);
    let clients = check(&["--list-clients"], 0, &["curl ", "uv-python ", "node-fetch "], &[]);
    assert_eq!(clients.lines().count(), 11);
    check(&["--explain-client", "pip"], 0, &["cache\n  {home}/pip-cache", "PIP_RESUME_RETRIES"], &[]);
    check(&["--help"], 0, &["Exit status: 0 all hold, 1 findings (of --level or above)"], &[]);
}

#[test]
fn reports_for_others() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("report.json");
    let curl = ["sh", "-c", "curl -sS -o {out} {url}"];
    let with = |format: &[&'static str]| {
        let mut args = vec!["--cases", "status-404", "--retries", "0"];
        args.extend(format);
        args
    };
    let mut args = with(&["--format", "json", "--output"]);
    args.extend([file.to_str().unwrap(), "--"]);
    args.extend(curl);
    check(&args, 1, &["! corrupted"], &[]);
    let report: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((&report["v"], &report["holds"]), (&1.into(), &false.into()));
    let run = &report["runs"][0];
    assert_eq!((&run["verdict"], &run["mode"], &run["attempts"]), (&"corrupted".into(), &"always".into(), &1.into()));
    assert_eq!(run["findings"][0]["level"], "SHOULD");

    let mut args = with(&["--format", "markdown", "--"]);
    args.extend(curl);
    check(&args, 1, &["| `status-404` | POLICY | **corrupted** |  |", "## corrupted"], &[]);
    // The audit is lost if its report cannot be written, and that is told.
    let mut args = with(&["--format", "json", "--output", "/nowhere/report.json", "--"]);
    args.extend(curl);
    check(&args, 3, &[], &["cannot write `/nowhere/report.json`: No such file"]);
}

#[test]
fn the_last_audit_can_be_looked_at() {
    let home = TempDir::new().unwrap();
    let text = |args: &[&str]| String::from_utf8_lossy(&run(home.path(), args).stdout).into_owned();
    run(home.path(), &["--cases", "status-404", "--retries", "0", "--", "sh", "-c", DOWNLOAD]);
    let shown = text(&["--show", "status-404"]);
    let parts =
        ["status-404:always, ", "the wire saw (/fixture.bin)", "over time", "█", "replay\n  flaky-audit --cases"];
    parts.iter().for_each(|part| assert!(shown.contains(part), "`{part}` is not in\n{shown}"));
    assert_eq!(shown, text(&["--show", "status-404:always"]));
    // To play another case is not to forget this one, unless it is of another downloader.
    run(home.path(), &["--cases", "status-410", "--retries", "0", "--", "sh", "-c", DOWNLOAD]);
    assert_eq!(shown, text(&["--show", "status-404"]));
    run(home.path(), &["--cases", "status-404", "--retries", "0", "--", "sh", "-c", "curl -fsSo {out} {url}"]);
    assert!(text(&["--show", "status-410"]).is_empty());
    let output = run(home.path(), &["--show", "status-503"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("was not in the last audit; there were status-404:always")
    );
}

#[test]
fn a_script_of_ones_own_and_the_smallest_that_is_too_much() {
    let curl = "curl -sS -o {out} {url}";
    let args = ["--script", "status=503, ok", "--retries", "0", "--", "sh", "-c", curl];
    check(&args, 1, &["! corrupted", "flaky-audit --script 'status=503, ok' --retries 0 -- sh -c"], &[]);
    let args = ["shrink", "--seed", "7", "--retries", "0", "--verdict", "corrupted", "--", "sh", "-c", curl];
    check(&args, 1, &["nothing smaller is too much", "smallest  "], &["seed 7", "corrupted: "]);
    let args = ["shrink", "--seed", "7", "--retries", "0", "--max-runs", "1", "--verdict", "poisoned"];
    let args = [&args[..], &["--", "sh", "-c", DOWNLOAD]].concat();
    check(&args, 0, &["seed 7: nothing was too much in 1 run\n"], &[]);
}

/// Whoever pastes it gets the same run, held to the same.
#[test]
fn the_line_that_plays_a_run_again_says_all_that_was_said() {
    let promises =
        ["--retries", "2", "--body-retries", "1", "--resumes", "--verifies", "--aborts-slow", "--timeout", "9s"];
    let mut args = vec!["--cases", "status-404"];
    args.extend(promises);
    args.extend(["--env", "A=b", "--", "sh", "-c", "curl -sS -o {out} {url}"]);
    let line = format!(
        "flaky-audit --cases status-404:always {} --env A=b -- sh -c 'curl -sS -o {{out}} {{url}}'",
        promises.join(" ")
    );
    check(&args, 1, &[&line], &[]);
}

/// Without `--verdict`, what breaks a SHOULD, and too many attempts; and not what is a matter of taste.
#[test]
fn a_search_looks_for_the_worst() {
    let twice =
        "curl -fsS -o {out}.p {url} || curl -fsS -o {out}.p {url} || curl -fsS -o {out}.p {url}; mv {out}.p {out}";
    let args = ["shrink", "--seed", "1", "--retries", "1", "--", "sh", "-c", twice];
    check(&args, 1, &["nothing smaller is too much"], &["exceeded: "]);
    let args = ["shrink", "--seed", "1", "--retries", "0", "--deadline", "1ms", "--", "sh", "-c", DOWNLOAD];
    let shown = check(&args, 0, &["nothing was too much in "], &[]);
    assert!(!shown.contains("500 runs"), "the deadline is for nothing: {shown}");
}

#[test]
fn a_client_of_ones_own() {
    let dir = TempDir::new().unwrap();
    let file = dir.path().join("ours.toml");
    let client = format!(
        "title = 'ours'\nprogram = 'sh'\nversion = ['-c', 'echo ours 1.2']\nargs = ['-c', '{DOWNLOAD}']\nretries = 0\n\
         install = 'nowhere'\n"
    );
    std::fs::write(&file, client).unwrap();
    let args = ["--client", file.to_str().unwrap(), "--cases", "early-hints"];
    check(&args, 0, &["ours 1.2\n", "all hold"], &[]);
}

/// What verifies knows the digest, and is held to that.
#[test]
fn a_digest_in_the_command_is_a_promise() {
    let download =
        r#"curl -fsS -o {out}.part {url} && echo "{sha256}  {out}.part" | sha256sum -c --quiet && mv {out}.part {out}"#;
    let args = ["--cases", "bit-flip", "--cases", "baseline-ok", "--retries", "0", "--", "sh", "-c", download];
    check(&args, 0, &["; verifies;", "failed cleanly", "all hold"], &[]);
}

/// What it has started is gone with it, and so are the folders.
#[test]
fn a_signal_ends_it_and_all_that_it_has_started() {
    let (home, tmp) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_flaky-audit"));
    let started = tmp.path().join("started");
    let script = format!("echo $$ >> {}; exec sleep 1000", started.display());
    command.args(["--cases", "forms", "--jobs", "2", "--", "sh", "-c", &script, "{url}"]);
    let mut audit = command.env("XDG_STATE_HOME", home.path()).env("TMPDIR", tmp.path()).spawn().unwrap();
    let begun = std::time::Instant::now();
    while !started.exists() {
        assert!(begun.elapsed() < crate::PATIENCE, "nothing was started");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    let pid = rustix::process::Pid::from_child(&audit);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(audit.wait().unwrap().code(), Some(130));
    for pid in std::fs::read_to_string(&started).unwrap().lines() {
        // What is reaped is not there, or is another program by now.
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        assert!(!line.starts_with("sleep"), "{pid} goes on");
    }
    let left: Vec<_> = std::fs::read_dir(tmp.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["started"]);
}
