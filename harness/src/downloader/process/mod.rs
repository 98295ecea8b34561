//! Runs a program to its end, which it reaches in time or not at all, and leaves nothing of it behind.

mod capture;
mod marker;

#[cfg(not(unix))]
#[path = "alone.rs"]
mod group;
#[cfg(unix)]
mod group;
#[cfg(target_os = "linux")]
mod leftovers;
#[cfg(unix)]
mod running;

use std::io::{self, PipeReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use self::capture::Capture;
use self::group::Group;
use self::marker::Marker;
#[cfg(all(unix, feature = "cli"))]
pub(crate) use self::running::end_all;
use super::{Exit, Job, Ran, RunError};

/// What was asked to end has so long to do so.
const GRACE: Duration = Duration::from_millis(500);

/// What was killed ends at once, unless the kernel holds it, or it runs as another user.
const LIMIT: Duration = Duration::from_secs(5);

/// Runs a program; its words, folder and environment are given, the rest is the job's.
pub(super) fn run(mut command: Command, stdin: Option<Vec<u8>>, job: &Job) -> Result<Ran, RunError> {
    let marker = Marker::new();
    let (stdout, stdout_end) = Capture::start(job.output_limit()).map_err(|error| failed("read its stdout", error))?;
    let (stderr, stderr_end) = Capture::start(job.output_limit()).map_err(|error| failed("read its stderr", error))?;
    command.env(marker::NAME, marker.value()).stdout(stdout_end).stderr(stderr_end).stdin(Stdio::null());
    if let Some(bytes) = stdin {
        command.stdin(feed(bytes).map_err(|error| failed("write its stdin", error))?);
    }
    let mut group = Group::start(&mut command)
        .map_err(|source| RunError::Start { program: command.get_program().display().to_string(), source })?;
    #[cfg(unix)]
    let running = running::Entry::new(group.number());
    // With it go our copies of its ends of the pipes.
    drop(command);

    let in_time = group.ends_within(job.timeout());
    if !in_time {
        group.terminate();
        group.ends_within(GRACE);
        group.kill();
    }
    let mut notes = leave_nothing_behind(&mut group, marker, in_time);
    let ended = group.ends_within(LIMIT);
    // Before it is reaped: afterwards its number may be somebody else's.
    #[cfg(unix)]
    drop(running);
    let exit = if !ended {
        notes.push("the program could not be ended, and goes on".to_owned());
        Exit::TimedOut
    } else {
        let status = group.reap().map_err(|error| failed("wait for it", error))?;
        if in_time { exit(status) } else { Exit::TimedOut }
    };
    let ran = Ran::new(exit).stdout(stdout.finish()).stderr(stderr.finish());
    Ok(notes.into_iter().fold(ran, Ran::note))
}

fn failed(what: &str, source: io::Error) -> RunError {
    RunError::Io { what: format!("cannot {what}"), source }
}

/// A pipe from which these bytes can be read, and then its end.
fn feed(bytes: Vec<u8>) -> io::Result<PipeReader> {
    let (stream, mut pipe) = io::pipe()?;
    thread::Builder::new().name("flaky-stdin".to_owned()).spawn(move || {
        // A program need not read all that there is.
        let _ = pipe.write_all(&bytes);
    })?;
    Ok(stream)
}

/// Ends all that still runs, and says what there was that should not have been.
fn leave_nothing_behind(group: &mut Group, marker: Marker, in_time: bool) -> Vec<String> {
    #[cfg(target_os = "linux")]
    let notes = {
        let mut left = leftovers::end(marker, group.number());
        // At the timeout it is no surprise that the group has more processes, and they were ended with it.
        left.found.retain(|leftover| in_time || !leftover.in_group);
        left.note().into_iter().collect()
    };
    #[cfg(not(target_os = "linux"))]
    let notes = {
        let _ = (marker, in_time);
        Vec::new()
    };
    group.kill();
    notes
}

#[cfg(unix)]
fn exit(status: ExitStatus) -> Exit {
    use std::os::unix::process::ExitStatusExt as _;

    status.code().map_or_else(|| Exit::Signal(status.signal().unwrap_or_default()), Exit::Status)
}

/// Every program that has ended has a status here.
#[cfg(not(unix))]
fn exit(status: ExitStatus) -> Exit {
    Exit::Status(status.code().unwrap_or_default())
}
