//! The chains and the claims in the samples, which `tests/samples/README.md` describes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use flaky_harness::{Chain, Claims, Count, Meaning, link};
use serde::Deserialize;

/// What a reader says is in the output of a program.
#[derive(Debug, Deserialize)]
struct Expected {
    exit: i32,
    chain: Vec<String>,
    claim: Option<ExpectedCount>,
    claim_text: Option<String>,
    #[serde(default)]
    announced: u64,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ExpectedCount {
    Attempts(u64),
    Retries(u64),
}

#[derive(Debug)]
struct Sample {
    /// Its folder and its name.
    name: String,
    output: Vec<u8>,
    expected: Expected,
}

impl Sample {
    fn read(description: &Path) -> Self {
        let expected = toml::from_str(&fs::read_to_string(description).unwrap()).unwrap();
        let folder = description.parent().and_then(Path::file_name).unwrap().to_string_lossy();
        let name = format!("{folder}/{}", description.file_stem().unwrap().to_string_lossy());
        Self { name, output: fs::read(description.with_extension("txt")).unwrap(), expected }
    }

    fn folder(&self) -> &str {
        self.name.split('/').next().unwrap_or_default()
    }

    /// The lines of the output, each once.
    fn lines(&self) -> BTreeSet<&[u8]> {
        self.output.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).collect()
    }

    /// What is not as expected.
    fn differences(&self, output: &[u8], chain_is_decided: bool) -> Vec<String> {
        let chain = Chain::from_output(output);
        let claims = Claims::read(output, &chain, &[]);
        let mut differences = Vec::new();
        let links: Vec<&str> = chain.links().iter().map(|link| link.text()).collect();
        if chain_is_decided && links != self.expected.chain {
            differences.push(format!(
                "chain ({:?}):\n    {links:#?}\n    expected {:#?}",
                chain.format(),
                self.expected.chain
            ));
        }
        let expected = self.expected.claim.map(|count| match count {
            ExpectedCount::Attempts(attempts) => Count::Attempts(attempts),
            ExpectedCount::Retries(retries) => Count::Retries(retries),
        });
        if claims.total().map(|claim| claim.count()) != expected {
            differences.push(format!("claim: {:?}, expected {expected:?}", claims.total()));
        }
        let said = claims.total().map_or("", |claim| claim.text());
        let words = self.expected.claim_text.as_deref().unwrap_or_default();
        if !said.contains(words) && !words.contains(said) {
            differences.push(format!("claim_text: {said:?}, expected {words:?}"));
        }
        if claims.announced() != self.expected.announced {
            differences.push(format!("announced: {}, expected {}", claims.announced(), self.expected.announced));
        }
        differences
    }
}

fn samples() -> Vec<Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    let mut descriptions: Vec<PathBuf> = fs::read_dir(root)
        .unwrap()
        .map(|folder| folder.unwrap().path())
        .filter(|folder| folder.is_dir() && !folder.ends_with("programs"))
        .flat_map(|folder| fs::read_dir(folder).unwrap())
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    descriptions.sort();
    assert!(descriptions.len() > 200, "the samples are not there");
    descriptions.iter().map(|description| Sample::read(description)).collect()
}

/// Success that says, line for line, what a failure of the same program says: the exit status alone tells them apart.
fn is_undecidable(sample: &Sample, all: &[Sample]) -> bool {
    let is_twin = |other: &&Sample| {
        other.folder() == sample.folder() && !other.expected.chain.is_empty() && other.lines() == sample.lines()
    };
    sample.expected.exit == 0 && !sample.lines().is_empty() && all.iter().any(|other| is_twin(&other))
}

/// Reads all samples, changed in this way.
#[track_caller]
fn check(change: impl Fn(&Sample) -> Vec<u8>) {
    let samples = samples();
    let mut failures = Vec::new();
    for sample in &samples {
        let differences = sample.differences(&change(sample), !is_undecidable(sample, &samples));
        if !differences.is_empty() {
            failures.push(format!("{}: {}", sample.name, differences.join("\n  ")));
        }
    }
    assert!(failures.is_empty(), "{} of {} samples:\n{}", failures.len(), samples.len(), failures.join("\n"));
}

#[test]
fn as_recorded() {
    check(|sample| sample.output.clone());
}

#[test]
fn only_curl_says_the_same_when_it_succeeds() {
    let samples = samples();
    let undecidable: Vec<&Sample> = samples.iter().filter(|sample| is_undecidable(sample, &samples)).collect();
    assert!(undecidable.iter().all(|sample| sample.folder() == "curl"), "{undecidable:#?}");
    assert_eq!(undecidable.len(), 2, "--silent --show-error, after a reset and after a status");
}

