//! What attempts are counted by.

use std::{fmt, sync::Arc};

/// What attempts are counted by: the method, path and query of a request, normalised.
///
/// Percent-encodings of unreserved characters are decoded, all others are written in upper case
/// (RFC 3986 §6.2.2), so that `/%7euser` and `/~user` are one target. Whatever is not printable ASCII is
/// percent-encoded, so that no control character gets from a request to a terminal. A `%` that encodes nothing stays,
/// so that `/%zz` and `/%25zz` are two targets. An empty query is no query. Cheap to clone.
///
/// # Examples
///
/// ```
/// use flaky_server::Target;
///
/// let target = Target::new("GET", "/%7euser/a%2fb?x=1");
/// assert_eq!(target.to_string(), "GET /~user/a%2Fb?x=1");
/// assert_eq!((target.path(), target.query()), ("/~user/a%2Fb", Some("x=1")));
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Target {
    /// The method, a space, the path, and possibly `?` and the query.
    text: Arc<str>,
    method_end: usize,
    path_end: usize,
}

impl Target {
    /// From a method, and a path and query as they came.
    pub fn new(method: impl AsRef<[u8]>, path_and_query: impl AsRef<[u8]>) -> Self {
        let mut text = String::new();
        for &byte in method.as_ref() {
            if is_token(byte) {
                text.push(byte.into());
            } else {
                push_encoded(&mut text, byte);
            }
        }
        let method_end = text.len();
        text.push(' ');
        normalise(path_and_query.as_ref(), &mut text);
        if text.ends_with(' ') || text[method_end + 1..].starts_with('?') {
            text.insert(method_end + 1, '/');
        }
        let path_end = text[method_end..].find('?').map_or(text.len(), |at| at + method_end);
        if path_end + 1 == text.len() {
            text.truncate(path_end);
        }
        Self { text: text.into(), method_end, path_end }
    }

    /// The method.
    pub fn method(&self) -> &str {
        &self.text[..self.method_end]
    }

    /// The path, normalised.
    pub fn path(&self) -> &str {
        &self.text[self.method_end + 1..self.path_end]
    }

    /// The query, normalised, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.text.get(self.path_end + 1..)
    }

    /// What stands for all targets together: no request has an empty method.
    pub(super) fn everything() -> Self {
        Self::new("", "*")
    }

    /// The same without its query.
    pub(super) fn without_query(&self) -> Self {
        match self.query() {
            Some(_) => Self { text: self.text[..self.path_end].into(), ..*self },
            None => self.clone(),
        }
    }

    /// The path, and possibly `?` and the query.
    pub fn path_and_query(&self) -> &str {
        &self.text[self.method_end + 1..]
    }

    /// Method, path and query.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn normalise(raw: &[u8], text: &mut String) {
    let mut rest = raw;
    // Where the last `%` stands that encodes nothing.
    let mut stray = None;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let byte = hex(*high) << 4 | hex(*low);
                if is_unreserved(byte) && !completes(text, stray, byte) {
                    text.push(byte.into());
                } else {
                    push_encoded(text, byte);
                }
                rest = after;
            }
            (b'%', _) => {
                stray = Some(text.len());
                text.push('%');
            }
            _ if byte.is_ascii_graphic() => text.push(byte.into()),
            _ => push_encoded(text, byte),
        }
    }
}

/// Whether this byte, decoded, could become a part of an encoding that was not there: `%%414` is not `%A4`.
fn completes(text: &str, stray: Option<usize>, byte: u8) -> bool {
    let between = stray.map(|at| &text.as_bytes()[at + 1..]);
    byte.is_ascii_hexdigit() && between.is_some_and(|it| it.len() < 2 && it.iter().all(u8::is_ascii_hexdigit))
}

/// RFC 3986 §2.3.
fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// RFC 9110 §5.6.2.
pub(super) fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn push_encoded(text: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    text.push('%');
    text.push(DIGITS[usize::from(byte >> 4)].into());
    text.push(DIGITS[usize::from(byte & 15)].into());
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(raw: &str, normal: &str) {
        assert_eq!(Target::new("GET", raw).path_and_query(), normal);
    }

    #[test]
    fn encodings_are_normalised() {
        check("/a/b?x=1", "/a/b?x=1");
        check("/%41%2d%5A%7e", "/A-Z~");
        check("/a%2fb%2Fc", "/a%2Fb%2Fc");
        check("/%2541", "/%2541");
        check("/%zz%4", "/%zz%4");
        check("/%25zz", "/%25zz");
        check("/%%41", "/%%41");
        check("/%%414", "/%%414");
        check("/%4%31", "/%4%31");
        check("/%%7e%41", "/%~A");
        check("/%4%c3%a4%", "/%4%C3%A4%");
        check("/a b\x1b[2J", "/a%20b%1B[2J");
        check("/ä", "/%C3%A4");
        check("/a?", "/a");
        check("/a??", "/a??");
        check("", "/");
        check("?x=%61", "/?x=a");
        check("*", "*");
    }

    #[test]
    fn the_parts_are_found() {
        let target = Target::new("GET", "/a?b?c=/d e");
        assert_eq!(target.method(), "GET");
        assert_eq!(target.path(), "/a");
        assert_eq!(target.query(), Some("b?c=/d%20e"));
        assert_eq!(Target::new("GET", "/a").query(), None);
        for path in ["/a?b?c", "/a", "/a?%20"] {
            assert_eq!(Target::new("GET", path).without_query(), Target::new("GET", "/a"));
        }
    }

    #[test]
    fn a_method_is_a_token() {
        assert_eq!(Target::new("GE T\n", "/").as_str(), "GE%20T%0A /");
        assert_ne!(Target::new("get", "/"), Target::new("GET", "/"));
    }

    /// What an encoding that is valid stands for, and all else as it is.
    fn decoded(raw: &str) -> Vec<(bool, u8)> {
        let bytes = raw.as_bytes();
        let (mut decoded, mut at) = (Vec::new(), 0);
        while at < bytes.len() {
            let digits =
                bytes.get(at + 1..at + 3).filter(|it| bytes[at] == b'%' && it.iter().all(u8::is_ascii_hexdigit));
            match digits {
                Some(digits) => {
                    let byte = hex(digits[0]) << 4 | hex(digits[1]);
                    decoded.push((!is_unreserved(byte), byte));
                    at += 3;
                }
                None => {
                    decoded.push((false, bytes[at]));
                    at += 1;
                }
            }
        }
        decoded
    }

    proptest! {
        #[test]
        fn only_what_means_the_same_is_one_target(a in "/([%2345az]|%25){0,7}", b in "/([%2345az]|%25){0,7}") {
            let one = Target::new("GET", &a) == Target::new("GET", &b);
            // Two texts that mean the same may still be two, but never the other way round.
            prop_assert!(!one || decoded(&a) == decoded(&b), "{} {}", a, b);
            let normal = Target::new("GET", &a);
            prop_assert_eq!(decoded(normal.path()), decoded(&a));
        }

        #[test]
        fn normal_is_normal(raw in "([%?/a-f0-9]|.){0,30}") {
            let once = Target::new("GET", &raw);
            prop_assert_eq!(&Target::new("GET", once.path_and_query()), &once);
            prop_assert!(once.path_and_query().bytes().all(|b| b.is_ascii_graphic()));
        }

        #[test]
        fn any_bytes_do(raw in prop::collection::vec(any::<u8>(), 0..40)) {
            let target = Target::new(&raw, &raw);
            prop_assert!(target.method().bytes().all(is_token));
            prop_assert_eq!(target.to_string(), format!("{} {}", target.method(), target.path_and_query()));
        }
    }
}
