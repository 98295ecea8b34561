//! What is computed: its flags, its hashes, its templates.

use std::fs;

use sha2::{Digest as _, Sha256};

use super::program::{Running, Serving};
use super::{flaky, get, root, run};

fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The arguments are refused with exit code 2, and with this on stderr.
#[track_caller]
fn check(args: &[&str], part: &str) {
    let ended = run(flaky().args(["--port", "0"]).args(args));
    ended.assert_code(2).assert_stderr(part);
    assert_eq!(ended.stdout, "");
}

#[test]
fn what_is_typed_wrong_is_pointed_at() {
    check(&["--generate", "app.tar.gz"], "there is no size\n  --generate app.tar.gz\n                       ^\n");
    check(&["--generate", "a=1mb"], "unknown unit `mb`\n  --generate a=1mb\n               ^^^\n  did you mean `1MB`?");
    check(&["--generate", "a.tar.gz=5"], "  --generate a.tar.gz=5\n                      ^");
    check(&["--generate", "a=5", "--generate", "/a=6"], "served already");
    check(&["--template", "["], "a `[` is never closed; `\\[` stands for itself\n  --template [\n             ^");
    check(&["--generate", "a=5", "--template", "*"], "--template is about files");
    check(&["--generate", "a=5", "--generate", "b=5", "--", "true", "{url}"], "{base}/PATH");
    check(&["--generate", "a=5", ".", "--", "true", "{url}"], "{base}/PATH");
}

#[test]
fn a_command_gets_the_url_of_the_one_file() {
    let ended = run(flaky().args(["--generate", "a/app.tar.gz=100kB", "--", "echo", "{url}", "{base}"]));
    ended.assert_code(0).assert_stderr("serving /a/app.tar.gz on http://");
    let (url, base) = ended.stdout.trim_end().split_once(' ').unwrap();
    assert_eq!(url, format!("{base}/a/app.tar.gz"));
}

#[test]
fn it_alone_is_served_unless_there_is_a_root() {
    let root = root();
    let mut command = flaky();
    command.args(["--port", "0", "--generate", "f=1kB", "--generate", "/g=2kB,seed=7"]).current_dir(root.path());
    let serving = Serving::start(&mut command);
    assert_eq!(get(serving.addr(), "/f").body.len(), 1000);
    assert_eq!(get(serving.addr(), "/g").body.len(), 2000);
    assert_eq!(get(serving.addr(), "/a.bin").status(), 404);
    serving.finish();
    let serving = Serving::start(command.arg("."));
    assert!(get(serving.addr(), "/f").is_whole() && get(serving.addr(), "/a.bin").is_whole());
    serving.finish();
}

#[test]
fn hashes_come_before_the_command() {
    let root = root();
    let ended = run(flaky().arg(root.path().join("a.bin")).args([
        "--hash",
        "--quiet",
        "--generate",
        "b.tgz=1MB,seed=3",
        "--",
        "sh",
        "-c",
        "echo begun >&2",
    ]));
    ended.assert_code(0);
    let said = |path: &str| {
        let line = ended.stderr.lines().find(|line| line.ends_with(&format!("  {path}")));
        line.and_then(|line| line.strip_prefix("sha256 ")).map(|line| line[..64].to_owned())
    };
    assert_eq!(said("/a.bin"), Some(hash(&[7; 1000])));
    let (hashed, begun) = (ended.stderr.find("/b.tgz\n"), ended.stderr.find("begun"));
    assert!(hashed.is_some() && hashed < begun, "{}", ended.stderr);
    // The hash is that of what is downloaded.
    let serving = Serving::start(flaky().args(["--port", "0", "--hash", "--generate", "b.tgz=1MB,seed=3"]));
    let body = get(serving.addr(), "/b.tgz").body;
    assert_eq!(said("/b.tgz"), Some(hash(&body)));
    assert!(serving.finish().contains(&format!("sha256 {}  /b.tgz\n", hash(&body))));
}

#[test]
fn small_files_are_hashed_without_being_asked_for() {
    let mut running = Running::start(flaky().args(["--port", "0", "--generate", "g=2TB", "--generate", "f=1kB"]));
    let addr = super::program::addr(running.line().trim_end());
    // The large one does not stand in its way.
    let line = running.line_of_stderr("sha256 ");
    assert_eq!(line, format!("sha256 {}  /f\n", hash(&get(addr, "/f").body)));
    running.signal("TERM");
    let ended = running.wait();
    ended.assert_code(0);
    assert!(!ended.stderr.contains("/g\n"), "{ended:?}");
    let quiet = Serving::start(flaky().args(["--port", "0", "--generate", "f=1kB", "--quiet"]));
    assert!(get(quiet.addr(), "/f").is_whole());
    assert!(!quiet.finish().contains("sha256"));
}

#[test]
fn a_signal_does_not_wait_for_a_hash() {
    for (command, code) in [(&[][..], 0), (&["--", "echo", "never"], 125)] {
        let mut flaky = flaky();
        flaky.args(["--port", "0", "--hash", "--generate", "f=1TiB"]).args(command);
        let running = Running::start(&mut flaky);
        running.line_of_stderr("serving /f");
        running.signal("INT");
        let ended = running.wait();
        ended.assert_code(code).assert_stderr("stopping");
        // Nobody was told that it is ready.
        assert_eq!(ended.stdout, "");
    }
}

#[test]
fn templates_have_the_base_url() {
    let root = root();
    fs::write(root.path().join("index.html"), "{base}/a.bin").unwrap();
    fs::write(root.path().join("raw.json"), "{base}/a.bin").unwrap();
    fs::write(root.path().join("index.json"), "{base}/a.bin").unwrap();
    let serving = super::serve(root.path(), &["--template", "*.html", "--template", "/index.*"]);
    let expected = format!("http://{}/a.bin", serving.addr());
    for path in ["/", "/index.json"] {
        let received = get(serving.addr(), path);
        assert!(received.is_whole());
        assert_eq!(String::from_utf8(received.body).unwrap(), expected, "{path}");
    }
    assert_eq!(get(serving.addr(), "/raw.json").body, b"{base}/a.bin");
    serving.finish();
}
