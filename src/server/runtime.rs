//! One background runtime for all servers of a process.

use std::io;
use std::sync::{Mutex, PoisonError, mpsc};

use tokio::runtime::{Builder, Handle, Runtime};

/// The most threads that serve: more clients than that are rarely at work at once in a test.
const MAX_THREADS: usize = 4;

/// Of so many processors one gets a thread that serves. The clients are on this machine, too, and what they need is
/// lost where threads of the server wake each other up.
const PROCESSORS: usize = 2;

/// The background runtime, made at first use.
///
/// A server runs on threads of its own, so that a test that blocks on a child process does not starve it, and works
/// in `#[test]` as well as in any runtime. Starting a server on it costs about as much as binding its port.
pub(super) fn handle() -> io::Result<Handle> {
    static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);

    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*runtime {
        return Ok(runtime.handle().clone());
    }
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = (processors / PROCESSORS).clamp(1, MAX_THREADS);
    let new = Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name("flaky-server")
        .enable_io()
        .enable_time()
        .build()?;
    let handle = new.handle().clone();
    *runtime = Some(new);
    Ok(handle)
}

/// Blocks until `work` is done in the runtime, on whatever thread this is. (`Handle::block_on` panics on the threads of
/// a runtime.)
pub(super) fn wait_for<T, W>(runtime: &Handle, work: W) -> io::Result<T>
where
    T: Send + 'static,
    W: Future<Output = T> + Send + 'static,
{
    if Handle::try_current().is_ok_and(|current| current.id() == runtime.id()) {
        // A closure, on a thread that serves, and there may be no other. What it served goes on elsewhere meanwhile.
        return Ok(tokio::task::block_in_place(|| runtime.block_on(work)));
    }
    let (done, is_done) = mpsc::channel();
    runtime.spawn(async move {
        // The receiver waits for it below.
        let _ = done.send(work.await);
    });
    is_done.recv().map_err(|_| io::Error::other("the background runtime has failed"))
}
