//! The command behind `--`: its words, its environment, its signals, its status.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::program::{Ended, Running};
use super::{flaky, root, run};

fn sh(root: &Path, options: &[&str], script: &str) -> Command {
    let mut command = flaky();
    command.arg(root).args(options).args(["--", "sh", "-c", script]);
    command
}

#[track_caller]
fn run_sh(script: &str) -> Ended {
    run(&mut sh(root().path(), &[], script))
}

#[test]
fn base_and_url_are_filled_in_everywhere() {
    let root = root();
    let file = root.path().join("a.bin");
    let ended = run(flaky().arg(&file).args(["--", "sh", "-c"]).args([
        "echo \"$1 $2 $FLAKY_BASE $FLAKY_URL\"",
        "sh",
        "<{base}>{base}",
        "<{url}>",
    ]));
    ended.assert_code(0);
    let base = ended.stdout.trim_end().rsplit_once(' ').unwrap().1.strip_suffix("/a.bin").unwrap();
    super::program::addr(base);
    assert_eq!(ended.stdout, format!("<{base}>{base} <{base}/a.bin> {base} {base}/a.bin\n"));
}

#[test]
fn a_directory_has_no_url() {
    let root = root();
    for args in [&["--", "echo", "{url}"][..], &["--check", "--", "echo", "{url}"]] {
        let ended = run(flaky().arg(root.path()).args(args));
        // What was typed is wrong, and the command was not run.
        ended.assert_code(2).assert_stderr("{url}").assert_stderr("{base}/PATH");
        assert_eq!(ended.stdout, "");
    }
    // Nor is one inherited.
    let ended =
        run(sh(root.path(), &[], "echo \"${FLAKY_URL-none} ${FLAKY_BASE%:*}\"").env("FLAKY_URL", "http://other/"));
    ended.assert_code(0);
    assert_eq!(ended.stdout, "none http://127.0.0.1\n");
}

#[test]
fn the_commands_status_is_ours() {
    for code in [0, 1, 2, 3, 125, 255] {
        run_sh(&format!("exit {code}")).assert_code(code);
    }
    run_sh("kill -9 $$").assert_code(128 + 9);
    run_sh("kill -SEGV $$").assert_code(128 + 11);
}

#[test]
fn a_command_that_cannot_be_run_has_a_status_of_its_own() {
    let root = root();
    let file = root.path().join("a.bin");
    let run_it = |program: &Path| run(flaky().arg(root.path()).arg("--").arg(program));
    run_it(&file).assert_code(126).assert_stderr("a.bin");
    run_it(&root.path().join("missing")).assert_code(127).assert_stderr("missing");
    run_it(Path::new("flaky-no-such-command")).assert_code(127).assert_stderr("flaky-no-such-command");
}

#[test]
fn stdout_is_the_commands_alone() {
    let root = root();
    let ended = run(&mut sh(root.path(), &["--status", "503"], "echo out; echo err >&2"));
    ended.assert_code(0).assert_stderr("err\n").assert_stderr("serving ");
    assert_eq!(ended.stdout, "out\n");
}

#[test]
fn proxies_are_kept_away_from_what_is_served() {
    let root = root();
    let script = "echo \"$NO_PROXY $no_proxy\"";
    let ended = run(sh(root.path(), &[], script).env("NO_PROXY", "example.com"));
    ended.assert_code(0);
    assert_eq!(ended.stdout, "example.com,127.0.0.1,localhost,::1 127.0.0.1,localhost,::1\n");
    let bound = run(&mut sh(root.path(), &["--bind", "127.0.0.3"], script));
    #[cfg(target_os = "linux")]
    assert_eq!(bound.stdout, "127.0.0.1,localhost,::1,127.0.0.3 127.0.0.1,localhost,::1,127.0.0.3\n", "{bound:#?}");
}

#[test]
fn signals_are_forwarded() {
    let root = root();
    for (signal, number) in [("TERM", 15), ("INT", 2), ("HUP", 1)] {
        let journal = root.path().join("journal");
        let mut command = flaky();
        command.arg(root.path()).arg("--journal").arg(&journal).args(["--", "sh", "-c", "echo ready; exec sleep 300"]);
        let mut running = Running::start(&mut command);
        assert_eq!(running.line(), "ready\n");
        running.signal(signal);
        // The table at the end is there as ever.
        running.wait().assert_code(128 + number).assert_stderr("attempt  request");
    }
}

#[test]
fn a_command_may_take_a_signal_its_own_way() {
    let root = root();
    let script = "trap 'echo caught; kill $!; exit 7' TERM; sleep 300 >/dev/null 2>&1 & echo ready; wait $!";
    let mut running = Running::start(&mut sh(root.path(), &[], script));
    assert_eq!(running.line(), "ready\n");
    running.signal("TERM");
    let ended = running.wait();
    ended.assert_code(7);
    assert_eq!(ended.stdout, "caught\n");
}

#[test]
fn the_server_is_up_as_long_as_the_command() {
    let root = root();
    // The command says where, and waits for a file.
    let fifo = root.path().join("fifo");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let mut running = Running::start(flaky().arg(root.path()).args(["--script", "reset-after=10"]).args([
        "--".as_ref(),
        "sh".as_ref(),
        "-c".as_ref(),
        "echo \"$FLAKY_BASE\"; read line <\"$0\"; echo \"$line\"".as_ref(),
        fifo.as_os_str(),
    ]));
    let addr = super::program::addr(running.line().trim_end());
    assert_eq!(super::get(addr, "/a.bin").body.len(), 10);
    assert!(super::get(addr, "/a.bin").is_whole());
    fs::write(&fifo, "done\n").unwrap();
    let ended = running.wait();
    ended.assert_code(0).assert_stderr("reset-after=10");
    assert_eq!(ended.stdout, "done\n");
    assert!(std::net::TcpStream::connect(addr).is_err());
}
