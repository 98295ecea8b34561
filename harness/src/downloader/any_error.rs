//! The errors that functions return.

use std::error::Error;

/// An error of any of the types that people return.
///
/// That is what the `?` operator turns into a `Box<dyn Error>`: errors of libraries, `anyhow::Error`, `Box<dyn Error>`,
/// `String`, `&str`. And it is `Box<dyn Error + Send + Sync>`, which `?` does not turn into that. `B` tells the two
/// apart, and is inferred.
///
/// # Examples
///
/// ```
/// use std::error::Error;
///
/// use flaky_harness::{Job, function};
///
/// fn download(url: &str) -> Result<(), Box<dyn Error + Send + Sync>> {
///     Err(format!("not even tried: {url}").into())
/// }
///
/// let downloader = function("my client", |job: &Job| download(job.url()));
/// ```
pub trait AnyError<B> {
    /// The error itself, with its sources.
    fn boxed(self) -> Box<dyn Error>;
}

impl<E: Into<Box<dyn Error>>> AnyError<Box<dyn Error>> for E {
    fn boxed(self) -> Box<dyn Error> {
        self.into()
    }
}

impl AnyError<Self> for Box<dyn Error + Send + Sync> {
    fn boxed(self) -> Box<dyn Error> {
        self
    }
}
