//! What a server uses, as the system tells.

use std::fs;
use std::time::Duration;

/// What a process and its descendants use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// Processor time, in user space and in the kernel.
    pub(crate) cpu: Duration,
    /// Bytes of memory, those that are shared by several processes counted once (PSS).
    pub(crate) memory: u64,
}

/// `sysconf(_SC_CLK_TCK)` on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// What a process and its descendants use; zero where the system does not tell.
pub(crate) fn usage(pid: u32) -> Usage {
    let own = Usage { cpu: cpu(pid).unwrap_or_default(), memory: memory(pid).unwrap_or_default() };
    children(pid)
        .into_iter()
        .map(usage)
        .fold(own, |sum, child| Usage { cpu: sum.cpu + child.cpu, memory: sum.memory + child.memory })
}

fn cpu(pid: u32) -> Option<Duration> {
    // proc(5): the name in parentheses may contain anything; utime and stime are fields 14 and 15.
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_secs_f64((user + system) / TICKS_PER_SECOND))
}

fn memory(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let kib: u64 =
        rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kib * 1024)
}

/// Bytes that the kernel holds for TCP sockets, of all processes and at both ends; zero where the system does not tell.
pub(crate) fn socket_memory() -> u64 {
    const PAGE: u64 = 4096;

    let text = fs::read_to_string("/proc/net/sockstat").unwrap_or_default();
    let tcp = text.lines().find(|line| line.starts_with("TCP:")).unwrap_or_default();
    tcp.rsplit(' ').next().and_then(|pages| pages.parse::<u64>().ok()).unwrap_or_default() * PAGE
}

fn children(pid: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}
