//! Patterns of paths and queries.

use std::{borrow::Cow, fmt};

use fast_glob::{ErrorKind, glob_match, validate};

use super::request::Request;

/// A pattern, written so that it can stand in the text of a rule: without a bare space, without `#` at the start or
/// `:` at the end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Glob {
    text: String,
    /// Whether it is about whole paths.
    has_slash: bool,
    /// Where the text begins, and where it ends, with what stands for itself: whatever matches does, too.
    literal: Literal,
}

/// The parts of a pattern that stand for themselves. Most rules are about something else: that is found out by these.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Literal {
    /// All of it.
    All,
    /// So many bytes at its start, and those from a place on to its end.
    Ends { start: usize, end: usize },
}

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
        let literal = Literal::of(&glob);
        Self { has_slash: glob.contains('/'), text: glob, literal }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches the path as received or decoded: the last segment if the pattern has no `/`.
    pub(super) fn matches_path(&self, request: &Request) -> bool {
        if !self.has_slash {
            let decoded = request.decoded_segment();
            return self.matches(request.segment().as_bytes()) || decoded.is_some_and(|segment| self.matches(segment));
        }
        let matches = |path: &[u8]| {
            self.matches(path)
                || (!self.text.starts_with('/') && path.strip_prefix(b"/").is_some_and(|p| self.matches(p)))
        };
        matches(request.path().as_bytes()) || request.decoded_path().is_some_and(matches)
    }

    /// Whether it matches the query as received or decoded; no query is an empty one.
    pub(super) fn matches_query(&self, request: &Request) -> bool {
        let query = request.query().unwrap_or_default();
        self.matches_text(query.as_bytes()) || request.decoded_query().is_some_and(|query| self.matches_text(query))
    }

    /// Whether it matches all of a text, in which `/` separates nothing.
    pub(super) fn matches_text(&self, text: &[u8]) -> bool {
        if !self.literal.may_match(&self.text, text) {
            return false;
        }
        let glob = if self.has_slash { Cow::Owned(self.text.replace('/', SLASH)) } else { Cow::Borrowed(&*self.text) };
        if !text.contains(&b'/') {
            return glob_match(&*glob, text);
        }
        let text: Vec<u8> = text.iter().map(|&b| if b == b'/' { SLASH.as_bytes()[0] } else { b }).collect();
        glob_match(&*glob, text)
    }

    fn matches(&self, text: &[u8]) -> bool {
        match self.literal {
            Literal::All => self.text.as_bytes() == text,
            Literal::Ends { .. } => self.literal.may_match(&self.text, text) && glob_match(&self.text, text),
        }
    }
}

impl Literal {
    /// Those of a valid pattern.
    fn of(glob: &str) -> Self {
        let is_special = |c: char| matches!(c, '*' | '?' | '[' | ']' | '{' | '}' | '\\' | '!' | ',');
        let (Some(first), Some(last)) = (glob.find(is_special), glob.rfind(is_special)) else { return Self::All };
        // `a/**` and `**/a` have a slash that need not be there.
        let start = glob[..first].trim_end_matches('/').len();
        let behind = &glob[last + 1..];
        Self::Ends { start, end: glob.len() - behind.trim_start_matches('/').len() }
    }

    /// Whether the ends of a text are those of the pattern.
    fn may_match(&self, glob: &str, text: &[u8]) -> bool {
        let (start, end) = match *self {
            Self::All => (glob, glob),
            Self::Ends { start, end } => (&glob[..start], &glob[end..]),
        };
        text.starts_with(start.as_bytes()) && text.ends_with(end.as_bytes())
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::{Target, request::decoded};

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
        fn what_stands_for_itself_is_told_apart_right(
            text in "(/?(\\*\\*|[a-b]|\\*|\\?|\\[a-b\\]|\\{a,b/\\}|\\\\[*ab/]|!|,|ä)){0,5}/?",
            path in "(/?[a-b*!,]|ä){0,5}/?",
        ) {
            if let Ok(glob) = Glob::parse(&text) {
                prop_assert_eq!(glob.matches(path.as_bytes()), glob_match(glob.as_str(), &path));
            }
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
