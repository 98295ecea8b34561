//! One trial at a time on each server.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The servers on which a trial runs. Their addresses are theirs alone, as long as they run.
static BUSY: Mutex<BTreeSet<SocketAddr>> = Mutex::new(BTreeSet::new());

/// The right to run a trial on a server, given back on drop.
#[derive(Debug)]
#[must_use = "dropping it lets another trial run"]
pub(super) struct Turn(SocketAddr);

impl Turn {
    /// `None` if another trial runs there.
    pub(super) fn take(server: SocketAddr) -> Option<Self> {
        // Only then there is something to give back.
        let is_free = busy().insert(server);
        is_free.then(|| Self(server))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        busy().remove(&self.0);
    }
}

fn busy() -> MutexGuard<'static, BTreeSet<SocketAddr>> {
    BUSY.lock().unwrap_or_else(PoisonError::into_inner)
}
