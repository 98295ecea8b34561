//! Patterns for the links of a chain.

mod glob;
pub mod link;

use std::fmt;
use std::io;
use std::ops::RangeFull;

use regex::Regex;

use self::glob::Glob;
use super::{Link, Meaning};

/// What one link of an error chain has to be; or any number of links.
///
/// The functions of [`link`] make them, and `From`: of a text, which the link has to say exactly (`".."`
/// stands for any number of links, as [`link::rest`] does); of an [`io::ErrorKind`], a [`Meaning`], a [`Regex`], and of
/// `..`.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Chain, LinkPattern, Meaning, link};
///
/// let chain = Chain::from_output(b"error: could not install app\n  Caused by: after 3 retries\n  Caused by: EOF\n");
/// let patterns: [LinkPattern; 3] = ["could not install app".into(), link::contains("retries"), Meaning::Eof.into()];
/// assert!(chain.compare(&patterns).is_ok());
/// assert!(chain.compare(&["..".into(), link::eof()]).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct LinkPattern(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Any,
    Contains(String),
    Errno(String),
    Glob(Glob),
    Kind(io::ErrorKind),
    Means(Meaning),
    Regex(Regex),
    Rest,
    Text(String),
}

impl LinkPattern {
    /// Whether it stands for any number of links.
    pub(super) fn is_rest(&self) -> bool {
        matches!(self.0, Inner::Rest)
    }

    /// Whether a link is what it says. Any link is, if it stands for any number of them.
    pub(super) fn matches(&self, link: &Link) -> bool {
        match &self.0 {
            Inner::Any | Inner::Rest => true,
            Inner::Contains(part) => link.text().contains(part.as_str()),
            Inner::Errno(name) => link.errno() == Some(name.as_str()),
            Inner::Glob(glob) => glob.matches(link.text()),
            Inner::Kind(kind) => link.kind() == Some(*kind),
            Inner::Means(meaning) => link.means(*meaning),
            Inner::Regex(regex) => regex.is_match(link.text()),
            Inner::Text(text) => link.text() == text,
        }
    }

    /// The text that it is about, to find the link that is the nearest.
    pub(super) fn words(&self) -> Option<&str> {
        match &self.0 {
            Inner::Contains(text) | Inner::Text(text) => Some(text),
            Inner::Glob(glob) => Some(glob.as_str()),
            Inner::Regex(regex) => Some(regex.as_str()),
            Inner::Any | Inner::Errno(_) | Inner::Kind(_) | Inner::Means(_) | Inner::Rest => None,
        }
    }

    /// The whole text that a link has to say, if that is what it asks for.
    pub(super) fn exact(&self) -> Option<&str> {
        match &self.0 {
            Inner::Text(text) => Some(text),
            _ => None,
        }
    }

    /// What a link says about what it asks for.
    pub(super) fn answer(&self, link: &Link) -> String {
        match &self.0 {
            Inner::Errno(_) => link.errno().map_or_else(|| "has none".to_owned(), |name| format!("has {name}")),
            Inner::Kind(_) => link.kind().map_or_else(|| "has none".to_owned(), |kind| format!("is {kind:?}")),
            _ => format!("says `{}`", link.text()),
        }
    }
}

impl fmt::Display for LinkPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Inner::Any => f.write_str("any link"),
            Inner::Contains(part) => write!(f, "a text with `{part}` in it"),
            Inner::Errno(name) => write!(f, "errno {name}"),
            Inner::Glob(glob) => write!(f, "a text like `{}`", glob.as_str()),
            Inner::Kind(kind) => write!(f, "kind {kind:?}"),
            Inner::Means(meaning) => write!(f, "{meaning}"),
            Inner::Regex(regex) => write!(f, "a text that matches /{}/", regex.as_str()),
            Inner::Rest => f.write_str(".."),
            Inner::Text(text) => write!(f, "the text `{text}`"),
        }
    }
}

impl From<&str> for LinkPattern {
    fn from(text: &str) -> Self {
        if text == ".." { Self(Inner::Rest) } else { Self(Inner::Text(text.to_owned())) }
    }
}

impl From<String> for LinkPattern {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<RangeFull> for LinkPattern {
    fn from(_: RangeFull) -> Self {
        Self(Inner::Rest)
    }
}

impl From<io::ErrorKind> for LinkPattern {
    fn from(kind: io::ErrorKind) -> Self {
        Self(Inner::Kind(kind))
    }
}

impl From<Meaning> for LinkPattern {
    fn from(meaning: Meaning) -> Self {
        Self(Inner::Means(meaning))
    }
}

impl From<Regex> for LinkPattern {
    fn from(regex: Regex) -> Self {
        Self(Inner::Regex(regex))
    }
}
