//! A run: start, serve until told to stop or until the command ends, report.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use serde::Serialize;

use super::config::Config;
use super::hash::Hashing;
use super::log::{Layout, Log};
use super::output::{Output, mark};
use super::report::{self, say, warn};
use super::signals::Signals;
use super::{child, exit};
use crate::decision::Played;
use crate::{FlakyServer, Journal};

/// How long exchanges that go on may take when the program is asked to stop. A second signal ends them at once.
const GRACE: Duration = Duration::from_secs(2);

/// Of so many rules it is said at the start that they are probably not what was meant.
const MOST_WARNINGS: usize = 5;

/// Runs what was configured.
pub(super) fn run(config: Config) -> anyhow::Result<ExitCode> {
    if config.check {
        return check(&config);
    }
    // Each connection is a file. Where the limit stays low, accepting waits.
    let _ = rlimit::increase_nofile_limit(u64::MAX);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut journal = config.journal.as_deref().map(|path| Output::open("journal", path)).transpose()?;
    let schedule = config.print_schedule.as_deref().map(|path| Output::open("schedule", path)).transpose()?;
    let recorded = config.record.as_ref().map(|_| config.as_file(true)).transpose()?;
    let record = config.record.as_deref().map(|path| Output::open("record", path)).transpose()?;
    let mut builder = config.builder();
    if let Some(journal) = &journal {
        builder = builder.observe(journal.observer());
    }
    let log = Log::new(if config.json { Layout::Json } else { Layout::of_stderr() });
    if !config.quiet {
        builder = builder.observe(log.observer());
    }
    // Before the ready line: who reads it may send a signal at once.
    let _entered = runtime.enter();
    let mut signals = Signals::new().context("cannot receive signals")?;
    let server = builder.start()?;
    let seed = server.seed();
    if let Some(journal) = &mut journal {
        journal.begin();
    }
    welcome(&config, &server);
    if !config.quiet {
        log.begin();
    }
    if !config.command.is_empty() {
        // Before the first line of the command.
        report::flush();
    }
    let mut hashing = (config.hash || !config.quiet).then(|| Hashing::start(&server, config.hash));
    let code = runtime.block_on(serve(&config, &server, &mut signals, hashing.as_mut()))?;
    drop(hashing);
    let (records, played) = stop(server, &runtime, signals);
    log.finish();
    if !config.quiet && !config.json {
        say(records.table());
    }
    report::flush();
    let written = journal.map_or(Ok(()), Output::finish);
    let rules: Vec<_> = config.rules().collect();
    let printed = schedule.map_or(Ok(()), |schedule| schedule.write_played(&played, &rules, seed));
    let recorded = match (record, recorded) {
        (Some(record), Some(file)) => record.write_recorded(file, &played, &rules, seed),
        _ => Ok(()),
    };
    // All are tried, whatever becomes of the others; the last failure is that of the run.
    let mut failures: Vec<_> = [written, printed, recorded].into_iter().filter_map(Result::err).collect();
    if let Some(last) = failures.pop() {
        failures.iter().for_each(report::error);
        return Err(last);
    }
    Ok(code.into())
}

/// Serves until told to stop, or until the command ends; returns the exit status.
async fn serve(
    config: &Config,
    server: &FlakyServer,
    signals: &mut Signals,
    hashing: Option<&mut Hashing>,
) -> anyhow::Result<u8> {
    if let Some(hashing) = hashing.filter(|_| config.hash) {
        tokio::select! {
            () = hashing.wait() => report::flush(),
            signal = signals.next() => {
                say(format_args!("stopping ({signal:?})"));
                return Ok(if config.command.is_empty() { exit::ORDERLY } else { exit::COMMAND_FAILED });
            }
        }
    }
    if !config.command.is_empty() {
        return child::run(&config.command, server, signals).await;
    }
    ready(server);
    let signal = signals.next().await;
    say(format_args!("stopping ({signal:?})"));
    Ok(exit::ORDERLY)
}

/// Stops in order; at once if there is another signal.
fn stop(server: FlakyServer, runtime: &tokio::runtime::Runtime, mut signals: Signals) -> (Journal, Played) {
    let switch = server.switch();
    let mut stopping = runtime.spawn_blocking(move || server.stop_and_tell(GRACE));
    let stopped = runtime.block_on(async {
        tokio::select! {
            stopped = &mut stopping => stopped,
            _ = signals.next() => {
                switch.kill();
                stopping.await
            }
        }
    });
    stopped.expect("stopping a server does not panic")
}

/// Prints the rules, or the schedule of a file, as they were understood.
fn check(config: &Config) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    for (rule, mark) in config.doubts() {
        writeln!(out, "# {mark}: the rule {rule}")?;
    }
    if config.has_file {
        write!(out, "{}", config.as_file(false)?)?;
        out.flush()?;
        return Ok(exit::ORDERLY.into());
    }
    for rule in config.rules() {
        // A comment, as in a file of rules.
        if let Some(mark) = mark(rule) {
            writeln!(out, "# {mark}")?;
        }
        writeln!(out, "{rule}")?;
    }
    for downtime in config.downtimes() {
        writeln!(out, "# down {downtime}")?;
    }
    if config.rules().len() == 0 && config.downtimes().is_empty() {
        writeln!(out, "# no rules: nothing goes wrong")?;
    }
    out.flush()?;
    Ok(exit::ORDERLY.into())
}

/// The one line on stdout. Whoever has closed it does not want it.
fn ready(server: &FlakyServer) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}", server.base()).and_then(|()| out.flush());
}

/// What is served, as JSON.
#[derive(Serialize)]
struct Serving {
    v: u8,
    kind: &'static str,
    base: String,
    mirror: Option<String>,
    seed: u64,
    down: Vec<String>,
    rules: Vec<String>,
}

fn welcome(config: &Config, server: &FlakyServer) {
    for addr in config.exposed() {
        warn(format_args!("{addr} is no loopback address: other machines can read what is served here"));
    }
    let doubts = config.doubts();
    for (rule, mark) in doubts.iter().take(MOST_WARNINGS) {
        warn(format_args!("{mark}: the rule {rule}"));
    }
    if let Some(others @ 1..) = doubts.len().checked_sub(MOST_WARNINGS) {
        warn(format_args!("{others} other rules are in doubt: `--check` says why"));
    }
    let serving = Serving {
        v: 1,
        kind: "serving",
        base: server.base(),
        mirror: server.mirror(),
        seed: server.seed(),
        down: config.downtimes().iter().map(ToString::to_string).collect(),
        rules: config.rules().map(ToString::to_string).collect(),
    };
    if config.json {
        return report::json(&serving);
    }
    say(format_args!("serving {} on {}, seed {}", config.served(), serving.base, serving.seed));
    if let Some(mirror) = serving.mirror {
        say(format_args!("mirror on {mirror}"));
    }
    serving.down.iter().for_each(|downtime| say(format_args!("down {downtime}")));
    for rule in config.rules() {
        match mark(rule) {
            Some(mark) => say(format_args!("rule {rule} ({mark})")),
            None => say(format_args!("rule {rule}")),
        }
    }
}
