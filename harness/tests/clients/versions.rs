//! Which versions of a client its tests hold for.

use std::fmt;

use crate::suite::{Missing, asked_for};

/// With this variable the tests run with whatever is there: to find out whether they hold for that, too.
const ANY_VERSION: &str = "FLAKY_ANY_VERSION";

/// The versions of a client that its tests hold for: the first, the last, and what is between.
///
/// `1.25` stands for all that begins with 1.25.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Versions {
    from: &'static str,
    to: &'static str,
    measured: &'static [&'static str],
}

impl Versions {
    /// The tests have passed with those that are `measured`.
    pub(crate) const fn new(from: &'static str, to: &'static str, measured: &'static [&'static str]) -> Self {
        Self { from, to, measured }
    }

    /// This one alone.
    pub(crate) const fn only(version: &'static str) -> Self {
        Self { from: version, to: version, measured: &[] }
    }

    /// The versions that ran, as a list; the range itself where it is one version.
    pub(crate) fn measured(self) -> String {
        if self.measured.is_empty() { self.to_string() } else { self.measured.join(", ") }
    }

    /// Whether a version is one of these.
    pub(crate) fn include(self, version: &str) -> bool {
        let (from, version, to) = (numbers(self.from), numbers(version), numbers(self.to));
        // As far as the limit goes, and no further: 1.25.3 is no more than 1.25.
        let start = &version[..version.len().min(to.len())];
        from <= version && start <= to.as_slice()
    }

    /// What is missing to a client that says this of its version, or is not there at all.
    pub(crate) fn missing(self, client: &str, says: Option<&str>) -> Option<Missing> {
        let Some(says) = says else {
            return Some(Missing::Client(format!("needs {client} in PATH, one of {self}")));
        };
        match first_version(says) {
            _ if asked_for(ANY_VERSION) => None,
            Some(version) if self.include(version) => None,
            Some(version) => Some(Missing::Version(format!(
                "{client} {version} is not among the versions that this was measured with: {self}"
            ))),
            None => {
                let line = says.lines().next().unwrap_or_default();
                Some(Missing::Version(format!("`{line}` does not say which version of {client} it is, one of {self}")))
            }
        }
    }

    /// As [`missing`](Self::missing), where other tests are for the versions that are none of these.
    pub(crate) fn others(self, client: &str, says: Option<&str>) -> Option<Missing> {
        let version = first_version(says?)?;
        (!self.include(version)).then(|| Missing::Elsewhere(format!("{client} is {version}; this is for {self}")))
    }
}

impl fmt::Display for Versions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { from, to, .. } = self;
        if from == to { f.write_str(from) } else { write!(f, "{from} to {to}") }
    }
}

/// The first thing in a text that looks like a version: digits, a dot, digits, and so on.
pub(crate) fn first_version(text: &str) -> Option<&str> {
    let mut words = text.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|word| word.trim_matches('.'));
    words.find(|word| word.contains('.'))
}

/// What is too long for a number is larger than all.
fn numbers(version: &str) -> Vec<u64> {
    version.split('.').map(|number| number.parse().unwrap_or(u64::MAX)).collect()
}

/// The tests of this file, which no client has to be there for.
pub(crate) mod tests {
    use super::*;
    use crate::suite::{Named, named, suite};

    pub(crate) fn tests() -> Vec<libtest_mimic::Trial> {
        let tests: Vec<Named> = named![
            both_ends_are_included,
            numbers_are_no_text,
            versions_are_read_from_what_programs_say,
            what_is_missing_is_said,
            other_tests_are_for_other_versions,
            they_are_displayed,
        ];
        suite("versions", None, tests)
    }

    const WGET: Versions = Versions::new("1.21", "1.25", &["1.21.3"]);

    #[track_caller]
    fn check(versions: Versions, included: &[&str], others: &[&str]) {
        for version in included {
            assert!(versions.include(version), "{version} is one of {versions}");
        }
        for version in others {
            assert!(!versions.include(version), "{version} is none of {versions}");
        }
    }

    fn both_ends_are_included() {
        check(WGET, &["1.21", "1.21.0", "1.21.3", "1.22", "1.25", "1.25.99"], &["1", "1.20.9", "1.26", "2.1", "0.99"]);
        check(Versions::only("26.3"), &["26.3", "26.3.1"], &["26.2.9", "26.4", "26", "27.0"]);
        check(Versions::new("0.7.18", "0.13.9", &[]), &["0.7.18", "0.13.9", "0.8"], &["0.7.17", "0.13.10", "0.7"]);
    }

    fn numbers_are_no_text() {
        check(Versions::new("3.6", "3.13", &[]), &["3.6.15", "3.9", "3.10", "3.13.0"], &["3.5.10", "3.14", "3.130"]);
        check(WGET, &[], &["1.99999999999999999999999"]);
    }

    fn versions_are_read_from_what_programs_say() {
        for (text, version) in [
            ("GNU Wget 1.21.3 built on linux-gnu.", Some("1.21.3")),
            ("curl 7.88.1 (x86_64-pc-linux-gnu) libcurl/7.88.1", Some("7.88.1")),
            ("curl 8.5.0-DEV (Linux)", Some("8.5.0")),
            ("v26.10.0\n", Some("26.10.0")),
            ("Python 3.11.7", Some("3.11.7")),
            ("This is version 2. See 2.1.", Some("2.1")),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(first_version(text), version, "{text}");
        }
    }

    #[track_caller]
    fn says(missing: Option<Missing>, expected: &str) {
        let missing = missing.map(|missing| missing.reason().to_owned());
        assert_eq!(missing.as_deref(), Some(expected));
    }

    fn what_is_missing_is_said() {
        assert!(WGET.missing("wget", Some("GNU Wget 1.21.3 built on linux-gnu.")).is_none());
        says(WGET.missing("wget", None), "needs wget in PATH, one of 1.21 to 1.25");
        says(
            WGET.missing("wget", Some("GNU Wget2 2.1.0 - multithreaded")),
            "wget 2.1.0 is not among the versions that this was measured with: 1.21 to 1.25",
        );
        says(
            WGET.missing("wget", Some("BusyBox\nmulti-call")),
            "`BusyBox` does not say which version of wget it is, one of 1.21 to 1.25",
        );
    }

    fn other_tests_are_for_other_versions() {
        assert!(WGET.others("wget", Some("GNU Wget 1.21.3")).is_none());
        says(WGET.others("wget", Some("GNU Wget 1.20")), "wget is 1.20; this is for 1.21 to 1.25");
    }

    fn they_are_displayed() {
        assert_eq!(WGET.to_string(), "1.21 to 1.25");
        assert_eq!(Versions::only("26.3").to_string(), "26.3");
    }
}
