//! What attempts are counted by.

use std::{fmt, sync::Arc};

/// What attempts are counted by: the method, path and query of a request, normalised.
///
/// Percent-encodings of unreserved characters are decoded, all others are written in upper case
/// (RFC 3986 §6.2.2), so that `/%7euser` and `/~user` are one target. Whatever is not printable ASCII is
/// percent-encoded, so that no control character gets from a request to a terminal; so is a `%` that encodes nothing.
/// An empty query is no query. Cheap to clone.
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
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let byte = hex(*high) << 4 | hex(*low);
                if is_unreserved(byte) {
                    text.push(byte.into());
                } else {
                    push_encoded(text, byte);
                }
                rest = after;
            }
            (b'%', _) => push_encoded(text, byte),
            _ if byte.is_ascii_graphic() => text.push(byte.into()),
            _ => push_encoded(text, byte),
        }
    }
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
        check("/%zz%4", "/%25zz%254");
        check("/%%41", "/%25A");
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
    }

    #[test]
    fn a_method_is_a_token() {
        assert_eq!(Target::new("GE T\n", "/").as_str(), "GE%20T%0A /");
        assert_ne!(Target::new("get", "/"), Target::new("GET", "/"));
    }

    proptest! {
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
