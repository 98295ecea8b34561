//! The programs that run now: all of them can be ended at once, when the user has had enough.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::process::{Pid, Signal, kill_process_group};

/// Those that run, and whether there are to be no more.
static RUNNING: Mutex<Running> = Mutex::new(Running { leaders: Vec::new(), is_over: false });

struct Running {
    leaders: Vec<Pid>,
    is_over: bool,
}

/// One that runs, as long as this lives. Its number is its own until it is reaped, which is to be later.
#[derive(Debug)]
pub(super) struct Entry(Pid);

impl Entry {
    /// Notes that it runs. If there are to be no more, it is ended at once.
    pub(super) fn new(leader: Pid) -> Self {
        let mut running = running();
        running.leaders.push(leader);
        if running.is_over {
            end(leader);
        }
        Self(leader)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        running().leaders.retain(|leader| *leader != self.0);
    }
}

/// Ends all that run, and whatever is started from now on.
#[cfg(feature = "cli")]
pub(crate) fn end_all() {
    let mut running = running();
    running.is_over = true;
    running.leaders.iter().for_each(|leader| end(*leader));
}

/// It fails if it has just ended.
fn end(leader: Pid) {
    let _ = kill_process_group(leader, Signal::KILL);
}

fn running() -> MutexGuard<'static, Running> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}
