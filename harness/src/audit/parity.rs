//! The cases of the catalogue that have a schedule file in `fixtures/schedules/conformance` play what that says, so that
//! what the server's tests hold against the wire is what an audit plays.

use std::fs;
use std::path::Path;

use super::Catalogue;
use super::case::Play;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/schedules/conformance");

/// What an audit plays otherwise, because it has a budget, a crowd, a rule that catches what must not be sent or that
/// keeps HEAD from using up what GET is for, or a circle that tells who begins anew.
const OTHERWISE: [&str; 5] =
    ["31-status-408", "33-backoff-spread", "43-weak-etag", "44-signed-url-expired", "52-redirect-loop"];

#[test]
fn what_is_played_is_what_is_held_against_the_wire() {
    let catalogue = Catalogue::builtin();
    for file in fs::read_dir(Path::new(FOLDER)).unwrap() {
        let path = file.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let (number, name) = stem.split_once('-').unwrap();
        let case = catalogue.case(name).unwrap_or_else(|| panic!("there is no case for {stem}"));
        assert_eq!(case.number(), Some(number.trim_start_matches('0')), "{stem}");
        if OTHERWISE.contains(&stem.as_str()) || path.extension().is_some_and(|extension| extension == "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let rules: Vec<_> = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).collect();
        let rules = rules.join("\n");
        let played = match &case.play {
            Play::Rules(rules) => vec![rules.trim().replace("{file}", "*")],
            Play::Script(script) => vec![format!("*: {script}")],
            Play::Entry { bad, .. } => ["", " x*", " x2, ok"].map(|times| format!("*: {bad}{times}")).to_vec(),
        };
        assert!(played.contains(&rules), "{stem}: {rules}\nis not among {played:?}");
    }
}
