//! Finds what a program has left running, and ends it.

use std::fmt;
use std::fs;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process, pidfd_open, pidfd_send_signal};

use super::marker::Marker;

/// How often it is looked for more before it is given up: only what forks faster than it is ended gets so far, and what
/// must not be ended.
const ROUNDS: usize = 40;

/// For so long an ended process is waited for in each round.
const ROUND: Duration = Duration::from_millis(50);

/// So many of them are named, and so much of a command line is shown.
const NAMED: usize = 5;
const SHOWN: usize = 80;

/// A process of a run, other than the program itself.
#[derive(Debug)]
pub(super) struct Leftover {
    pid: Pid,
    /// Whether it is in the program's process group.
    pub(super) in_group: bool,
    /// Its command line, or its name if it has none.
    command: String,
}

/// The processes that were found.
#[derive(Debug, Default)]
pub(super) struct Leftovers {
    pub(super) found: Vec<Leftover>,
    /// Whether some of them go on all the same.
    survive: bool,
}

/// How the processes of a run are told from others.
#[derive(Debug)]
struct Search {
    marker: Marker,
    group: Pid,
    /// When the program was started, in the kernel's ticks. What is older is none of its children.
    since: u64,
}

/// Ends all that carry the marker or are in the group of this leader, which has not been reaped.
///
/// A process that another one starts in the meantime may be missed by one look, and so may one that is just becoming
/// another program. Therefore it is over when two looks in a row find nothing.
pub(super) fn end(marker: Marker, group: Pid) -> Leftovers {
    let search = Search { marker, group, since: Stat::of(group).map_or(0, |stat| stat.begin) };
    let mut leftovers = Leftovers::default();
    let mut clean = 0;
    for _ in 0..ROUNDS {
        let now = search.look();
        clean = if now.is_empty() { clean + 1 } else { 0 };
        if clean == 2 {
            return leftovers;
        }
        now.iter().for_each(|leftover| search.end(leftover.pid));
        for leftover in now {
            if leftovers.found.iter().all(|known| known.pid != leftover.pid) {
                leftovers.found.push(leftover);
            }
        }
    }
    leftovers.survive = true;
    leftovers
}

impl Search {
    /// All that are there at this moment, as far as `/proc` shows them.
    fn look(&self) -> Vec<Leftover> {
        let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let pids = names.filter_map(|name| name.parse().ok().and_then(Pid::from_raw));
        pids.filter_map(|pid| self.at(pid)).collect()
    }

    /// The process with this number, if it runs and is one.
    fn at(&self, pid: Pid) -> Option<Leftover> {
        // The leader is the program itself, and waited for by others.
        let stat = Stat::of(pid).filter(|stat| pid != self.group && !stat.is_dead && stat.begin >= self.since)?;
        let in_group = stat.group == self.group.as_raw_pid();
        // The environment of another user's process cannot be read.
        if !in_group && !self.marker.is_in(&read(pid, "environ")?) {
            return None;
        }
        let words = read(pid, "cmdline").unwrap_or_default();
        let words: Vec<_> = words.split(|&byte| byte == 0).map(String::from_utf8_lossy).collect();
        let line = words.join(" ").trim_end().to_owned();
        Some(Leftover { pid, in_group, command: if line.is_empty() { stat.name } else { line } })
    }

    /// Kills a process that was found, and waits a little for its end.
    fn end(&self, pid: Pid) {
        let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else {
            // The kernel is older than 5.3, or it has just ended.
            let _ = kill_process(pid, Signal::KILL);
            return thread::sleep(Duration::from_millis(1));
        };
        // Now that there is a hold on it: is it still one, or has its number gone to another process?
        if self.at(pid).is_none() || pidfd_send_signal(&process, Signal::KILL).is_err() {
            return;
        }
        let limit = Timespec::try_from(ROUND).ok();
        let _ = poll(&mut [PollFd::new(&process, PollFlags::IN)], limit.as_ref());
    }
}

