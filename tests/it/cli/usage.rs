//! What is wrong on the command line is said before anything is served.

use std::net::TcpListener;

use super::{flaky, root, run};

/// The arguments are refused with exit code 2, and with all of these on stderr.
#[track_caller]
fn check(args: &[&str], parts: &[&str]) {
    let root = root();
    let ended = run(flaky().arg(root.path()).args(["--port", "0"]).args(args));
    ended.assert_code(2);
    assert_eq!(ended.stdout, "");
    for part in parts {
        ended.assert_stderr(part);
    }
}

#[test]
fn an_unknown_fault_has_a_suggestion() {
    check(
        &["--script", "ok, reset-afer=1MB x2"],
        &["unknown fault `reset-afer`\n  ok, reset-afer=1MB x2\n      ^^^^^^^^^^\n  did you mean `reset-after`?"],
    );
    check(&["--reset-afer", "1MB"], &["--reset-afer", "--reset-after"]);
}

#[test]
fn a_misspelt_unit_is_pointed_at() {
    check(&["--script", "reset-after=1MX"], &["reset-after=1MX\n", "^"]);
    check(&["--delay", "5parsecs"], &["  --delay 5parsecs\n          ^^^^^^^^"]);
    check(&["--drain-deadline", "5parsecs"], &["--drain-deadline", "5parsecs"]);
}

#[test]
fn a_fault_flag_is_shown_as_it_was_typed() {
    check(
        &["--drain-deadline", "1s", "--delay", "1s", "--reset-after", "1 MB"],
        &["`1 MB` has a space in it\n  --delay 1s --reset-after 1 MB\n                           ^^^^\n  write `1MB`"],
    );
    // No part of it is taken for a script.
    check(&["--reset-after", "1,drop"], &["  --reset-after 1,drop\n                ^^^^^^\n"]);
    check(&["--reset-after", "1MB drop"], &["  --reset-after 1MB drop\n                ^^^^^^^^\n"]);
    check(&["--status", "503", "--retry-after", "2"], &["--retry-after 2\n", "did you mean `2s`?"]);
    check(&["--throttle", "0/s"], &["  --throttle 0/s\n             ^^^\n  the slowest is `1B/s`"]);
    check(&["--script", "dorp"], &["--script: unknown fault `dorp`"]);
}

#[test]
fn one_of_several_rules_is_named() {
    check(&["--rule", "*: ok", "--rule", "*: x-1", "--rule", "*: ok"], &["--rule 2 of 3: `x-1` is not a count"]);
    check(&["--rule", "*.gz: first=2 drop"], &["--rule: `first` is a condition, not a fault\n"]);
}

#[test]
fn faults_that_exclude_each_other_are_pointed_at() {
    check(
        &["--script", "drop status=503"],
        &["`drop` and `status` cannot stand together: `drop` sends no reply\n  drop status=503\n       ^^^^^^^^^^"],
    );
    check(
        &["--drop", "--status", "503"],
        &["`drop` and `status` cannot stand together", "  --drop --status 503\n         ^^^^^^^^^^^^\n"],
    );
    check(&["--retry-after", "2s"], &["  --retry-after 2s\n  ^^^^^^^^^^^^^^^^\n"]);
}

#[test]
fn a_redirect_to_a_second_port_needs_one() {
    let error = "`{mirror}` is the second port, and there is none\n  *: ok, status=302 location={mirror}/\n";
    let help = "                            ^^^^^^^^\n  add a mirror, with `--mirror`";
    check(&["--script", "ok, status=302 location={mirror}/"], &[error, help]);
    check(
        &["--script", "status=302 location={miror}/"],
        &["unknown placeholder `{miror}`", "did you mean `{mirror}`?"],
    );
}

#[test]
fn nothing_is_said_twice() {
    check(
        &["--reset-after", "1", "--reset-after", "2"],
        &["  --reset-after 1 --reset-after 2\n                  ^^^^^^^^^^^^^^^\n"],
    );
    check(&["--drop", "--drop"], &["  --drop --drop\n         ^^^^^^\n"]);
    check(&["--seed", "1", "--seed", "2"], &["--seed"]);
    check(&["--script", "ok", "--script", "ok"], &["--script"]);
    check(&["--script", "ok", "--drop"], &["--script", "--drop"]);
}

