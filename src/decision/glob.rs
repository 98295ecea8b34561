//! Patterns of paths and queries.

use std::{borrow::Cow, fmt};

use fast_glob::{ErrorKind, glob_match, validate};

use super::request::{Request, decoded};

/// A pattern, written so that it can stand in the text of a rule: without a bare space, without `#` at the start or
/// `:` at the end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Glob(String);

/// Stands for `/` in queries and header values, where it separates nothing: `*` matches it there.
const SLASH: &str = "\x1f";

impl Glob {
    /// Reads a pattern, or says what is wrong with it.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        if text.starts_with('!') {
            return Err("a pattern cannot be negated; put a rule that says `ok` before this one");
        }
        if text.chars().any(char::is_control) {
            return Err("a pattern has no control characters");
        }
        validate(text).map_err(|e| match e.kind {
            ErrorKind::UnclosedBrace => "a `{` is never closed; `\\{` stands for itself",
            ErrorKind::UnclosedBracket => "a `[` is never closed; `\\[` stands for itself",
            ErrorKind::TrailingBackslash => "there is nothing behind the `\\`; `\\\\` stands for itself",
            ErrorKind::BraceNestingTooDeep | ErrorKind::TooManyBraceGroups => "there are more than 10 groups in `{}`",
            _ => "the pattern is not valid",
        })?;
        Ok(Self::canonical(text))
    }

    /// The pattern of this text alone.
    pub(super) fn exact(text: &str) -> Self {
        let mut glob = String::new();
        for c in text.chars() {
            if matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '!' | '\\' | ',') {
                glob.push('\\');
            }
            glob.push(c);
        }
        Self::canonical(&glob)
    }

    fn canonical(text: &str) -> Self {
        let mut glob = String::new();
        let mut escaped = false;
        for (i, c) in text.char_indices() {
            let last = i + c.len_utf8() == text.len();
            if !escaped && (c.is_whitespace() || (c == '#' && i == 0) || (c == ':' && last)) {
                glob.push('\\');
            }
            glob.push(c);
            escaped = c == '\\' && !escaped;
        }
        Self(glob)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it matches the path as received or decoded: the last segment if the pattern has no `/`.
    pub(super) fn matches_path(&self, request: &Request) -> bool {
        let path = request.path();
        if !self.0.contains('/') {
            let segment = path.rsplit('/').next().unwrap_or_default();
            return self.matches(segment.as_bytes()) || self.matches(&decoded(segment));
        }
        let matches = |path: &[u8]| {
            self.matches(path) || (!self.0.starts_with('/') && path.strip_prefix(b"/").is_some_and(|p| self.matches(p)))
        };
        matches(path.as_bytes()) || matches(&decoded(path))
    }

    /// Whether it matches the query as received or decoded; no query is an empty one.
    pub(super) fn matches_query(&self, request: &Request) -> bool {
        let query = request.query().unwrap_or_default();
        self.matches_text(query.as_bytes()) || self.matches_text(&decoded(query))
    }

    /// Whether it matches all of a text, in which `/` separates nothing.
    pub(super) fn matches_text(&self, text: &[u8]) -> bool {
        let glob = if self.0.contains('/') { Cow::Owned(self.0.replace('/', SLASH)) } else { Cow::Borrowed(&*self.0) };
        if !text.contains(&b'/') {
            return glob_match(&*glob, text);
        }
        let text: Vec<u8> = text.iter().map(|&b| if b == b'/' { SLASH.as_bytes()[0] } else { b }).collect();
        glob_match(&*glob, text)
    }

    fn matches(&self, text: &[u8]) -> bool {
        glob_match(&self.0, text)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::Target;

    fn request(path: &str) -> Request {
        Request::new(Target::new("GET", path))
    }

    #[track_caller]
    fn check(glob: &str, path: &str, matches: bool) {
        let glob = Glob::parse(glob).unwrap();
        assert_eq!(glob.matches_path(&request(path)), matches, "{glob} {path}");
    }

    #[test]
    fn a_pattern_without_a_slash_matches_the_last_segment() {
        check("*.gz", "/a/b.tar.gz", true);
        check("b.tar.gz", "/a/b.tar.gz", true);
        check("a", "/a/b", false);
        check("*.gz", "/a.gz/", false);
        check("{a,b}.gz", "/x/b.gz", true);
        check("[!a].gz", "/a.gz", false);
    }

    #[test]
    fn a_pattern_with_a_slash_matches_the_whole_path() {
        check("/a/*.gz", "/a/b.gz", true);
        check("/a/*.gz", "/a/b/c.gz", false);
        check("/a/**", "/a/b/c.gz", true);
        check("/**/c.gz", "/a/b/c.gz", true);
        check("a/*.gz", "/a/b.gz", true);
        check("a/*.gz", "/x/a/b.gz", false);
        check("**/b.gz", "/a/b.gz", true);
    }

    #[test]
    fn both_forms_of_a_path_are_tried() {
        check("/a%20b", "/a%20b", true);
        check("/a b", "/a%20b", true);
        check("a b", "/x/a%20b", true);
        check("/ä", "/%C3%A4", true);
        check("/a%2Bb", "/a+b", false);
        check("*", "/a%2Fb", true);
    }

    #[test]
    fn queries_have_no_segments() {
        let check = |glob: &str, path: &str, matches: bool| {
            let glob = Glob::parse(glob).unwrap();
            assert_eq!(glob.matches_query(&request(path)), matches, "{glob} {path}");
        };
        check("x=*", "/?x=a/b", true);
        check("x=a/b", "/?x=a%2Fb", true);
        check("", "/", true);
        check("", "/?x", false);
        check("*", "/", true);
    }

    #[test]
    fn wrong_patterns_are_errors() {
        for glob in ["[", "a{b", "a\\", "!a", "a\nb", "{{{{{{{{{{{a}}}}}}}}}}}"] {
            assert!(Glob::parse(glob).is_err(), "{glob:?}");
        }
    }

    #[test]
    fn patterns_are_written_to_stand_in_a_rule() {
        for (text, canonical) in
            [("a b", "a\\ b"), ("a\\ b", "a\\ b"), ("#a#", "\\#a#"), ("a:b:", "a:b\\:"), ("[ ]", "[\\ ]")]
        {
            let glob = Glob::parse(text).unwrap();
            assert_eq!(glob.as_str(), canonical);
            assert_eq!(Glob::parse(canonical), Ok(glob));
        }
    }

    proptest! {
        #[test]
        fn an_exact_pattern_matches_its_text_alone(
            path in "/[a-c*?{}!\\[\\]\\\\,:# %/-]{0,8}",
            other in "/[a-c*?{}!\\[\\]\\\\,:# %/-]{0,8}",
        ) {
            let (path, other) = (request(&path), request(&other));
            let glob = Glob::exact(path.path());
            prop_assert!(Glob::parse(glob.as_str()).is_ok());
            prop_assert!(glob.matches_path(&path));
            let same = other.path() == path.path() || *decoded(other.path()) == *path.path().as_bytes();
            prop_assert_eq!(glob.matches_path(&other), same);
        }

        #[test]
        fn no_pattern_panics(text in "([\\[\\]{}*?!\\\\,/^-]|.){0,20}", path in "/([*?\\[{]|.){0,20}") {
            if let Ok(glob) = Glob::parse(&text) {
                _ = glob.matches_path(&request(&path));
                _ = glob.matches_query(&request(&path));
                prop_assert_eq!(Glob::parse(glob.as_str()), Ok(glob));
            }
        }
    }
}
