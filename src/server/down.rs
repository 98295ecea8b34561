//! A server that is down for as long as a guard lives.

use std::fmt;
use std::io;
use std::sync::{Arc, Weak};

use tokio::runtime::Handle;

use super::gate::Gate;
use super::runtime::wait_for;

/// Keeps a server down; from [`FlakyServer::down`](crate::FlakyServer::down).
///
/// Dropping it brings the server up again, on the same port, before anything else happens on this thread; where
/// somebody else has taken the port meanwhile, as soon as it is free.
#[must_use = "dropping the guard brings the server up again"]
pub struct DownGuard {
    /// `None` once there is nothing more to do.
    gate: Option<Weak<Gate>>,
    runtime: Handle,
}

impl DownGuard {
    /// Takes the server down; blocks until it is.
    pub(super) fn new(gate: &Arc<Gate>, runtime: &Handle) -> Self {
        let closing = Arc::clone(gate);
        // It fails only with the runtime, and then nothing is served at all.
        let _ = wait_for(runtime, async move { closing.close().await });
        Self { gate: Some(Arc::downgrade(gate)), runtime: runtime.clone() }
    }

    /// Brings the server up, unless another guard or a [`Downtime`](crate::Downtime) keeps it down.
    ///
    /// # Errors
    ///
    /// If somebody else has taken the port meanwhile. Then the server comes up when it is free.
    pub fn up(mut self) -> io::Result<()> {
        self.open()
    }

    /// Leaves the server down for ever.
    pub fn forget(mut self) {
        self.gate = None;
    }

    fn open(&mut self) -> io::Result<()> {
        let Some(gate) = self.gate.take().and_then(|gate| gate.upgrade()) else { return Ok(()) };
        let opening = Arc::clone(&gate);
        let opened = wait_for(&self.runtime, async move { opening.open().await })?;
        if opened.is_err() {
            self.runtime.spawn(async move { gate.open_in_the_end().await });
        }
        opened
    }
}

impl Drop for DownGuard {
    fn drop(&mut self) {
        // It comes up later, if not now.
        let _ = self.open();
    }
}

impl fmt::Debug for DownGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownGuard").finish_non_exhaustive()
    }
}