/// The lines, without what ends them.
fn lines(output: &[u8]) -> impl Iterator<Item = &[u8]> {
    output.split(|&byte| byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line))
}

#[test]
fn with_the_line_ends_of_windows() {
    check(|sample| lines(&sample.output).collect::<Vec<_>>().join(&b"\r\n"[..]));
}

#[test]
fn in_colour() {
    for end in ["\n", "\r\n"] {
        check(|sample| {
            let coloured = lines(&sample.output).map(|line| [b"\x1b[1;31m", line, b"\x1b[0m"].concat());
            coloured.collect::<Vec<_>>().join(end.as_bytes())
        });
    }
}

#[test]
fn behind_bytes_that_are_no_text() {
    check(|sample| [b"loading \xff\xfe\xc3( ...\n", &sample.output[..]].concat());
}

#[test]
fn behind_a_progress_bar() {
    check(|sample| [b"\r  50% [====>   ]\r", &sample.output[..]].concat());
    check(|sample| [b"\r  10% [>       ]\r\x1b[2K  50% [====>   ]\r\x1b[K", &sample.output[..]].concat());
}

/// The progress bar was just being drawn when the error came.
#[test]
fn behind_a_progress_bar_on_the_line_of_the_error() {
    check(|sample| {
        let lines: Vec<&[u8]> = sample.output.split_inclusive(|&byte| byte == b'\n').collect();
        let outermost = sample.expected.chain.first().and_then(|link| link.lines().next()).unwrap_or_default();
        let contains = |line: &[u8], part: &str| String::from_utf8_lossy(line).contains(part);
        let at = lines.iter().position(|line| contains(line, outermost)).unwrap_or(0);
        // color-eyre has a line of its own for the level.
        let at = at - usize::from(at > 0 && contains(lines[at - 1], "Error: ") && !contains(lines[at], "Error: "));
        [&lines[..at].concat(), &b"\r  50% [====>   ]\r"[..], &lines[at..].concat()].concat()
    });
}

/// One release retries and does not say so, the next one does: the change that this project started with.
#[test]
fn a_line_tells_exhausted_retries_from_skipped_ones() {
    let read = |name: &str| {
        let sample = samples().into_iter().find(|sample| sample.name == name).unwrap();
        let chain = Chain::from_output(&sample.output);
        let claims = Claims::read(&sample.output, &chain, &[]);
        (chain, claims.retries())
    };
    let patterns = [
        link::text("Failed to install cpython-3.8.20-linux-x86_64-gnu"),
        link::text("Request failed after 3 retries"),
        link::glob("Failed to extract archive: *.tar.gz"),
        link::rest(),
        link::errno("ECONNRESET"),
    ];
    let (chain, retries) = read("uv-old/reset-18");
    chain.compare(&patterns).unwrap();
    assert_eq!(retries, Some(3));

    let (chain, retries) = read("uv-old/reset-17");
    let mismatch = chain.compare(&patterns).unwrap_err().to_string();
    assert!(mismatch.contains("\n>   2 the text `Request failed after 3 retries`\n"), "{mismatch}");
    assert_eq!(retries, None);
}

/// What the server did, by the name of a sample.
fn injected(name: &str) -> Option<Meaning> {
    let words = [
        ("reset", Meaning::Reset),
        ("refused", Meaning::Refused),
        ("drop", Meaning::Eof),
        ("truncated", Meaning::Eof),
        ("status-503", Meaning::Status(503)),
        ("stall", Meaning::Timeout),
        ("slow", Meaning::Timeout),
        ("hang", Meaning::Timeout),
    ];
    words.into_iter().find_map(|(word, meaning)| name.contains(word).then_some(meaning))
}

#[test]
fn root_causes_mean_what_the_server_did() {
    let all = [Meaning::Eof, Meaning::Refused, Meaning::Reset, Meaning::Status(503), Meaning::Timeout, Meaning::Tls];
    let mut wrong = Vec::new();
    let mut without = Vec::new();
    for sample in samples() {
        let chain = Chain::from_output(&sample.output);
        let (Some(injected), Some(root)) = (injected(&sample.name), chain.root_cause()) else { continue };
        let meanings: Vec<Meaning> = all.into_iter().filter(|&meaning| root.means(meaning)).collect();
        if meanings.is_empty() {
            without.push(sample.name);
        } else if meanings != [injected] {
            wrong.push(format!("{}: {meanings:?}, {:?}", sample.name, root.text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // pip does not give the cause, and Node.js only its class where it is too deep.
    let is_silent = |name: &String| name.starts_with("pip/") || name.starts_with("node/print-drop");
    assert!(without.iter().all(is_silent), "{without:?}");
}
