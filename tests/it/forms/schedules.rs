//! The conformance schedules: each says what is on the wire, and is held against it.

use std::path::{Path, PathBuf};

use flaky_server::{Schedule, Script, verify::check};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/schedules/conformance")
}

#[test]
fn they_do_what_they_say() {
    let mut files: Vec<_> = folder().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 30, "{files:?}");
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_string_lossy();
        let rules = Schedule::parse_rules(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let rule = rules.last().expect("there is a rule").to_string();
        let script = rule.strip_prefix("*: ").unwrap_or_else(|| panic!("{name}: {rule}"));
        let script: Script = script.parse().expect("it is that of a rule");
        let shown: Vec<_> = text.lines().filter_map(shown).collect();
        assert!(!shown.is_empty(), "{name} does not say what is on the wire");
        for (place, wire) in shown {
            let entry = script.get(place).unwrap_or_else(|| panic!("{name} has no entry {place}")).as_str();
            if let Err(mismatch) = check(entry, wire) {
                panic!("{name}: {mismatch}");
            }
        }
    }
}

/// A line that says what is on the wire: `# wire: ` for the first entry of the last rule, `# wire 2: ` for the second.
fn shown(line: &str) -> Option<(u64, &str)> {
    let line = line.strip_prefix("# wire")?;
    match line.strip_prefix(": ") {
        Some(wire) => Some((1, wire)),
        None => line.trim_start().split_once(": ").and_then(|(place, wire)| Some((place.parse().ok()?, wire))),
    }
}
