//! A program in a process group of its own.

use std::convert::Infallible;
use std::io;
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rustix::io::retry_on_intr;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgid, kill_process, kill_process_group, waitid};

/// A program that was started, and the processes of its group.
///
/// A thread waits for its end, so that nobody has to look again and again. It is not reaped before [`reap`](Self::reap)
/// or the drop: until then its number remains its own, and no signal hits another process, however late it is sent.
#[derive(Debug)]
pub(super) struct Group {
    leader: Pid,
    /// Disconnects when the leader has ended.
    ended: Receiver<Infallible>,
    /// Dropped when the leader may be reaped.
    unreaped: Sender<Infallible>,
    reaper: JoinHandle<io::Result<ExitStatus>>,
}

impl Group {
    /// Starts the program.
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        let (give, given) = mpsc::channel::<Child>();
        let (end, ended) = mpsc::channel();
        let (unreaped, may_reap) = mpsc::channel();
        // First the thread: if there can be none, no program runs that nobody waits for.
        let reaper = thread::Builder::new().name("flaky-wait".to_owned()).spawn(move || {
            let mut child = given.recv().map_err(io::Error::other)?;
            let leader = Pid::from_child(&child);
            // If it fails, so does the `wait` below, and tells why.
            let _ = retry_on_intr(|| waitid(WaitId::Pid(leader), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT));
            drop(end);
            let _ = may_reap.recv();
            child.wait()
        })?;
        let child = command.process_group(0).spawn()?;
        let leader = Pid::from_child(&child);
        // The thread waits for it, and therefore takes it.
        let _ = give.send(child);
        Ok(Self { leader, ended, unreaped, reaper })
    }

    /// The number of the group, which is its leader's.
    pub(super) fn number(&self) -> Pid {
        self.leader
    }

    /// Whether the program ends within this time.
    pub(super) fn ends_within(&mut self, limit: Duration) -> bool {
        self.ended.recv_timeout(limit) == Err(RecvTimeoutError::Disconnected)
    }

    /// Asks all of them to end.
    pub(super) fn terminate(&mut self) {
        self.signal(Signal::TERM);
    }

    /// Ends all of them.
    pub(super) fn kill(&mut self) {
        self.signal(Signal::KILL);
    }

    /// Each of them gets it once: many programs take a second `SIGTERM` for impatience, and do not clean up.
    fn signal(&self, signal: Signal) {
        // They fail if all of them have just ended, and if they have become somebody else's, as with `sudo`.
        let _ = kill_process_group(self.leader, signal);
        if getpgid(Some(self.leader)).is_ok_and(|group| group != self.leader) {
            // The leader has gone to another group.
            let _ = kill_process(self.leader, signal);
        }
    }

    /// How the program ended; waits for its end.
    pub(super) fn reap(self) -> io::Result<ExitStatus> {
        drop(self.unreaped);
        self.reaper.join().map_err(|_| io::Error::other("the thread that waits for it panicked"))?
    }
}
