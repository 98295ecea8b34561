//! Regular expressions of the tables of wordings.

use regex::{Regex, RegexSet};

/// The regular expression of a pattern that is known to be one.
///
/// Its `\b` is that of ASCII: the other one is slow in texts that are not.
pub(crate) fn regex(pattern: &str) -> Regex {
    Regex::new(&ascii(pattern)).expect("the patterns of tables are regular expressions")
}

/// The same for several patterns.
pub(crate) fn set(patterns: &[&str]) -> RegexSet {
    RegexSet::new(patterns.iter().map(|pattern| ascii(pattern)))
        .expect("the patterns of tables are regular expressions")
}

fn ascii(pattern: &str) -> String {
    pattern.replace(r"\b", r"(?-u:\b)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_ends() {
        assert!(regex(r"\btimed out\b").is_match("it timed out, «timed outside»"));
        assert!(!set(&[r"\btimed out\b"]).is_match("timed outside"));
    }
}
