//! Runs a command to its end, which it reaches in time or not at all.

use std::fmt::{self, Display};
use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;

/// A command that takes longer is killed.
const LIMIT: Duration = Duration::from_secs(90);

/// A command that has ended.
pub(crate) struct Ran {
    pub(crate) end: End,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    command: String,
    took: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Status(i32),
    /// A signal of somebody else's.
    Killed,
    TimedOut,
}

pub(crate) fn run(command: &mut Command) -> Result<Ran> {
    let begin = Instant::now();
    own_group(command);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let stdout = read(child.stdout.take().unwrap());
    let stderr = read(child.stderr.take().unwrap());
    let end = match wait(&mut child, LIMIT)? {
        Some(status) => status.code().map_or(End::Killed, End::Status),
        None => {
            kill_group(&mut child);
            child.wait()?;
            End::TimedOut
        }
    };
    Ok(Ran {
        end,
        stdout: stdout.join().unwrap(),
        stderr: String::from_utf8_lossy(&stderr.join().unwrap()).into_owned(),
        command: format!("{command:?}"),
        took: begin.elapsed(),
    })
}

/// Waits for so long; `None` if it still runs then.
pub(crate) fn wait(child: &mut Child, limit: Duration) -> Result<Option<ExitStatus>> {
    let begin = Instant::now();
    loop {
        match child.try_wait()? {
            None if begin.elapsed() < limit => thread::sleep(Duration::from_millis(10)),
            status => return Ok(status),
        }
    }
}

fn read(mut pipe: impl Read + Send + 'static) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut all = Vec::new();
        // What was read before an error is still worth showing.
        let _ = pipe.read_to_end(&mut all);
        all
    })
}

#[cfg(unix)]
fn own_group(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
fn own_group(_command: &mut Command) {}

/// Kills a command and what it has started.
#[cfg(unix)]
fn kill_group(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};

    // It fails if all of them have just ended.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

#[cfg(not(unix))]
fn kill_group(child: &mut Child) {
    let _ = child.kill();
}

/// Asks a process to end.
#[cfg(unix)]
pub(crate) fn terminate(child: &mut Child) -> Result<()> {
    use rustix::process::{Pid, Signal, kill_process};

    Ok(kill_process(Pid::from_child(child), Signal::TERM)?)
}

#[cfg(not(unix))]
pub(crate) fn terminate(child: &mut Child) -> Result<()> {
    Ok(child.kill()?)
}

impl Display for Ran {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "the client: {}", self.command)?;
        writeln!(f, "ended with {:?} after {:.1} s", self.end, self.took.as_secs_f64())?;
        match std::str::from_utf8(&self.stdout) {
            Ok(text) if text.len() < 10_000 => writeln!(f, "--- its stdout\n{text}")?,
            _ => writeln!(f, "--- its stdout: {} bytes", self.stdout.len())?,
        }
        write!(f, "--- its stderr\n{}", self.stderr)
    }
}