#[test]
fn entries_that_are_never_played_are_pointed_at() {
    check(&["--script", "drop x0"], &["`x0` never plays its entry\n  drop x0\n       ^^\n"]);
    check(&["--script", "drop x*, ok"], &["`ok` is never reached\n  drop x*, ok\n           ^^\n"]);
    check(&["--script", "drop,,ok"], &["there is an empty entry\n  drop,,ok\n       ^\n"]);
    check(&["--script", ""], &["the script is empty"]);
}

#[test]
fn conditions_need_something_to_happen() {
    for args in [["--first", "2"], ["--path", "*.gz"], ["--probability", "0.5"]] {
        check(&args, &["--script"]);
    }
    check(&["--first", "0", "--drop"], &["'0' for '--first <N>': there is no attempt 0"]);
    check(&["--nth", "x", "--drop"], &["'x' for '--nth <N>': it is a whole number"]);
    check(&["--probability", "1.5", "--drop"], &["--probability", "1.5"]);
    check(&["--method", "GE T", "--drop"], &["`GE T` is not a method"]);
    check(&["--path", "[", "--drop"], &["a `[` is never closed; `\\[` stands for itself\n  --path [\n         ^"]);
}

#[test]
fn what_can_never_apply_is_refused() {
    check(
        &["--first", "2", "--drop", "--nth", "3"],
        &[
            "no attempt meets all of these conditions\n  --first 2 --nth 3\n  ^^^^^^^^^^^^^^^^^\n  leave one of them out",
        ],
    );
    check(
        &["--rule", "* first=2 nth=3: drop"],
        &["  * first=2 nth=3: drop\n    ^^^^^^^^^^^^^\n  leave one of them out"],
    );
    check(&["--script", "corrupt-at=end"], &["  corrupt-at=end\n             ^^^\n  the last byte is at `end-1`"]);
    check(&["--method", "get", "--drop"], &["--method", "methods are case-sensitive: did you mean `GET`?"]);
    for nothing in [&["--"][..], &["--", ""]] {
        check(nothing, &["there is no command behind `--`"]);
    }
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rules");
    std::fs::write(&file, "# none\n\n").unwrap();
    check(&["--rule", &format!("@{}", file.display())], &["there is no rule in `", "`*: ok`"]);
    check(&["--max-head", "0"], &["--max-head", "a limit of 0 would serve nobody", "`1`"]);
    check(&["--request-timeout", "0s"], &["--request-timeout", "a limit of 0 would serve nobody", "`1ms`"]);
}

#[test]
fn a_condition_flag_is_pointed_at() {
    check(&["--from", "5", "--drop"], &["`5` has no unit\n  --from 5\n         ^\n  did you mean `5s` or `5ms`?"]);
    check(&["--for", "0s", "--drop"], &["nothing happens within no time\n  --for 0s\n        ^^\n"]);
    check(
        &["--connection", "new", "--drop"],
        &["  --connection new\n               ^^^\n  it is `connection=reused` or `connection=fresh`"],
    );
    check(&["--range", "no", "--range", "yes", "--drop"], &["--range"]);
    check(&["--resend", "maybe", "--drop"], &["  --resend maybe\n           ^^^^^\n"]);
    check(&["--header", "a b: c", "--drop"], &["`a b` is not the name of a header field\n  --header a b: c\n"]);
    check(&["--query", "[", "--drop"], &["a `[` is never closed; `\\[` stands for itself\n  --query [\n          ^"]);
    check(&["--attempts", "2", "--drop"], &["  --attempts 2\n             ^\n  it is written as"]);
    check(
        &["--attempts", "3..", "--from", "1s", "--first", "2", "--drop"],
        &["no attempt meets all of these conditions\n  --first 2 --attempts 3..\n  ^^^^^^^^^^^^^^^^^^^^^^^^\n"],
    );
    check(&["--from", "1s"], &["--from says when: add what happens"]);
    check(&["--header", "a", "--first", "1"], &["--first and --header say when: add what happens"]);
}

