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
        assert_eq!(rules.len(), 1, "{name}");
        let rule = rules[0].to_string();
        let script = rule.strip_prefix("*: ").unwrap_or_else(|| panic!("{name}: {rule}"));
        let script: Script = script.parse().expect("it is that of a rule");
        let first = script.get(1).expect("there is an entry").as_str();
        let wire = text.lines().find_map(|line| line.strip_prefix("# wire: "));
        let wire = wire.unwrap_or_else(|| panic!("{name} does not say what is on the wire"));
        if let Err(mismatch) = check(first, wire) {
            panic!("{name}: {mismatch}");
        }
    }
}
