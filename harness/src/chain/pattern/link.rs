//! Patterns for the links of an error chain.
//!
//! ```
//! use flaky_harness::{Chain, link};
//!
//! let chain = Chain::from_output(b"error: Failed to install app-1.0\n  cause: Request failed after 3 retries in 9.2s\n  \
//!     cause: client error (SendRequest)\n  cause: Connection reset by peer (os error 104)\n");
//! let retried = [link::text("Failed to install app-1.0"), link::glob("* after 3 retries in *"), link::rest(), link::reset()];
//! assert!(chain.compare(&retried).is_ok());
//! ```

use std::io;

use regex::Regex;

use super::glob::Glob;
use super::{Inner, LinkPattern};
use crate::chain::Meaning;

/// A link that says exactly this.
pub fn text(text: impl Into<String>) -> LinkPattern {
    LinkPattern(Inner::Text(text.into()))
}

/// A link with this in its text.
pub fn contains(part: impl Into<String>) -> LinkPattern {
    LinkPattern(Inner::Contains(part.into()))
}

/// A link whose whole text is like this: `*` stands for any text, `\*` for an asterisk, `\\` for a backslash.
pub fn glob(glob: &str) -> LinkPattern {
    LinkPattern(Inner::Glob(Glob::new(glob)))
}

/// A link with a match of this regular expression in its text.
///
/// # Panics
///
/// If it is none. `LinkPattern::from` takes a [`Regex`].
#[track_caller]
pub fn regex(pattern: &str) -> LinkPattern {
    match Regex::new(pattern) {
        Ok(regex) => regex.into(),
        Err(error) => panic!("not a regular expression: {error}"),
    }
}

/// A link of this kind, see [`Link::kind`](crate::Link::kind).
pub fn kind(kind: io::ErrorKind) -> LinkPattern {
    kind.into()
}

/// A link with this error of the operating system, such as `ECONNRESET`, see [`Link::errno`](crate::Link::errno).
pub fn errno(name: impl Into<String>) -> LinkPattern {
    LinkPattern(Inner::Errno(name.into()))
}

/// A link that means [`Meaning::Eof`].
pub fn eof() -> LinkPattern {
    Meaning::Eof.into()
}

/// A link that means [`Meaning::Refused`].
pub fn refused() -> LinkPattern {
    Meaning::Refused.into()
}

/// A link that means [`Meaning::Reset`].
pub fn reset() -> LinkPattern {
    Meaning::Reset.into()
}

/// A link that means [`Meaning::Status`].
pub fn status(status: u16) -> LinkPattern {
    Meaning::Status(status).into()
}

/// A link that means [`Meaning::Timeout`].
pub fn timeout() -> LinkPattern {
    Meaning::Timeout.into()
}

/// A link that means [`Meaning::Tls`].
pub fn tls() -> LinkPattern {
    Meaning::Tls.into()
}

/// One link, whichever it is.
pub fn any() -> LinkPattern {
    LinkPattern(Inner::Any)
}

/// Any number of links, also none.
pub fn rest() -> LinkPattern {
    LinkPattern(Inner::Rest)
}
