//! Assertions on an outcome, and what they print when they fail.

mod backoff;
mod content;
mod counts;
mod credentials;
mod exit;
mod expected;
mod pace;
mod resume;
mod words;

use std::fmt;

pub use self::backoff::Backoff;
pub use self::expected::{Codes, Times};
use crate::{Outcome, report};

/// Assertions on an [`Outcome`]: each returns the chain, or panics with all that is known of the trial.
///
/// Each has a twin whose name begins with `try_`, which returns an [`AssertionError`] instead.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Trial, function};
///
/// let downloader = function("asks for nothing", |_job| Ok::<(), std::io::Error>(()));
/// let outcome = Trial::with("reset x*").run(&downloader);
/// outcome.assert().succeeded().attempts(0).no_leftovers();
/// assert!(outcome.assert().try_content_matches().is_err()); // an exit status is no file
/// ```
#[derive(Clone, Copy)]
pub struct Assert<'a> {
    outcome: &'a Outcome,
}

/// An assertion did not hold. Its text is the whole report.
#[derive(Clone)]
pub struct AssertionError {
    expected: String,
    got: String,
    report: String,
}

impl Outcome {
    /// Asserts what happened.
    #[must_use = "this alone asserts nothing"]
    pub fn assert(&self) -> Assert<'_> {
        Assert { outcome: self }
    }
}

impl Assert<'_> {
    /// The same, with counts that are about this target alone, as [`Outcome::target`] has it: here the chain would
    /// outlive the narrowed outcome, so it is for a closure to go on.
    ///
    /// # Examples
    ///
    /// ```
    /// # let downloader = flaky_harness::function("asks for nothing", |_job| Ok::<(), std::io::Error>(()));
    /// # let outcome = flaky_harness::Trial::with("ok").run(&downloader);
    /// outcome.assert().succeeded().target("/index.json", |it| {
    ///     it.attempts(0);
    /// });
    /// ```
    #[track_caller]
    pub fn target(self, target: &str, check: impl FnOnce(Assert<'_>)) -> Self {
        check(self.outcome.target(target).assert());
        self
    }

    /// As [`check`](Self::check), for what is about the attempts: they have to be known, all of them.
    fn check_wire(
        self,
        holds: bool,
        expected: impl FnOnce() -> String,
        got: impl FnOnce() -> String,
        nearest: impl FnOnce() -> Vec<String>,
    ) -> Result<Self, AssertionError> {
        match self.outcome.facts().dropped {
            0 => self.check(holds, expected, got, nearest),
            dropped => {
                let unknown = || format!("nothing that is certain: {dropped} attempts are not in the journal any more");
                let help = || vec!["raise the limit of the journal, with `FlakyServerBuilder::limits`".to_owned()];
                self.check(false, expected, unknown, help)
            }
        }
    }

    /// Holds or does not, with what was expected, what came, and what may be behind it.
    fn check(
        self,
        holds: bool,
        expected: impl FnOnce() -> String,
        got: impl FnOnce() -> String,
        nearest: impl FnOnce() -> Vec<String>,
    ) -> Result<Self, AssertionError> {
        if holds {
            return Ok(self);
        }
        let (expected, got) = (expected(), got());
        let report = report::failure(self.outcome, &expected, &got, &nearest());
        Err(AssertionError { expected, got, report })
    }
}

impl fmt::Debug for Assert<'_> {
    /// In short: `unwrap_err` prints it where what should not hold does.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Assert({}: {})", self.outcome.facts().downloader, self.outcome.exit())
    }
}

impl AssertionError {
    /// What was expected.
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// What came instead.
    pub fn got(&self) -> &str {
        &self.got
    }

    #[track_caller]
    fn panic(&self) -> ! {
        panic!("{self}")
    }
}

impl fmt::Display for AssertionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl fmt::Debug for AssertionError {
    /// As it displays: `unwrap` prints this.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.report)
    }
}

impl std::error::Error for AssertionError {}

/// The panicking twin of a `try_` method.
macro_rules! panicking {
    ($(#[$doc:meta])* $name:ident, $try_name:ident $(, $arg:ident: $kind:ty)*) => {
        $(#[$doc])*
        #[track_caller]
        pub fn $name(self $(, $arg: $kind)*) -> Self {
            match self.$try_name($($arg),*) {
                Ok(chain) => chain,
                Err(error) => error.panic(),
            }
        }
    };
}
pub(crate) use panicking;
