//! One error of a chain.

use std::io;

use super::Meaning;
use super::errno::{self, Errno};

/// One error of a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    text: String,
    kind: Option<io::ErrorKind>,
    errno: Option<&'static str>,
}

impl Link {
    /// What a text has.
    pub(crate) fn said(text: String) -> Self {
        Self { text, kind: None, errno: None }
    }

    /// What an [`io::Error`] knows.
    pub(super) fn of_io(error: &io::Error) -> Self {
        // An error of the operating system may be wrapped in others, which show nothing but that.
        let mut inner = error;
        while let Some(wrapped) = inner.get_ref().and_then(|wrapped| wrapped.downcast_ref()) {
            inner = wrapped;
        }
        let kind = if error.kind() == io::ErrorKind::Other { inner.kind() } else { error.kind() };
        Self { text: error.to_string(), kind: Some(kind), errno: errno::of(inner).map(|errno| errno.name) }
    }

    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Of which kind it is: as an [`io::Error`] says, or as the [`errno`](Self::errno) in its text does.
    pub fn kind(&self) -> Option<io::ErrorKind> {
        self.kind.or_else(|| self.said_errno()?.kind)
    }

    /// The name of the operating system's error, such as `ECONNRESET`.
    ///
    /// From an [`io::Error`] on Unix; or from a text with such a name in it, or with a number (`os error 104`,
    /// `Errno 104`), which is taken for that of Linux.
    pub fn errno(&self) -> Option<&'static str> {
        self.errno.or_else(|| self.said_errno().map(|errno| errno.name))
    }

    /// Whether it means this, whichever program says so, and in which words.
    ///
    /// A link can mean several things, or nothing that is known here.
    pub fn means(&self, meaning: Meaning) -> bool {
        meaning.is_of(self)
    }

    /// With another text, which leaves the kind as it was.
    pub(super) fn with_text(&self, text: String) -> Self {
        Self { text, kind: self.kind(), errno: self.errno() }
    }

    fn said_errno(&self) -> Option<&'static Errno> {
        errno::in_text(&self.text)
    }
}