#[test]
fn the_flags_of_a_rule_make_the_rule() {
    let root = root();
    let checked = |args: &[&str]| {
        let ended = run(flaky().arg(root.path()).arg("--check").args(args));
        ended.assert_code(0);
        ended.stdout
    };
    let flags = [
        "--drop",
        "--for",
        "1m",
        "--from",
        "2s",
        "--resend",
        "no",
        "--connection",
        "fresh",
        "--range",
        "yes",
        "--header",
        "Authorization: Bearer *",
        "--header",
        "x",
        "--query",
        "v=*",
        "--attempts",
        "2..4",
        "--first",
        "3",
        "--path",
        "*.gz",
        "--method",
        "GET",
        "--every",
        "2",
        "--probability",
        "0.5",
        "--per",
        "path",
    ];
    let rule = "GET *.gz first=3 every=2 attempts=2..=3 probability=0.5 per=path query=v=* header=authorization:Bearer\\ * header=x \
                range=yes connection=fresh resend=no from=2s for=1m: drop x*";
    let marked = format!("# order-dependent: from, for, connection, resend\n{rule}\n");
    assert_eq!(checked(&flags), marked);
    assert_eq!(checked(&["--rule", rule]), marked);
    assert_eq!(checked(&["--header", "x", "--range", "no", "--drop"]), "* header=x range=no: drop x*\n");
    assert_eq!(checked(&["--script", "reset-at=5"]), "# order-dependent: reset-at\n*: reset-at=5\n");
}

#[test]
fn connections_have_nothing_to_go_by() {
    let root = root();
    for (args, place) in [
        (
            &["--query", "v=*", "--reset-on-accept"][..],
            "by a query\n  * query=v=*: reset-on-accept x*\n    ^^^^^^^^^\n",
        ),
        (&["--header", "x", "--reset-on-accept"], "by a header\n  * header=x: reset-on-accept x*\n    ^^^^^^^^\n"),
        (&["--path", "*.gz", "--script", "ok, reset-on-accept"], "by a path\n  *.gz: ok, reset-on-accept\n  ^^^^\n"),
        (&["--method", "GET", "--reset-on-accept"], "by a method\n  GET *: reset-on-accept x*\n  ^^^\n"),
        (&["--rule", "* range=yes: reset-on-accept"], "by a range\n  * range=yes: reset-on-accept\n    ^^^^^^^^^\n"),
        (&["--reset-on-accept", "--status", "503"], "\n  --reset-on-accept --status 503\n"),
    ] {
        let ended = run(flaky().arg(root.path()).arg("--check").args(args));
        ended.assert_code(2).assert_stderr("`reset-on-accept` happens before there is a request").assert_stderr(place);
    }
}

#[test]
fn limits_of_nothing_that_leave_something_serve() {
    let root = root();
    let args = ["--max-cache", "0", "--max-journal", "0", "--max-request-body", "0", "--drain-deadline", "0s"];
    let serving = super::serve(root.path(), &args);
    assert!(super::get(serving.addr(), "/a.bin").is_whole());
    serving.finish();
}

#[test]
fn a_rule_is_pointed_at_with_its_file_and_line() {
    check(&["--rule", "*.gz: dorp"], &["--rule", "unknown fault `dorp`\n  *.gz: dorp\n        ^^^^\n"]);
    check(&["--rule", "@/nowhere/rules"], &["/nowhere/rules"]);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("rules");
    std::fs::write(&file, "*.gz: drop\n/a: ok dorp\n").unwrap();
    check(
        &["--rule", &format!("@{}", file.display())],
        &[&file.display().to_string(), "line 2", "  /a: ok dorp\n         ^^^^\n"],
    );
}

#[test]
fn a_root_that_is_not_there_is_named() {
    let root = root();
    let missing = root.path().join("missing");
    let ended = run(flaky().arg(&missing));
    ended.assert_code(2).assert_stderr(&missing.display().to_string()).assert_stderr("does not exist");
    assert_eq!(ended.stdout, "");
}

#[test]
fn unknown_flags_and_further_roots_are_refused() {
    check(&["--no-such-flag"], &["--no-such-flag"]);
    check(&["another-root"], &["another-root"]);
    check(&["--max-head", "all"], &["--max-head", "all"]);
    check(&["--bind", "localhost"], &["localhost"]);
}

#[test]
fn no_limit_panics() {
    let root = root();
    let max = usize::MAX.to_string();
    for name in ["connections", "head", "headers", "request-body", "journal", "cache"] {
        for value in ["0", "1", &max] {
            let flag = format!("--max-{name}");
            let ended = run(flaky().arg(root.path()).args([&flag, value, "--", "true"]));
            assert!(matches!(ended.code, Some(0 | 2)), "{flag} {value}: {ended:#?}");
            assert!(!ended.stderr.contains("panicked"), "{flag} {value}: {ended:#?}");
        }
    }
}

