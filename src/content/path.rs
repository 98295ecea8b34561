//! The path of a URL, decoded once and checked.

use std::borrow::Cow;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// What is percent-encoded in a path: all but the characters that a segment may hold as they are
/// (RFC 3986 §3.3), and the slashes between segments.
pub(super) const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'!')
    .remove(b'$')
    .remove(b'&')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b'+')
    .remove(b',')
    .remove(b';')
    .remove(b'=')
    .remove(b':')
    .remove(b'@')
    .remove(b'/');

/// Why the path of a request names nothing that could be served.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
pub enum BadPath {
    /// A `%` that is not followed by two hexadecimal digits.
    #[error("the path has a `%` that is not followed by two hexadecimal digits")]
    Encoding,
    /// A NUL character.
    #[error("the path has a NUL character")]
    Nul,
    /// A component that leads upwards.
    #[error("the path has a `..` component")]
    Parent,
    /// The path does not begin with a slash.
    #[error("the path does not begin with `/`")]
    Relative,
    /// A name that means something else to the operating system, such as `C:` or `NUL` on Windows.
    #[error("the path has a name that is not a file name on this system")]
    Reserved,
}

/// The path of a URL: decoded once, without empty and `.` components, and without a way upwards.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct UrlPath {
    /// The components, joined by slashes, without one in front or at the end.
    decoded: Vec<u8>,
    /// Whether the path ended in a slash.
    directory: bool,
}

impl UrlPath {
    /// From a path as it was received. `+` is a plus sign: only queries know it as a space.
    pub(super) fn parse(raw: &str) -> Result<Self, BadPath> {
        let mut rest = raw.as_bytes();
        while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
            rest = &rest[at + 1..];
            if rest.len() < 2 || !rest[..2].iter().all(u8::is_ascii_hexdigit) {
                return Err(BadPath::Encoding);
            }
        }
        Self::from_decoded(&Cow::from(percent_decode_str(raw)))
    }

    /// From a path in which `%` means itself.
    pub(super) fn from_decoded(decoded: &[u8]) -> Result<Self, BadPath> {
        let Some(relative) = decoded.strip_prefix(b"/") else {
            return Err(BadPath::Relative);
        };
        if relative.contains(&0) {
            return Err(BadPath::Nul);
        }
        if cfg!(windows) && str::from_utf8(relative).is_err() {
            return Err(BadPath::Reserved);
        }
        let mut path = Self { decoded: Vec::with_capacity(relative.len()), directory: true };
        for component in relative.split(|&byte| byte == b'/') {
            // A backslash separates on some systems only, but `..\` is nobody's file name.
            if component.split(|&byte| byte == b'\\').any(|part| part == b"..") {
                return Err(BadPath::Parent);
            }
            if cfg!(windows) && is_reserved(component) {
                return Err(BadPath::Reserved);
            }
            path.directory = matches!(component, b"" | b".");
            if !path.directory {
                if !path.decoded.is_empty() {
                    path.decoded.push(b'/');
                }
                path.decoded.extend_from_slice(component);
            }
        }
        Ok(path)
    }

    /// Whether a component begins with a dot.
    pub(super) fn is_hidden(&self) -> bool {
        self.decoded.split(|&byte| byte == b'/').any(|component| component.starts_with(b"."))
    }

    /// Whether it names a directory: it ends in a slash.
    pub(super) fn is_directory(&self) -> bool {
        self.directory
    }

    /// Whether it names the directory that everything is in.
    pub(super) fn is_root(&self) -> bool {
        self.directory && self.decoded.is_empty()
    }

    /// The same path, of a directory.
    pub(super) fn as_directory(&self) -> Self {
        Self { decoded: self.decoded.clone(), directory: true }
    }

    /// The path of the file beside it whose name is longer by this.
    pub(super) fn with_suffix(&self, suffix: &str) -> Self {
        let mut path = self.or_index().into_owned();
        path.decoded.extend_from_slice(suffix.as_bytes());
        path
    }

    /// The components behind `directory`, joined by slashes, if this path leads through it.
    pub(super) fn below(&self, directory: &Self) -> Option<&[u8]> {
        if directory.decoded.is_empty() {
            return Some(&self.decoded);
        }
        self.decoded.strip_prefix(directory.decoded.as_slice())?.strip_prefix(b"/")
    }

    /// The path of the index file, if this is the path of a directory; otherwise the path itself.
    pub(super) fn or_index(&self) -> Cow<'_, Self> {
        if !self.directory {
            return Cow::Borrowed(self);
        }
        let mut decoded = self.decoded.clone();
        if !decoded.is_empty() {
            decoded.push(b'/');
        }
        decoded.extend_from_slice(b"index.html");
        Cow::Owned(Self { decoded, directory: false })
    }

    /// The last component; what is not UTF-8 in it is replaced.
    pub(super) fn name(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(self.decoded.rsplit(|&byte| byte == b'/').next().unwrap_or_default())
    }

    /// The path relative to a root directory, in the form of this system.
    pub(super) fn relative(&self) -> &Path {
        #[cfg(unix)]
        let path = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(&self.decoded);
        #[cfg(not(unix))]
        let path = str::from_utf8(&self.decoded).expect("checked when the path was parsed");
        Path::new(path)
    }

    /// The path for people; what is not UTF-8 in it is replaced.
    pub(super) fn display(&self) -> String {
        let slash = if self.directory && !self.decoded.is_empty() { "/" } else { "" };
        format!("/{}{slash}", String::from_utf8_lossy(&self.decoded))
    }

    /// The path as it stands in a URL.
    pub(super) fn encoded(&self) -> String {
        let slash = if self.directory && !self.decoded.is_empty() { "/" } else { "" };
        format!("/{}{slash}", percent_encode(&self.decoded, ENCODED))
    }
}

