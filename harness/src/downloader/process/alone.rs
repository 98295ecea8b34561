//! A program, where there are no process groups.

use std::io;
use std::process::{Child, Command, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

/// How often it is asked whether it has ended.
const PAUSE: Duration = Duration::from_millis(10);

/// A program that was started. What it has started itself is not known, and goes on when it has ended.
#[derive(Debug)]
pub(super) struct Group(Child);

impl Group {
    /// Starts the program.
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        command.spawn().map(Self)
    }

    /// Whether the program ends within this time.
    pub(super) fn ends_within(&mut self, limit: Duration) -> bool {
        let begin = Instant::now();
        loop {
            match self.0.try_wait() {
                Ok(None) if begin.elapsed() < limit => thread::sleep(PAUSE),
                // If it fails, so does the `wait` below, and tells why.
                result => return !matches!(result, Ok(None)),
            }
        }
    }

    /// There is no way to ask.
    pub(super) fn terminate(&mut self) {
        self.kill();
    }

    /// Ends the program.
    pub(super) fn kill(&mut self) {
        // It fails if it has just ended.
        let _ = self.0.kill();
    }

    /// How the program ended; waits for its end.
    pub(super) fn reap(mut self) -> io::Result<ExitStatus> {
        self.0.wait()
    }
}
