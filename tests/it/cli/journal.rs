//! `--journal` and `--print-schedule`.

use std::fs;
use std::io::Write as _;

use serde_json::Value;

use super::program::Running;
use super::{Ending, flaky, get, request, root, run, serve};

const EXCHANGE: [&str; 21] = [
    "start",
    "v",
    "kind",
    "seq",
    "conn",
    "nth",
    "method",
    "target",
    "attempt",
    "resend",
    "range",
    "plan",
    "status",
    "body_sent",
    "body_acked",
    "end",
    "by",
    "applied",
    "deadline_hit",
    "t_ms",
    "gap_ms",
];

fn parse(text: &str) -> Vec<Value> {
    assert!(text.is_empty() || text.ends_with('\n'), "the last line is not whole: {text}");
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn exchanges(text: &str) -> Vec<Value> {
    parse(text).into_iter().filter(|line| line["kind"] == "exchange").collect()
}

#[test]
fn every_line_has_every_key_and_all_are_there_at_the_end() {
    let root = root();
    let file = root.path().join("journal");
    fs::write(&file, "what an earlier run wrote, much longer than what comes now\n".repeat(1000)).unwrap();
    let serving = serve(root.path(), &["--script", "reset-after=10 x2, ok", "--journal", file.to_str().unwrap()]);
    for _ in 0..2 {
        assert_eq!(get(serving.addr(), "/a.bin?x=1").ending, Ending::Reset);
    }
    assert!(get(serving.addr(), "/a.bin?x=1").is_whole());
    assert_eq!(request(serving.addr(), "HEAD", "/a.bin").status(), 200);
    serving.finish();

    let text = fs::read_to_string(&file).unwrap();
    let lines = exchanges(&text);
    assert_eq!(lines.len(), 4, "{text}");
    for line in &lines {
        for key in EXCHANGE {
            assert!(line.get(key).is_some(), "no {key} in {line}");
        }
        assert_eq!(line["v"], 1);
    }
    let connections: Vec<_> = parse(&text).into_iter().filter(|line| line["kind"] == "connection").collect();
    assert_eq!(connections.len(), 4, "{text}");
    for line in &connections {
        for key in ["v", "kind", "seq", "conn", "end", "by", "t_ms"] {
            assert!(line.get(key).is_some(), "no {key} in {line}");
        }
    }

    let of_get: Vec<&Value> = lines.iter().filter(|line| line["method"] == "GET").collect();
    for (i, line) in of_get.iter().enumerate() {
        assert_eq!(
            (&line["target"], &line["attempt"], &line["nth"]),
            (&"/a.bin?x=1".into(), &(i + 1).into(), &1.into())
        );
        let (plan, end, sent) = if i < 2 { ("reset-after=10", "rst", 10) } else { ("ok", "complete", 1000) };
        assert_eq!((&line["plan"], &line["end"], &line["body_sent"]), (&plan.into(), &end.into(), &sent.into()));
        #[cfg(target_os = "linux")]
        assert_eq!(line["body_acked"], sent);
        assert_eq!((&line["by"], &line["status"], &line["applied"]), (&"server".into(), &200.into(), &true.into()));
        assert_eq!(
            (&line["resend"], &line["deadline_hit"], &line["range"]),
            (&false.into(), &false.into(), &Value::Null)
        );
        assert_eq!(line["gap_ms"].is_number(), i > 0, "{line}");
        assert!(line["t_ms"].is_number());
    }
    // A reply without a body cannot be broken inside of it.
    let of_head = lines.iter().find(|line| line["method"] == "HEAD").unwrap();
    assert_eq!((&of_head["plan"], &of_head["applied"]), (&"reset-after=10".into(), &false.into()));
}

#[test]
fn an_exchange_that_goes_on_at_the_end_is_in_it() {
    let root = root();
    let file = root.path().join("journal");
    let serving = serve(root.path(), &["--stall-after", "5", "--journal", file.to_str().unwrap()]);
    let mut stalled = super::connect(serving.addr());
    super::read_to_stall(&mut stalled, &[7; 5]);
    serving.finish();
    let text = fs::read_to_string(&file).unwrap();
    let lines = exchanges(&text);
    assert_eq!(lines.len(), 1, "{text}");
    assert_eq!((&lines[0]["end"], &lines[0]["by"]), (&"stalled".into(), &"server".into()), "{text}");
    assert_eq!((&lines[0]["body_sent"], &lines[0]["applied"]), (&5.into(), &true.into()), "{text}");
    assert_eq!(parse(&text).len(), 2, "the connection has a line, too: {text}");
}

#[test]
fn a_dash_is_stderr() {
    let root = root();
    let serving = serve(root.path(), &["--journal", "-", "--quiet"]);
    get(serving.addr(), "/a.bin");
    let stderr = serving.finish();
    let lines: String = stderr.lines().filter(|line| line.starts_with('{')).map(|line| format!("{line}\n")).collect();
    assert_eq!(exchanges(&lines).len(), 1, "{stderr}");
}

#[test]
fn a_journal_that_cannot_be_written_is_a_failure_but_stops_nothing() {
    let root = root();
    let serving = serve(root.path(), &["--journal", "/dev/full"]);
    for _ in 0..3 {
        assert!(get(serving.addr(), "/a.bin").is_whole());
    }
    let ended = serving.stop("TERM");
    ended.assert_code(1).assert_stderr("error: cannot write the journal to `/dev/full`").assert_stderr("incomplete");
    assert_eq!(ended.stderr.matches("error: cannot write the journal").count(), 1, "{ended:#?}");

    // The command runs on, too.
    let fetch = "echo \"$FLAKY_BASE\"; read line; echo \"$line\"";
    let mut command = flaky();
    command.arg(root.path()).args(["--journal", "/dev/full", "--", "sh", "-c", fetch]);
    command.stdin(std::process::Stdio::piped());
    let mut running = Running::start(&mut command);
    let addr = super::program::addr(running.line().trim_end());
    assert!(get(addr, "/a.bin").is_whole());
    running.stdin().write_all(b"done\n").unwrap();
    let ended = running.wait();
    ended.assert_code(125).assert_stderr("incomplete");
    assert_eq!(ended.stdout, "done\n");
}

/// Neither a pipe that nobody opens nor one that nobody reads holds the server up; what is lost is counted.
#[test]
fn a_journal_that_nobody_reads_stops_nothing() {
    let root = root();
    let fifo = fifo(root.path());
    let serving = serve(root.path(), &["--journal", fifo.to_str().unwrap()]);
    for _ in 0..3 {
        assert!(get(serving.addr(), "/a.bin").is_whole());
    }
    let ended = serving.stop("TERM");
    // A line for each exchange, and one for each connection.
    ended.assert_code(1).assert_stderr("is incomplete, 6 lines could not be written: nobody reads it");

    let serving = serve(root.path(), &["--journal", fifo.to_str().unwrap(), "--quiet"]);
    let reader = fs::File::open(&fifo).unwrap();
    let target = format!("/a.bin?{}", "x".repeat(4_000));
    // More than a pipe takes.
    for _ in 0..40 {
        assert!(get(serving.addr(), &target).is_whole());
    }
    serving.stop("TERM").assert_code(1).assert_stderr("lines could not be written: nobody reads it");
    drop(reader);
}

#[test]
fn the_reader_of_a_pipe_may_come_late() {
    let root = root();
    let fifo = fifo(root.path());
    let serving = serve(root.path(), &["--journal", fifo.to_str().unwrap()]);
    for _ in 0..3 {
        assert!(get(serving.addr(), "/a.bin").is_whole());
    }
    let reader = std::thread::spawn(move || fs::read_to_string(fifo).unwrap());
    serving.finish();
    assert_eq!(parse(&reader.join().unwrap()).len(), 6);
}

#[test]
fn a_journal_on_a_stderr_that_nobody_reads_stops_nothing() {
    let root = root();
    let (_reader, writer) = std::io::pipe().unwrap();
    let mut command = flaky();
    command.arg(root.path()).args(["--port", "0", "--journal", "-"]).stdout(std::process::Stdio::piped());
    let mut running = Running::spawn(command.stderr(writer));
    let addr = super::program::addr(running.line().trim_end());
    let target = format!("/a.bin?{}", "x".repeat(4_000));
    for _ in 0..40 {
        assert!(get(addr, &target).is_whole());
    }
    running.signal("TERM");
    running.wait().assert_code(1);
}

fn fifo(dir: &std::path::Path) -> std::path::PathBuf {
    let fifo = dir.join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    fifo
}

#[test]
fn a_journal_that_cannot_be_created_is_a_failure() {
    let root = root();
    let ended = run(flaky().arg(root.path()).args(["--port", "0", "--journal"]).arg(root.path()));
    ended.assert_code(1).assert_stderr("cannot write the journal");
    assert_eq!(ended.stdout, "");
    let ended = run(flaky().arg(root.path()).arg("--journal").arg(root.path()).args(["--", "echo", "ran"]));
    ended.assert_code(125);
    assert_eq!(ended.stdout, "");
}

#[test]
fn the_schedule_that_was_played_goes_to_stderr_or_a_file() {
    let root = root();
    let file = root.path().join("played");
    let to_file = format!("--print-schedule={}", file.display());
    for arg in ["--print-schedule", &to_file] {
        let serving = serve(root.path(), &["--probability", "1", "--reset-after", "10", arg]);
        get(serving.addr(), "/a.bin");
        get(serving.addr(), "/a.bin");
        let stderr = serving.finish();
        let text = if arg == to_file { fs::read_to_string(&file).unwrap() } else { stderr };
        assert!(text.lines().any(|line| line.contains("/a.bin") && line.ends_with(": reset-after=10 x2")), "{text}");
    }
    let mut full = flaky();
    full.arg(root.path()).args(["--print-schedule=/dev/full", "--", "true"]);
    run(&mut full).assert_code(125).assert_stderr("cannot write the schedule to `/dev/full`");
    let serving = serve(root.path(), &["--drop", "--print-schedule=/dev/full"]);
    get(serving.addr(), "/a.bin");
    serving.stop("TERM").assert_code(1).assert_stderr("cannot write the schedule to `/dev/full`");
}

#[test]
fn a_schedule_in_which_nothing_happened_is_played_again() {
    let root = root();
    let file = root.path().join("played");
    run(flaky().arg(root.path()).arg(format!("--print-schedule={}", file.display())).args(["--", "true"]))
        .assert_code(0);
    assert_eq!(fs::read_to_string(&file).unwrap(), "*: ok\n");
    let serving = serve(root.path(), &["--rule", &format!("@{}", file.display())]);
    assert!(get(serving.addr(), "/a.bin").is_whole());
    serving.finish();
}

#[test]
fn a_start_that_fails_leaves_an_earlier_journal_alone() {
    let root = root();
    let journal = root.path().join("journal");
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for args in [&["--port", &port][..], &["--", "echo", "{url}"]] {
        fs::write(&journal, "of an earlier run\n").unwrap();
        let ended = run(flaky().arg(root.path()).arg("--journal").arg(&journal).args(args));
        assert!(matches!(ended.code, Some(1 | 2)), "{ended:#?}");
        assert_eq!(fs::read_to_string(&journal).unwrap(), "of an earlier run\n", "{args:?}");
    }
}

#[test]
fn a_schedule_that_cannot_be_written_is_found_before_anything_is_served() {
    let root = root();
    let arg = format!("--print-schedule={}", root.path().display());
    let ended = run(flaky().arg(root.path()).args(["--port", "0", &arg]));
    ended.assert_code(1).assert_stderr("error: cannot write the schedule to `");
    assert_eq!(ended.stdout, "");
    let ended = run(flaky().arg(root.path()).args([&arg, "--", "echo", "ran"]));
    ended.assert_code(125);
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_start_that_fails_leaves_an_earlier_schedule_alone() {
    let root = root();
    let file = root.path().join("played");
    fs::write(&file, "* nth=1: drop\n").unwrap();
    let arg = format!("--print-schedule={}", file.display());
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    run(flaky().arg(root.path()).args(["--port", &port, &arg])).assert_code(1);
    assert_eq!(fs::read_to_string(&file).unwrap(), "* nth=1: drop\n");
    // What is played from a file may be written there again.
    let rules = format!("@{}", file.display());
    let serving = serve(root.path(), &["--rule", &rules, &arg]);
    get(serving.addr(), "/a.bin");
    serving.finish();
    let played = fs::read_to_string(&file).unwrap();
    assert!(played.starts_with("GET /a.bin") && played.ends_with(": drop\n"), "{played}");
}