/// Whether Windows takes this for something else than the name of a file: a drive, a stream, a
/// device, or a name that it would shorten.
fn is_reserved(component: &[u8]) -> bool {
    let stem = component.split(|&byte| byte == b'.').next().unwrap_or_default().trim_ascii_end().to_ascii_uppercase();
    let device = match stem.as_slice() {
        b"AUX" | b"CON" | b"CONIN$" | b"CONOUT$" | b"NUL" | b"PRN" => true,
        [b'C', b'O', b'M', n] | [b'L', b'P', b'T', n] => n.is_ascii_digit(),
        _ => false,
    };
    device
        || component.iter().any(|byte| b"\\:".contains(byte))
        || (component != b"." && component.ends_with(b"."))
        || component.ends_with(b" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BadPath, UrlPath, is_reserved};

    #[track_caller]
    fn check(raw: &str, expected: Result<(&str, bool), BadPath>) {
        let path = UrlPath::parse(raw);
        let path =
            path.as_ref().map(|path| (path.relative().to_str().unwrap(), path.directory)).map_err(|error| *error);
        assert_eq!(path, expected, "{raw}");
    }

    #[test]
    fn decodes_once() {
        check("/", Ok(("", true)));
        check("/a.gz", Ok(("a.gz", false)));
        check("/a/b", Ok(("a/b", false)));
        check("/a/b/", Ok(("a/b", true)));
        check("//a///b//", Ok(("a/b", true)));
        check("/./a/.", Ok(("a", true)));
        check("/a%20b", Ok(("a b", false)));
        check("/a+b", Ok(("a+b", false)));
        check("/a%2Bb", Ok(("a+b", false)));
        check("/a%2fb", Ok(("a/b", false)));
        check("/%252e%252e", Ok(("%2e%2e", false)));
        check("/a%2500", Ok(("a%00", false)));
        check("/...", Ok(("...", false)));
        check("/a..b/..c", Ok(("a..b/..c", false)));
    }

    #[test]
    fn refuses() {
        for raw in ["/%", "/a%", "/%2", "/%zz", "/%%41", "/a%2", "/%2%66"] {
            check(raw, Err(BadPath::Encoding));
        }
        for raw in [
            "/..",
            "/../a",
            "/a/..",
            "/a/../b",
            "/%2e%2e/a",
            "/.%2e/a",
            "/%2E./a",
            "/..%2fa",
            "/a%2f..%2fb",
            "/..%5ca",
            "/a/..\\b",
            "/a\\..",
            "/%2e%2e%5c%2e%2e",
        ] {
            check(raw, Err(BadPath::Parent));
        }
        check("/a%00b", Err(BadPath::Nul));
        for raw in ["", "*", "a", "..", "%2fa%", "http://a/b"] {
            let expected = if raw.ends_with('%') { BadPath::Encoding } else { BadPath::Relative };
            check(raw, Err(expected));
        }
    }

    #[test]
    fn hidden_components() {
        for (raw, hidden) in
            [("/.a", true), ("/a/.b/c", true), ("/%2ea", true), ("/a.", false), ("/a/./b", false), ("/", false)]
        {
            assert_eq!(UrlPath::parse(raw).unwrap().is_hidden(), hidden, "{raw}");
        }
    }

    #[test]
    fn reserved_on_windows() {
        for name in ["C:", "a:b", "a\\b", "nul", "NUL.txt", "com1", "Lpt9.log", "a.", "a "] {
            assert!(is_reserved(name.as_bytes()), "{name}");
        }
        for name in ["", ".", "a", "nula", "com", "com10", "a.nul", "conin", "a b.txt"] {
            assert!(!is_reserved(name.as_bytes()), "{name}");
        }
    }

    proptest! {
        #[test]
        fn encoding_is_the_inverse_of_decoding(decoded in prop::collection::vec(1_u8.., 0..40)) {
            let decoded = [b"/", decoded.as_slice()].concat();
            if let Ok(path) = UrlPath::from_decoded(&decoded) {
                let encoded = path.encoded();
                let uri: http::uri::PathAndQuery = encoded.parse().unwrap();
                prop_assert_eq!(uri.path(), &encoded);
                prop_assert_eq!(UrlPath::parse(&encoded), Ok(path));
            }
        }

        #[test]
        fn never_leads_upwards(raw in "/([.%2eEfFcC/\\\\5]|%2[eEfF]|%5[cC]|\\.\\.){0,12}") {
            if let Ok(path) = UrlPath::parse(&raw) {
                let mut parts = path.decoded.split(|byte| b"/\\".contains(byte));
                prop_assert!(parts.all(|part| part != b".."));
                prop_assert!(path.relative().is_relative());
            }
        }
    }
}
