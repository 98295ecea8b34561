//! SHA-256 of what is served, for comparing with what was downloaded.

use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use sha2::{Digest as _, Sha256};
use tokio::sync::oneshot;

use super::report::{say, warn};
use crate::{FixtureReader, FlakyServer};

/// The largest fixture that is hashed without being asked for: a few seconds of one core.
const UNASKED: u64 = 1 << 30;

/// Bytes that are hashed at once; the thread may be told to stop between them.
const AT_ONCE: usize = 256 * 1024;

/// Hashes on a thread of its own, until it is dropped.
#[derive(Debug)]
pub(super) struct Hashing {
    stopped: Arc<AtomicBool>,
    done: Option<oneshot::Receiver<()>>,
}

impl Hashing {
    /// Says the hash of each single fixture as soon as it is known: of all if they were asked for, otherwise of those
    /// that are not large, and when nothing else is to be done.
    pub(super) fn start(server: &FlakyServer, asked: bool) -> Self {
        let opened: Vec<_> = server.singles().map(|path| (server.fixture(&path), path)).collect();
        let stopped = Arc::new(AtomicBool::new(false));
        let (tell, done) = oneshot::channel();
        let is_stopped = Arc::clone(&stopped);
        thread::spawn(move || {
            if !asked {
                step_back();
            }
            for (fixture, path) in opened {
                match fixture.and_then(|fixture| hash(fixture, asked, &is_stopped)) {
                    Ok(Some(hash)) => say(format_args!("sha256 {hash}  {path}")),
                    Ok(None) => {}
                    Err(error) => warn(format_args!("cannot hash {path}: {error}")),
                }
            }
            // Nobody may wait for it.
            let _ = tell.send(());
        });
        Self { stopped, done: Some(done) }
    }

    /// Waits until all are known.
    pub(super) async fn wait(&mut self) {
        if let Some(done) = &mut self.done {
            // It fails if the thread has panicked, and said so.
            let _ = done.await;
            self.done = None;
        }
    }
}

impl Drop for Hashing {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::Relaxed);
    }
}

/// The hash of a fixture, in hexadecimal digits; `None` if it is too large to be hashed unasked, or if it is no longer
/// wanted.
fn hash(mut fixture: FixtureReader, asked: bool, stopped: &AtomicBool) -> io::Result<Option<String>> {
    if !asked && fixture.len() > UNASKED {
        return Ok(None);
    }
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; AT_ONCE];
    while !stopped.load(Ordering::Relaxed) {
        match fixture.read(&mut buffer)? {
            0 => return Ok(Some(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())),
            read => hasher.update(&buffer[..read]),
        }
    }
    Ok(None)
}

/// Leaves the processor to everybody else. Elsewhere than on Linux that would be about the whole process.
fn step_back() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(19);
}
