//! Error chains: what a downloader says went wrong, from the outermost error to the root cause.
//!
//! A chain is that of an [error](Chain::from_error) which a function returned, or is read [from the
//! output](Chain::from_output) of a program, whose format is recognised: `text` has one file for each. Its links are
//! compared with [patterns](LinkPattern) one by one; or asked what they [mean](Meaning), in whichever words.

mod compare;
mod errno;
mod link;
mod meaning;
mod of_error;
pub(crate) mod pattern;
pub(crate) mod table;
pub(crate) mod text;

#[cfg(test)]
mod tests;

use std::error::Error;
use std::fmt;

pub use self::compare::ChainMismatch;
pub use self::link::Link;
pub use self::meaning::Meaning;
pub use self::pattern::LinkPattern;

/// What a downloader says went wrong, from the outermost error to the root cause.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Chain, link};
///
/// let chain = Chain::from_output(b"Error: could not install `app`\n\nCaused by:\n    Connection refused (os error 111)\n");
/// assert_eq!(chain.format(), Some("anyhow"));
/// assert_eq!(chain.root_cause().and_then(|cause| cause.errno()), Some("ECONNREFUSED"));
/// chain.compare(&["could not install `app`".into(), link::refused()])?;
/// assert_eq!(chain.to_string(), "error: could not install `app`\n  caused by: Connection refused (os error 111)");
/// # Ok::<(), flaky_harness::ChainMismatch>(())
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chain {
    links: Vec<Link>,
    format: Option<&'static str>,
}

impl Chain {
    /// The chain of an error and its sources.
    ///
    /// Of each [`std::io::Error`], kind and number are kept.
    pub fn from_error(error: &(dyn Error + 'static)) -> Self {
        Self { links: of_error::links(error), format: None }
    }

    /// The chain that a program printed last, in the bytes that it printed: those of stderr, or of both streams (if they
    /// were apart, stdout comes first).
    ///
    /// Colours, progress bars, and the ways to end a line do not matter. The chain is empty if the text has no error,
    /// or if a retry is announced behind it. Whether the program failed, only its exit status says for sure: `curl
    /// --silent --show-error` prints the same line for an attempt that it repeats, and for its last one.
    pub fn from_output(output: &[u8]) -> Self {
        match text::read(output) {
            Some((format, links)) => Self { links: links.into_iter().map(Link::said).collect(), format: Some(format) },
            None => Self::default(),
        }
    }

    /// The links, the outermost first.
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The innermost link.
    pub fn root_cause(&self) -> Option<&Link> {
        self.links.last()
    }

    /// Whether there is no link.
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// The name of the format in which a program printed it, such as `anyhow` or `python`.
    ///
    /// `None` for the chain of an error, and for an empty one.
    pub fn format(&self) -> Option<&'static str> {
        self.format
    }

    /// Compares the links with patterns, one by one, in their order.
    ///
    /// # Errors
    ///
    /// If a link is not what its pattern says, or if there are too few links, or too many.
    pub fn compare(&self, patterns: &[LinkPattern]) -> Result<(), ChainMismatch> {
        compare::compare(self, patterns)
    }

    /// The same chain with other texts, such as those without paths and ports. Kinds and numbers stay.
    #[must_use]
    pub fn map_text(&self, mut map: impl FnMut(&str) -> String) -> Self {
        let links = self.links.iter().map(|link| link.with_text(map(link.text()))).collect();
        Self { links, format: self.format }
    }
}

/// One link a line, the outermost first; further lines of a link are indented. Nothing for an empty chain.
impl fmt::Display for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, link) in self.links.iter().enumerate() {
            let (separator, label) = if at == 0 { ("", "error: ") } else { ("\n", "  caused by: ") };
            let indent = format!("\n{}", " ".repeat(label.len()));
            write!(f, "{separator}{label}{}", link.text().replace('\n', &indent))?;
        }
        Ok(())
    }
}
