//! What is on the wire in the place of what is documented.

use std::{error::Error, fmt, ops::Range};

use super::compare;
use crate::ParseError;

/// What differs on the wire from what is documented, and where in the text that documents it.
///
/// It prints the difference, and the text with the place marked:
///
/// ```text
/// reset-after=500: expected FIN, got RST
///   GET head body[..500] FIN
///                        ^^^
/// ```
#[derive(Debug)]
pub struct Mismatch {
    entry: String,
    wire: String,
    error: Box<compare::Error>,
}

impl Mismatch {
    pub(super) fn new(entry: &str, wire: &str, error: compare::Error) -> Self {
        Self { entry: entry.to_owned(), wire: wire.to_owned(), error: Box::new(error) }
    }

    /// The entry that was played.
    pub fn entry(&self) -> &str {
        &self.entry
    }

    /// The text that says what is on the wire.
    pub fn wire(&self) -> &str {
        &self.wire
    }

    /// What was expected, and what came.
    pub fn message(&self) -> String {
        match &*self.error {
            compare::Error::Differs(_, message) => message.clone(),
            compare::Error::Io(error) => error.to_string(),
            compare::Error::Notation(error) => error.message().to_owned(),
            compare::Error::Start(error) => error.to_string(),
        }
    }

    /// The bytes of the text that differ from what came; `None` if it did not come to that.
    pub fn place(&self) -> Option<Range<usize>> {
        match &*self.error {
            compare::Error::Differs(span, _) => Some(span.clone()),
            compare::Error::Notation(error) => Some(error.span()),
            compare::Error::Io(_) | compare::Error::Start(_) => None,
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.entry)?;
        match &*self.error {
            compare::Error::Differs(span, message) => ParseError::new(&self.wire, span.clone(), message).fmt(f),
            compare::Error::Notation(error) => error.fmt(f),
            // What they are is told by the source.
            compare::Error::Io(_) => f.write_str("cannot talk to the server"),
            compare::Error::Start(_) => f.write_str("cannot play it"),
        }
    }
}

impl Error for Mismatch {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.error {
            compare::Error::Io(error) => Some(error),
            compare::Error::Start(error) => Some(error),
            compare::Error::Differs(..) | compare::Error::Notation(_) => None,
        }
    }
}