#[test]
fn check_prints_the_rules_and_serves_nothing() {
    let root = root();
    // Neither the port nor the journal is touched.
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let journal = root.path().join("journal");
    std::fs::write(&journal, "old").unwrap();
    let ended = run(flaky()
        .arg(root.path())
        .args(["--check", "--port", &port, "--rule", "GET   *.gz  first=2: drop,ok", "--reset-after", "1000"])
        .arg("--journal")
        .arg(&journal));
    ended.assert_code(0);
    assert_eq!(ended.stdout, "GET *.gz first=2: drop, ok\n*: reset-after=1kB x*\n");
    assert_eq!(ended.stderr, "");
    assert_eq!(std::fs::read_to_string(&journal).unwrap(), "old");

    let full = super::program::full_device().unwrap();
    let mut command = flaky();
    command.arg(root.path()).args(["--check", "--drop"]).stdout(full).stderr(std::process::Stdio::piped());
    super::program::Running::spawn(&mut command).wait().assert_code(1).assert_stderr("error: ");
}

#[test]
fn check_says_that_there_are_no_rules() {
    let ended = run(flaky().arg(root().path()).arg("--check"));
    ended.assert_code(0);
    assert_eq!((ended.stdout.as_str(), ended.stderr.as_str()), ("# no rules: nothing goes wrong\n", ""));
}

#[test]
fn what_check_prints_can_be_read_back() {
    let root = root();
    let args = ["--rule", "/a\\ b query=x=1 every=2: delay=1m30s reset-after=50% x2, ok", "--rule", "get* get: drop"];
    let checked = |args: &[&str]| run(flaky().arg(root.path()).arg("--check").args(args));
    // A method in lower case is written as a condition.
    let refused = checked(&args);
    refused.assert_code(2);
    let args = ["--rule", args[1], "--rule", "* method=get: drop", "--status", "503", "--path", "a:", "--nth", "3"];
    let first = checked(&args);
    first.assert_code(0);
    assert_eq!(first.stdout.lines().count(), 3, "{first:#?}");
    let file = root.path().join("rules");
    std::fs::write(&file, &first.stdout).unwrap();
    let second = checked(&["--rule", &format!("@{}", file.display())]);
    second.assert_code(0);
    assert_eq!(second.stdout, first.stdout);
}

#[test]
fn help_lists_every_fault() {
    let ended = run(flaky().arg("--help"));
    ended.assert_code(0);
    assert_eq!(ended.stderr, "");
    for term in flaky_server::decision::reference() {
        let flag = match term.value() {
            Some(value) => format!(" --{} <{value}>", term.name()),
            None => format!(" --{}\n", term.name()),
        };
        let listed = ended.stdout.contains(&flag) || ended.stdout.contains(&format!(" --{} ", term.name()));
        assert!(listed, "{flag:?} is not in {}", ended.stdout);
    }
    for (condition, value) in [
        ("first", "N"),
        ("nth", "N"),
        ("every", "N"),
        ("attempts", "A..=B"),
        ("probability", "P"),
        ("per", "path|rule"),
        ("query", "GLOB"),
        ("path", "GLOB"),
        ("method", "METHOD"),
        ("header", "NAME"),
        ("range", "yes|no"),
        ("connection", "fresh|reused"),
        ("resend", "yes|no"),
        ("from", "DURATION"),
        ("for", "DURATION"),
    ] {
        for spelling in [format!("{condition}={value}"), format!("--{condition} <{value}")] {
            let listed = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(&spelling);
            assert!(listed, "{spelling} is not in {}", ended.stdout);
        }
    }
    let version = run(flaky().arg("--version"));
    version.assert_code(0);
    assert_eq!(version.stdout, format!("flaky-server {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn limits_that_would_serve_nobody() {
    let root = root();
    for (flag, value) in [("--max-connections", "0"), ("--max-headers", "0"), ("--max-headers", "9223372036854775807")]
    {
        run(flaky().arg(root.path()).args([flag, value])).assert_code(2).assert_stderr(flag);
    }
}

#[test]
fn an_address_that_stands_for_all_is_reached_here() {
    let root = root();
    let args = ["--bind", "0.0.0.0", "--bind", "0.0.0.0", "--", "echo", "{base}"];
    let ended = run(flaky().arg(root.path()).args(args));
    ended.assert_code(0);
    assert!(ended.stdout.starts_with("http://127.0.0.1:"), "{ended:#?}");
}
