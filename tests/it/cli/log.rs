//! The log on stderr: for people, in colour, as JSON.

use super::{flaky, get, root, run, serve};

/// What the log says of a reset, and of a file that is not there.
fn logged(args: &[&str]) -> String {
    let root = root();
    let serving = serve(root.path(), &[&["--reset-after", "100", "--seed", "1"], args].concat());
    get(serving.addr(), "/a.bin");
    get(serving.addr(), "/none");
    serving.finish()
}

#[test]
fn columns_stand_below_each_other() {
    let stderr = logged(&[]);
    let at = |line: &str, part: &str| line.find(part).unwrap_or_else(|| panic!("no {part:?} in {stderr}"));
    // The signal may come before the last exchange is settled.
    let lines: Vec<&str> = stderr.lines().filter(|line| !line.starts_with("stopping")).collect();
    let head = lines.iter().position(|line| line.contains("status") && line.contains("body")).unwrap();
    let [reset, missing] = [lines[head + 1], lines[head + 2]];
    assert_eq!(at(lines[head], "end"), at(reset, "rst"));
    assert_eq!(at(lines[head], "end"), at(missing, "complete"));
    assert_eq!(at(lines[head], "request"), at(reset, "GET /a.bin #1  reset-after=100"));
    assert!(reset.contains("  200  ") && reset.contains(" 100  rst"), "{reset}");
    assert!(missing.contains("not applied"), "{missing}");
    assert!(!stderr.contains('\x1b'), "{stderr}");
}

#[test]
fn colour_is_for_who_wants_it() {
    let root = root();
    let coloured = |env: &[(&str, &str)]| {
        let mut command = flaky();
        command.arg(root.path()).args(["--reset-after", "10", "--", "sh", "-c", "exit 0"]);
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        run(command.envs(env.iter().copied())).stderr.contains('\x1b')
    };
    assert!(!coloured(&[]), "a pipe is no terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn each_line_is_json() {
    let stderr = logged(&["--json", "--bind", "0.0.0.0"]);
    let lines: Vec<serde_json::Value> = stderr
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let kinds: Vec<&str> = lines.iter().map(|line| line["kind"].as_str().unwrap()).collect();
    let serving = lines.iter().find(|line| line["kind"] == "serving").unwrap();
    assert_eq!((&serving["seed"], &serving["rules"][0]), (&1.into(), &"*: reset-after=100 x*".into()));
    assert_eq!(kinds.iter().filter(|kind| **kind == "exchange").count(), 2, "{stderr}");
    assert_eq!(kinds.iter().filter(|kind| **kind == "connection").count(), 2, "{stderr}");
    assert!(kinds.contains(&"warning") && kinds.contains(&"message"), "{stderr}");
    assert!(lines.iter().all(|line| line["v"] == 1), "{stderr}");
}

#[test]
fn errors_are_json_too() {
    let ended = run(flaky().args(["--json", "/does/not/exist"]));
    ended.assert_code(2);
    let line: serde_json::Value = serde_json::from_str(&ended.stderr).unwrap();
    assert_eq!(line["kind"], "error");
    assert!(line["text"].as_str().unwrap().contains("`/does/not/exist` does not exist"), "{line}");
}
