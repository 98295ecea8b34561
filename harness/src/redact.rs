//! What differs from run to run, replaced by names.

use std::borrow::Cow;
use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

/// Replaces what differs from run to run, so that texts can be compared and snapshots stay.
///
/// | in the text | becomes |
/// |---|---|
/// | the address of the server, `127.0.0.1:PORT` or `localhost:PORT` | `[LOCALHOST]` |
/// | the folder of the trial | `[TEMP_DIR]` |
/// | below it, names that are made up, `.tmpNK3xWn` | `[TEMP]` |
/// | times: `10.4s`, `250ms`, `1m 3s` | `[TIME]` |
///
/// and what [`Trial::redact`](crate::Trial::redact) adds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redactions {
    own: Vec<(Regex, String)>,
    places: Vec<(String, &'static str)>,
}

/// A number with a unit of time behind it, several of them in a row, and nothing that makes it part of a word.
static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b\d+(?:\.\d+)?(?:ns|µs|us|ms|s|m|h)(?: ?\d+(?:\.\d+)?(?:ns|µs|us|ms|s|m|h))*\b")
        .expect("a valid pattern")
});

/// Other addresses of this machine.
static LOCALHOST: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b(?:127\.0\.0\.1|localhost):\d+\b").expect("a valid pattern"));

/// Names below a temporary folder that are made up.
static MADE_UP: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"/\.tmp\w+").expect("a valid pattern"));

impl Redactions {
    pub(crate) fn add(&mut self, pattern: Regex, replacement: &str) {
        self.own.push((pattern, replacement.to_owned()));
    }

    /// Those of one trial.
    pub(crate) fn place(&mut self, base: &str, folder: &Path) {
        let authority = base.strip_prefix("http://").unwrap_or(base);
        self.places = vec![(authority.to_owned(), "[LOCALHOST]"), (folder.display().to_string(), "[TEMP_DIR]")];
        // A proxy in front of the server has another port, and programs drop what is empty.
        self.places.retain(|(text, _)| !text.is_empty());
    }

    pub(crate) fn apply(&self, text: &str) -> String {
        let mut text = Cow::Borrowed(text);
        for (pattern, replacement) in &self.own {
            text = Cow::Owned(pattern.replace_all(&text, replacement).into_owned());
        }
        let mut text = text.into_owned();
        for (place, name) in &self.places {
            text = text.replace(place, name);
        }
        for (pattern, name) in [(&LOCALHOST, "[LOCALHOST]"), (&MADE_UP, "/[TEMP]"), (&TIME, "[TIME]")] {
            text = pattern.replace_all(&text, name).into_owned();
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut redactions = Redactions::default();
        redactions.add(Regex::new("token=[a-z]+").unwrap(), "token=[TOKEN]");
        redactions.place("http://127.0.0.1:4321", Path::new("/trial-x"));
        assert_eq!(redactions.apply(text), expected);
    }

    #[test]
    fn places_and_times() {
        check("http://127.0.0.1:4321/a and localhost:99", "http://[LOCALHOST]/a and [LOCALHOST]");
        check("in /trial-x/a/.tmpAb3/b", "in [TEMP_DIR]/a/[TEMP]/b");
        check("after 3 retries in 10.4s", "after 3 retries in [TIME]");
        check("took 1m 3s, or 250ms", "took [TIME], or [TIME]");
        check("/a?token=abc", "/a?token=[TOKEN]");
    }

    #[test]
    fn what_only_looks_like_a_time() {
        check("cpython-3.8.20-linux-x86_64", "cpython-3.8.20-linux-x86_64");
        check("1289334 bytes, 503, os error 104", "1289334 bytes, 503, os error 104");
        check("in v3s2", "in v3s2");
    }
}
