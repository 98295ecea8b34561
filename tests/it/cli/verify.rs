//! `--verify-wire`.

use serde_json::Value;

use super::program::Ended;
use super::{flaky, run};

/// Runs it where there is no curl.
fn verify(args: &[&str]) -> Ended {
    let empty = tempfile::tempdir().unwrap();
    let ended = run(flaky().args(args).env("PATH", empty.path()));
    ended.assert_code(0).assert_stderr("there is no curl on the PATH");
    ended
}

#[test]
fn the_table_has_what_holds() {
    let ended = verify(&["--verify-wire"]);
    let rows = ended.stdout.lines().filter(|line| line.contains("  ok  ")).count();
    assert!(rows > 40 && ended.stdout.ends_with(&format!("\nall {rows} hold\n")), "{}", ended.stdout);
    for line in ["Body", "Range", "Reply"] {
        assert!(ended.stdout.lines().any(|other| other == line), "{line}");
    }
    let row = ended.stdout.lines().find(|line| line.starts_with("  hang "));
    let words: Vec<&str> = row.unwrap().split_whitespace().take(6).collect();
    assert_eq!(words, ["hang", "hang", "GET", "silence", "ok", "-"]);
}

#[test]
fn rows_are_json_lines_too() {
    let ended = verify(&["--verify-wire", "--json"]);
    let rows: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(rows.len() > 40, "{}", rows.len());
    assert!(rows.iter().all(|row| row["kind"] == "wire" && row["mismatch"].is_null() && row["curl"].is_null()));
    let row = rows.iter().find(|row| row["entry"] == "reset-after=50%").unwrap();
    assert_eq!((&row["fault"], &row["value"]), (&"reset-after".into(), &"OFFSET".into()));
    assert_eq!((&row["wire"], &row["area"]), (&"GET head body[..500] RST".into(), &"Body".into()));
}

#[test]
fn it_serves_nobody() {
    for (args, other) in [
        (&["."][..], "'ROOT'"),
        (&["--drop"], "'--drop'"),
        (&["--port", "0"], "'--port'"),
        (&["--", "true"], "'COMMAND'"),
        (&["--verify-wire=markdown", "--json"], "'--json'"),
    ] {
        let first = if args[0].starts_with("--verify") { &[][..] } else { &["--verify-wire"] };
        let ended = run(flaky().args(first).args(args));
        ended.assert_code(2).assert_stderr(&format!("'--verify-wire' cannot be used with {other}"));
        assert_eq!(ended.stdout, "");
    }
    run(flaky().arg("--verify-wire=page")).assert_code(2).assert_stderr("possible values: table, markdown");
}
