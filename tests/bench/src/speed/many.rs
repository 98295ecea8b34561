//! Many servers in one process.

use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use flaky_server::FlakyServer;

use super::Bench;
use super::measure::median;
use super::table::{Row, Target, Unit};
use crate::load::{Client, request};
use crate::peer::peers;

const SERVERS: u32 = 1_000;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Servers that are alive at once.
    count: u32,
}

/// What a process that started many servers says.
struct Said {
    /// Of all starts.
    took: Duration,
    threads_before: usize,
    threads_after: usize,
}

pub(super) fn many(bench: &Bench) -> anyhow::Result<Vec<Row>> {
    let peer = peers();
    let (mut ours, mut theirs, mut grown) = (Vec::new(), Vec::new(), 0);
    for _ in 0..bench.runs {
        let said = said(Command::new(std::env::current_exe()?).args(["starts", &SERVERS.to_string()]))?;
        // The runtime that all share is there after the first.
        grown = grown.max(said.threads_after.saturating_sub(said.threads_before));
        ours.push((said.took / SERVERS).as_secs_f64());
        if let Ok(peer) = &peer {
            let said = self::said(Command::new(peer).args(["mockito", &SERVERS.to_string()]))?;
            theirs.push((said.took / SERVERS).as_secs_f64());
        }
    }
    let (what, target) = ("`FlakyServer::start()`, 1,000 alive at once, per server", Target::AtMost(0.2));
    let (name, ours) = ("mockito without its pool", median(ours));
    Ok(vec![
        match peer {
            Ok(_) => Row::ratio(what, Unit::Seconds, ours, (name, median(theirs)), target),
            Err(reason) => Row::missing(what, Unit::Seconds, ours, name, &reason, target),
        },
        Row::check("threads from the first server to the last", format!("{grown} more"), "0 more", grown == 0),
    ])
}

fn said(command: &mut Command) -> anyhow::Result<Said> {
    let output = command.output()?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout)?;
    let mut numbers = text.split_whitespace().map(str::parse::<u64>);
    let mut number = || numbers.next().with_context(|| format!("{command:?} said `{text}`"))?.context("no number");
    let took = Duration::from_nanos(number()?);
    Ok(Said { took, threads_before: usize::try_from(number()?)?, threads_after: usize::try_from(number()?)? })
}

/// The process that starts the servers: prints nanoseconds for all, threads with the first and with the last.
pub(crate) fn starts(args: &Args) -> anyhow::Result<ExitCode> {
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let count = usize::try_from(args.count)?;
    let mut servers = Vec::with_capacity(count);
    let start = || FlakyServer::builder().serve_bytes("/small.bin", vec![b'x'; 1024]).start();
    let started = Instant::now();
    servers.push(start()?);
    let first = started.elapsed();
    // It serves, so that all threads are there which serving needs.
    ask(&servers[0])?;
    let threads = threads();
    let started = Instant::now();
    for _ in 1..count {
        servers.push(start()?);
    }
    let took = first + started.elapsed();
    for server in &servers {
        ask(server)?;
    }
    println!("{} {threads} {}", took.as_nanos(), self::threads());
    Ok(ExitCode::SUCCESS)
}

fn ask(server: &FlakyServer) -> anyhow::Result<()> {
    let mut client = Client::connect(server.addr(), 16 * 1024)?;
    client.ask(&request("/small.bin"))?;
    client.reply().map(drop)
}

/// The threads of this process, where the system tells.
fn threads() -> usize {
    std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count)
}
