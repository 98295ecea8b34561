//! A function.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use super::command::rooted;
use super::{AnyError, Captured, Downloader, Exit, Job, Ran, RunError};
use crate::Chain;

/// A future is dropped at the timeout. If its thread has not noticed so long after that, it is blocked.
const GRACE: Duration = Duration::from_millis(500);

/// A function as [`Downloader`]: see [`function`] and [`future`].
#[derive(Clone)]
pub struct Function {
    name: String,
    file: Option<String>,
    /// Whether it ends by itself at the timeout, so that it gets a little longer than that.
    cancels: bool,
    body: Arc<Body>,
}

type Body = dyn Fn(Job) -> Result<Done, RunError> + Send + Sync;

/// How a function ended that did not panic.
enum Done {
    Cancelled,
    Failed(Chain),
    Returned,
}

/// A function as [`Downloader`].
///
/// The error may be of [any type](AnyError) that people return; it and its sources are the [`Chain`]. A panic is
/// [`Exit::Panicked`], with its message as stderr.
///
/// Each run has a thread of its own. One that has not ended at the [timeout](Job::timeout) is left to itself, as no
/// thread can be ended from outside, and the outcome notes it; it may still be there when the test has ended.
/// An async function that is to be cancelled then goes to [`future`].
///
/// # Examples
///
/// ```
/// use std::{fs, io};
///
/// use flaky_harness::{Job, function};
///
/// let downloader = function("my client", |job: &Job| {
///     // Downloads `job.url()` to `job.out()`.
///     fs::write(job.out(), "")
/// });
/// ```
pub fn function<F, T, E, B>(name: impl Into<String>, f: F) -> Function
where
    F: Fn(&Job) -> Result<T, E> + Send + Sync + 'static,
    E: AnyError<B>,
{
    Function {
        name: name.into(),
        file: None,
        cancels: false,
        body: Arc::new(move |job| Ok(Done::from_result(f(&job)))),
    }
}

/// An async function as [`Downloader`].
///
/// Each run has a thread of its own with a current-thread runtime of tokio's, and so the future need not be `Send`, and
/// it may run in a test that has a runtime itself. At the [timeout](Job::timeout) it is dropped, and with it what it has
/// spawned. All else is as with [`function`].
///
/// # Examples
///
/// ```
/// use flaky_harness::{Job, future};
///
/// async fn download(url: &str) -> std::io::Result<Vec<u8>> {
///     // ...
/// #   Ok(url.into())
/// }
///
/// let downloader = future("my client", |job: Job| async move { download(job.url()).await }).file("/app.tar.gz");
/// ```
pub fn future<F, R, T, E, B>(name: impl Into<String>, f: F) -> Function
where
    F: Fn(Job) -> R + Send + Sync + 'static,
    R: Future<Output = Result<T, E>>,
    E: AnyError<B>,
{
    let body = move |job: Job| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|source| RunError::Io { what: "cannot start a runtime".to_owned(), source })?;
        let result = runtime.block_on(async { tokio::time::timeout(job.timeout(), f(job)).await });
        // A blocking task of its own, such as a name being looked up, is not waited for.
        runtime.shutdown_background();
        Ok(result.map_or(Done::Cancelled, Done::from_result))
    };
    Function { name: name.into(), file: None, cancels: true, body: Arc::new(body) }
}

impl Function {
    /// With this file under test, so that the job has its URL.
    ///
    /// The path is a path of the server; that it starts with a slash goes without saying.
    #[must_use]
    pub fn file(mut self, path: impl AsRef<str>) -> Self {
        self.file = Some(rooted(path.as_ref()));
        self
    }
}

impl Downloader for Function {
    fn describe(&self, _job: &Job) -> String {
        self.name.clone()
    }

    fn run(&self, job: &Job) -> Result<Ran, RunError> {
        if job.file_limit().is_some() {
            return Err(RunError::FileLimit { why: "it is a function, and shares the process" });
        }
        let limit = if self.cancels { job.timeout().saturating_add(GRACE) } else { job.timeout() };
        let (send, received) = mpsc::channel();
        let (body, job) = (Arc::clone(&self.body), job.clone());
        let thread = thread::Builder::new()
            .name("flaky-function".to_owned())
            // If it comes too late, nobody is interested.
            .spawn(move || drop(send.send(body(job))))
            .map_err(|source| RunError::Io { what: "cannot start a thread".to_owned(), source })?;
        match received.recv_timeout(limit) {
            Ok(done) => done.map(Done::into_ran),
            Err(RecvTimeoutError::Timeout) => {
                Ok(Ran::new(Exit::TimedOut).note("the function does not return, and its thread goes on"))
            }
            Err(RecvTimeoutError::Disconnected) => {
                let message = thread.join().map_or_else(|payload| message(&*payload), |()| String::new());
                Ok(Ran::new(Exit::Panicked).stderr(Captured::whole(message)))
            }
        }
    }

    fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Function").field("name", &self.name).field("file", &self.file).finish_non_exhaustive()
    }
}

impl Done {
    fn from_result<T, B>(result: Result<T, impl AnyError<B>>) -> Self {
        match result {
            Ok(_) => Self::Returned,
            Err(error) => Self::Failed(Chain::from_error(&*error.boxed())),
        }
    }

    fn into_ran(self) -> Ran {
        match self {
            Self::Cancelled => Ran::new(Exit::TimedOut),
            Self::Failed(chain) => Ran::new(Exit::Failed).chain(chain),
            Self::Returned => Ran::new(Exit::Returned),
        }
    }
}

/// What was given to `panic!`.
fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().copied();
    text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or_default().to_owned()
}
