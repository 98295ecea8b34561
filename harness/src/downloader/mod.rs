//! What is under test: a command line, a function, or what a user makes of the [`Downloader`] trait.

mod adopt;
mod any_error;
mod captured;
mod command;
mod environment;
mod error;
mod function;
mod job;
mod placeholders;
mod process;
mod quote;
mod ran;
#[cfg(test)]
mod tests;

pub use self::any_error::AnyError;
pub use self::captured::Captured;
pub use self::command::Command;
pub(crate) use self::command::rooted;
pub use self::error::RunError;
pub use self::function::{Function, function, future};
pub use self::job::Job;
pub(crate) use self::job::{DEFAULT_OUTPUT_LIMIT, DEFAULT_TIMEOUT};
pub(crate) use self::placeholders::replace as replace_placeholders;
#[cfg(all(unix, feature = "cli"))]
pub(crate) use self::process::end_all;
pub(crate) use self::quote::line as shell_line;
pub use self::ran::{Exit, Ran};

/// What is under test.
///
/// [`Command`], [`function()`] and [`future()`] implement it; so can anything else that downloads.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Downloader, Exit, Job, Ran, RunError};
///
/// struct Nothing;
///
/// impl Downloader for Nothing {
///     fn describe(&self, job: &Job) -> String {
///         format!("nothing at {}", job.url())
///     }
///
///     fn run(&self, _job: &Job) -> Result<Ran, RunError> {
///         Ok(Ran::new(Exit::Returned))
///     }
/// }
/// ```
pub trait Downloader {
    /// What reports call it, such as its command line, with the values that the job gives.
    fn describe(&self, job: &Job) -> String;

    /// Downloads once, to its end or to the job's [timeout](Job::timeout), whichever comes first.
    ///
    /// That the download fails is a result ([`Ran::exit`]), and not an error.
    ///
    /// # Errors
    ///
    /// If the downloader could not be run at all.
    fn run(&self, job: &Job) -> Result<Ran, RunError>;

    /// The command line with which a shell does the same, `{base}`, `{url}`, `{out}` and `{dir}` unfilled; for the line
    /// of a report that replays a trial. `None`, the default, if there is no such thing.
    fn shell(&self) -> Option<String> {
        None
    }

    /// The file that it is about, as a path of the server, if it says so. `None` by default.
    fn file(&self) -> Option<&str> {
        None
    }
}

impl<D: Downloader + ?Sized> Downloader for &D {
    fn describe(&self, job: &Job) -> String {
        (**self).describe(job)
    }

    fn run(&self, job: &Job) -> Result<Ran, RunError> {
        (**self).run(job)
    }

    fn shell(&self) -> Option<String> {
        (**self).shell()
    }

    fn file(&self) -> Option<&str> {
        (**self).file()
    }
}
