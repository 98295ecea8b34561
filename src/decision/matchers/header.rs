//! Tests of header fields.

use std::fmt;

use http::HeaderName;

use crate::decision::{
    glob::Glob,
    request::{Request, header_name},
};

/// A header field that a request has to have: `NAME`, or `NAME:PATTERN` for its value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::decision) struct Header {
    name: HeaderName,
    /// `None` if any value will do.
    value: Option<Glob>,
}

impl Header {
    /// Of a name, and the pattern of a value.
    pub(super) fn new(name: &str, value: &str) -> Result<Self, String> {
        let name = header_name(name)?;
        // No value begins with a space (RFC 9110 §5.5): it belongs to the colon, as on the wire.
        let value = match value.trim_start_matches([' ', '\t']) {
            "" => return Err(format!("the pattern is empty; `header={name}` asks for any value")),
            "*" => None,
            value => Some(Glob::parse(value)?),
        };
        Ok(Self { name, value })
    }

    /// Reads `NAME` or `NAME:PATTERN`.
    pub(in crate::decision) fn parse(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once(':').unwrap_or((text, "*"));
        Self::new(name, value)
    }

    /// Whether one of the request's fields of this name has such a value.
    pub(super) fn matches(&self, request: &Request) -> bool {
        request.values(&self.name).any(|value| self.value.as_ref().is_none_or(|glob| glob.matches_text(value)))
    }
}

impl fmt::Display for Header {
    /// The name in lower case, as names of header fields have no case.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name.as_str())?;
        match &self.value {
            Some(value) => write!(f, ":{value}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Target;

    #[track_caller]
    fn check(test: &str, value: &str, matches: bool) {
        let request = Request::new(Target::new("GET", "/")).with_header("X-Token", value).unwrap();
        assert_eq!(Header::parse(test).unwrap().matches(&request), matches, "{test} {value}");
    }

    #[test]
    fn names_have_no_case_and_values_do() {
        check("x-token", "a", true);
        check("X-TOKEN:a", "a", true);
        check("x-token:A", "a", false);
        check("x-tok", "a", false);
    }

    #[test]
    fn values_have_no_segments() {
        check("x-token:Bearer *", "Bearer a/b", true);
        check("x-token: Bearer *", "Bearer a/b", true);
        check("x-token:bytes=[1-9]*-", "bytes=500-", true);
        check("x-token:bytes=[1-9]*-", "bytes=0-", false);
        check("x-token:*", "", true);
    }

    #[test]
    fn one_of_several_values_is_enough() {
        let request = Request::new(Target::new("GET", "/")).with_header("a", "1").unwrap();
        let request = request.with_header("a", "2").unwrap();
        assert!(Header::parse("a:2").unwrap().matches(&request));
        assert!(!Header::parse("a:1, 2").unwrap().matches(&request));
    }

    #[test]
    fn wrong_tests_are_errors() {
        for text in ["", ":", "a b", "a:", "a: ", "a:[", "ä", "a:\n"] {
            assert!(Header::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn tests_have_one_spelling() {
        for (text, shown) in [("A", "a"), ("A:*", "a"), ("a: B c", "a:B\\ c"), ("a:b:c:", "a:b:c\\:")] {
            let header = Header::parse(text).unwrap();
            assert_eq!(header.to_string(), shown);
            assert_eq!(Header::parse(shown), Ok(header));
        }
    }
}
