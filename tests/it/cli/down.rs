//! A server that is down: `--down`, and `--mirror`, which is not.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};

use super::program::addr;
use super::{flaky, get, root, run, serve};

#[track_caller]
fn assert_refused(addr: SocketAddr) {
    assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}

#[test]
fn refuses_from_the_start() {
    let root = root();
    let serving = serve(root.path(), &["--down", "always"]);
    assert_refused(serving.addr());
    serving.stop("TERM").assert_code(0).assert_stderr("down always\n");
}

#[test]
fn comes_back_with_an_attempt_at_the_mirror() {
    let root = root();
    let journal = root.path().join("run.jsonl");
    let serving = serve(root.path(), &["--mirror", "--down", "until=*.bin#2", "--journal", journal.to_str().unwrap()]);
    let line = serving.line_of_stderr("mirror on ");
    let mirror = addr(line.trim_end().strip_prefix("mirror on ").unwrap());
    for refused in [true, false] {
        assert_eq!(get(mirror, "/a.bin").body, [7; 1000]);
        if refused {
            assert_refused(serving.addr());
        } else {
            assert_eq!(get(serving.addr(), "/a.bin").body, [7; 1000]);
        }
    }
    serving
        .stop("TERM")
        .assert_code(0)
        .assert_stderr("down until=*.bin#2\n")
        .assert_stderr("up: connections are accepted");
    let journal = std::fs::read_to_string(journal).unwrap();
    let kinds: Vec<String> = journal
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["kind"].as_str().unwrap().to_owned())
        .filter(|kind| kind != "connection")
        .collect();
    assert_eq!(kinds, ["down", "exchange", "up", "exchange", "exchange"]);
}

#[test]
fn a_command_knows_the_mirror() {
    let root = root();
    let script = "echo \"$FLAKY_BASE $FLAKY_MIRROR {mirror}\"";
    let ended = run(flaky().arg(root.path()).args(["--mirror", "--", "sh", "-c", script]));
    ended.assert_code(0);
    let [base, mirror, filled] = ended.stdout.split_whitespace().collect::<Vec<_>>()[..] else { panic!("{ended:?}") };
    assert_eq!(mirror, filled);
    assert_ne!(addr(base), addr(mirror));
    // Nor is one inherited.
    let script = "echo \"${FLAKY_MIRROR-none}\"";
    let ended = run(flaky().arg(root.path()).args(["--", "sh", "-c", script]).env("FLAKY_MIRROR", "http://other"));
    assert_eq!(ended.stdout, "none\n");
}

#[test]
fn what_cannot_be_understood_is_an_error_of_usage() {
    let root = root();
    let ended = run(flaky().arg(root.path()).args(["--down", "fro=2s"]));
    ended.assert_code(2).assert_stderr("did you mean `from`?").assert_stderr("--down");
    let ended = run(flaky().arg(root.path()).args(["--down", "until=/a.bin#1"]));
    ended.assert_code(2).assert_stderr("no attempt arrives").assert_stderr("add a mirror");
    let ended = run(flaky().arg(root.path()).args(["--", "echo", "{mirror}"]));
    ended.assert_code(2).assert_stderr("{mirror}").assert_stderr("add --mirror");
    assert_eq!(ended.stdout, "");
}

#[test]
fn a_check_tells_of_it() {
    let root = root();
    let ended = run(flaky().arg(root.path()).args(["--down", "for=3s", "--check"]));
    ended.assert_code(0);
    assert_eq!(ended.stdout, "# down for=3s\n");
}
