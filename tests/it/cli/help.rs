//! The help: short and long, with an example for every flag.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{flaky, run};

fn help(flag: &str) -> String {
    let ended = run(flaky().arg(flag));
    ended.assert_code(0);
    ended.stdout
}

/// The flags that a text has a paragraph of their own for, with what the paragraph says.
fn flags(help: &str) -> Vec<(String, String)> {
    let mut flags: Vec<(String, String)> = Vec::new();
    for line in help.lines() {
        let name = line.split_whitespace().find(|word| word.starts_with("--")).unwrap_or_default();
        if (line.starts_with("      --") || line.starts_with("  -")) && name.len() > 2 {
            let name = name.split('[').next().unwrap_or_default();
            flags.push((name.to_owned(), String::new()));
        } else if let Some((_, text)) = flags.last_mut() {
            *text += line;
            text.push('\n');
        }
    }
    flags
}

#[test]
fn every_flag_has_an_example_that_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("dist")).unwrap();
    let mut shown = 0;
    for (flag, text) in flags(&help("--help")) {
        if matches!(flag.as_str(), "--help" | "--version") {
            continue;
        }
        let example = text.lines().find_map(|line| line.trim().strip_prefix("Example: flaky-server "));
        let example = example.unwrap_or_else(|| panic!("{flag} has no example:\n{text}"));
        assert!(example.split(' ').any(|word| word.split('=').next() == Some(&flag)), "{flag}: {example}");
        understand(folder.path(), example);
        shown += 1;
    }
    assert!(shown > 60, "{shown}");
}

/// Reads these arguments as a shell would, and serves nobody.
#[track_caller]
fn understand(folder: &Path, arguments: &str) {
    let alone = ["--check", "--verify-wire"].iter().any(|flag| arguments.contains(flag));
    let check = if alone { "" } else { "--check" };
    let mut command = Command::new("sh");
    command.current_dir(folder).args(["-c", &format!("\"$0\" {check} {arguments}")]).arg(flaky().get_program());
    run(&mut command).assert_code(0);
}

#[test]
fn the_short_help_is_short() {
    let (short, long) = (help("-h"), help("--help"));
    let names = |help: &str| flags(help).into_iter().map(|(flag, _)| flag).collect::<Vec<_>>();
    assert_eq!(names(&short), names(&long));
    // One line says what a flag does, and seldom a second.
    assert!(short.lines().count() < 2 * names(&short).len() + 40, "{short}");
    assert!(short.contains("--help says more") && long.contains("Exit status"));
    assert!(!short.contains("Example: "), "{short}");
}