impl Leftovers {
    /// What a report says of them; nothing if there were none.
    pub(super) fn note(&self) -> Option<String> {
        let (count, were) = match self.found.len() {
            0 => return None,
            1 => ("1 process".to_owned(), "was"),
            several => (format!("{several} processes"), "were"),
        };
        let fate = if self.survive { "some could not be ended" } else { &format!("{were} ended") };
        let mut names: Vec<_> = self.found.iter().take(NAMED).map(Leftover::to_string).collect();
        if self.found.len() > NAMED {
            names.push("...".to_owned());
        }
        Some(format!("{count} {were} left behind, and {fate}: {}", names.join(", ")))
    }
}

impl fmt::Display for Leftover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: String = self.command.chars().take(SHOWN).collect();
        let more = if shown.len() < self.command.len() { "..." } else { "" };
        write!(f, "{shown}{more} (pid {})", self.pid.as_raw_pid())
    }
}

/// A file below `/proc/PID`, if it can be read.
fn read(pid: Pid, name: &str) -> Option<Vec<u8>> {
    fs::read(format!("/proc/{}/{name}", pid.as_raw_pid())).ok()
}

/// What `/proc/PID/stat` says.
#[derive(Debug, Eq, PartialEq)]
struct Stat {
    name: String,
    is_dead: bool,
    group: i32,
    begin: u64,
}

impl Stat {
    fn of(pid: Pid) -> Option<Self> {
        Self::parse(&String::from_utf8_lossy(&read(pid, "stat")?))
    }

    /// `12 (sh) S 1 12 ...`; the name may have spaces and parentheses of its own.
    fn parse(stat: &str) -> Option<Self> {
        let (_, rest) = stat.split_once('(')?;
        let (name, rest) = rest.rsplit_once(')')?;
        let fields: Vec<_> = rest.split_ascii_whitespace().collect();
        Some(Self {
            name: name.to_owned(),
            is_dead: matches!(*fields.first()?, "X" | "Z"),
            group: fields.get(2)?.parse().ok()?,
            begin: fields.get(19)?.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(count: i32, survive: bool) -> Option<String> {
        let found = (1..=count).map(|number| Leftover {
            pid: Pid::from_raw(number).unwrap(),
            in_group: false,
            command: "sleep 100".to_owned(),
        });
        Leftovers { found: found.collect(), survive }.note()
    }

    #[test]
    fn a_report_names_some_of_them() {
        assert_eq!(left(0, false), None);
        assert_eq!(left(1, false).unwrap(), "1 process was left behind, and was ended: sleep 100 (pid 1)");
        assert_eq!(
            left(2, false).unwrap(),
            "2 processes were left behind, and were ended: sleep 100 (pid 1), sleep 100 (pid 2)"
        );
        assert!(left(6, true).unwrap().starts_with("6 processes were left behind, and some could not be ended: "));
        assert!(left(6, true).unwrap().ends_with("(pid 5), ..."));
    }

    #[test]
    fn what_the_kernel_says_is_read() {
        let rest = "1 7 7 0 -1 4194560 102 0 0 0 0 0 0 0 20 0 1 0 99 2600960 187";
        let stat = |name: &str, is_dead| Some(Stat { name: name.to_owned(), is_dead, group: 7, begin: 99 });
        assert_eq!(Stat::parse(&format!("12 (sh) S {rest}")), stat("sh", false));
        assert_eq!(Stat::parse(&format!("12 (a) (b) c) Z {rest}")), stat("a) (b) c", true));
        assert_eq!(Stat::parse("12 (sh) S 1 7"), None);
        assert_eq!(Stat::parse("12 (sh"), None);
        assert_eq!(Stat::parse(""), None);
    }

    #[test]
    fn this_very_process_is_read() {
        let stat = Stat::of(rustix::process::getpid()).unwrap();
        assert_eq!(stat.group, rustix::process::getpgrp().as_raw_pid());
        assert!(!stat.is_dead && stat.begin > 0);
    }
}
