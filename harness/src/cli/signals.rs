//! What becomes of an audit that the user has had enough of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
#[cfg(unix)]
use std::time::{Duration, Instant};

/// Signals that come within this time are one.
#[cfg(unix)]
const THE_SAME: Duration = Duration::from_millis(500);

/// Whether a signal has come.
#[derive(Clone, Debug, Default)]
pub(super) struct Stopped(Arc<AtomicBool>);

impl Stopped {
    /// Waits for SIGINT, SIGTERM and SIGHUP from now on. At the first, all downloaders are ended, and none is started any more: what
    /// is under way comes to its end at once, and takes its folders along. Who cannot wait for that sends a second one.
    pub(super) fn listen() -> Self {
        let stopped = Self::default();
        #[cfg(unix)]
        {
            let flag = Arc::clone(&stopped.0);
            // Without a thread, a signal does what it does by default.
            let _ = thread::Builder::new().name("flaky-signals".to_owned()).spawn(move || wait(&flag));
        }
        stopped
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[cfg(unix)]
fn wait(stopped: &AtomicBool) {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let (Ok(mut int), Ok(mut term), Ok(mut hup)) =
            (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        else {
            return;
        };
        let mut any = async || {
            tokio::select! {
                _ = int.recv() => {}
                _ = term.recv() => {}
                _ = hup.recv() => {}
            }
        };
        any().await;
        stopped.store(true, Ordering::SeqCst);
        crate::downloader::end_all();
        // One that comes right behind the first is the same one: a wrapper hands on what the terminal has sent to all.
        let first = Instant::now();
        while first.elapsed() < THE_SAME {
            any().await;
        }
        crate::downloader::end_all();
        end();
    });
}

#[cfg(unix)]
#[expect(clippy::exit, reason = "whoever sends a second signal does not want to wait for the end of anything")]
fn end() -> ! {
    std::process::exit(super::exit::STOPPED.into())
}
