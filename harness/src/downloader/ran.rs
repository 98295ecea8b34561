//! How one run of a downloader ended.

use std::fmt;

use super::Captured;
use crate::Chain;

/// One run of a downloader: how it ended, and what it said.
#[derive(Clone, Debug)]
pub struct Ran {
    exit: Exit,
    pub(crate) stdout: Captured,
    pub(crate) stderr: Captured,
    pub(crate) chain: Option<Chain>,
    pub(crate) notes: Vec<String>,
}

/// How a downloader ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Exit {
    /// A function returned an error.
    Failed,
    /// A function panicked.
    Panicked,
    /// A function returned without an error.
    Returned,
    /// A program was ended by this signal, which the harness did not send.
    Signal(i32),
    /// A program exited with this status.
    Status(i32),
    /// It had not ended at the timeout, and was ended.
    TimedOut,
}

impl Ran {
    /// A run that ended like this, and said nothing.
    pub fn new(exit: Exit) -> Self {
        Self { exit, stdout: Captured::default(), stderr: Captured::default(), chain: None, notes: Vec::new() }
    }

    /// With what was written to stdout.
    #[must_use]
    pub fn stdout(mut self, stdout: Captured) -> Self {
        self.stdout = stdout;
        self
    }

    /// With what was written to stderr.
    #[must_use]
    pub fn stderr(mut self, stderr: Captured) -> Self {
        self.stderr = stderr;
        self
    }

    /// With the chain of the error that it returned. Without one, the chain is read from the output.
    #[must_use]
    pub fn chain(mut self, chain: Chain) -> Self {
        self.chain = Some(chain);
        self
    }

    /// With something that reports are to say, such as that processes were left behind.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// How it ended.
    pub fn exit(&self) -> Exit {
        self.exit
    }
}

impl Exit {
    /// Whether the downloader says that all is well.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Returned | Self::Status(0))
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed => f.write_str("returned an error"),
            Self::Panicked => f.write_str("panicked"),
            Self::Returned => f.write_str("returned without an error"),
            Self::Signal(signal) => write!(f, "ended by signal {signal}"),
            Self::Status(status) => write!(f, "exit status {status}"),
            Self::TimedOut => f.write_str("had not ended at the timeout"),
        }
    }
}
