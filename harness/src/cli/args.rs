//! What was typed. Nothing here touches the world.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use flaky_server::units::parse_duration;

use crate::audit::{Level, Verdict};

/// Run a downloader through a catalogue of bad days, and tell what it made of them
#[derive(Debug, Parser)]
#[command(
    name = "flaky-audit",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    after_help = EXAMPLES,
    after_long_help = MANUAL
)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Option<Command>,

    #[command(flatten)]
    pub(super) audit: AuditArgs,

    /// List the cases
    #[arg(long, help_heading = PRINT)]
    pub(super) list: bool,

    /// Say what happens in a case, what a good downloader does, and why it matters
    #[arg(long, value_name = "CASE", help_heading = PRINT)]
    pub(super) explain: Option<String>,

    /// List the clients that are known by name
    #[arg(long, help_heading = PRINT)]
    pub(super) list_clients: bool,

    /// Say how a client is called, what it promises, and how to get it
    #[arg(long, value_name = "NAME", help_heading = PRINT)]
    pub(super) explain_client: Option<String>,

    /// Show all that is known of a run of the last audit: what the wire saw, as a table and over time, and what it said
    ///
    /// The name of a case will do; `reset-mid-body:always` is one run of it.
    #[arg(long, value_name = "CASE", help_heading = PRINT)]
    pub(super) show: Option<String>,

    /// Which runs; all unless told otherwise
    #[command(flatten)]
    pub(super) which: Which,

    /// Write the report in this format as well, to --output
    #[arg(long, value_name = "FORMAT", help_heading = REPORT)]
    pub(super) format: Option<Format>,

    /// The file that --format is written to; stdout if there is none, and then nothing else is
    #[arg(long, short, value_name = "FILE", requires = "format", help_heading = REPORT)]
    pub(super) output: Option<PathBuf>,

    /// Findings below this level are told, and do not count
    #[arg(long, value_name = "LEVEL", default_value = "policy", help_heading = REPORT)]
    pub(super) level: LevelArg,

    /// No progress bar
    #[arg(long, short, help_heading = REPORT)]
    pub(super) quiet: bool,
}

/// Which runs.
#[derive(Clone, Debug, ClapArgs)]
pub(super) struct Which {
    /// Only these cases: a name, a group, a pattern, or one run of a case (`reset-mid-body:always`); may be repeated
    #[arg(long, value_name = "PATTERN", help_heading = CASES)]
    pub(super) cases: Vec<String>,

    /// None of these cases; may be repeated
    #[arg(long, value_name = "PATTERN", help_heading = CASES)]
    pub(super) except: Vec<String>,

    /// Play this script, in the place of the catalogue: `reset-after=1MB x2, status=503, ok`
    #[arg(long, value_name = "SCRIPT", conflicts_with_all = ["cases", "except", "catalogue"], help_heading = CASES)]
    pub(super) script: Option<String>,

    /// The cases of this folder as well: a file in TOML for each; may be repeated
    #[arg(long, value_name = "DIR", help_heading = CASES)]
    pub(super) catalogue: Vec<PathBuf>,
}

/// What is audited, and what it promises.
#[derive(Clone, Debug, ClapArgs)]
pub(super) struct AuditArgs {
    /// The downloader: `{url}` is what it is to download, `{out}` where to
    ///
    /// `{base}` is the base URL, `{dir}` its folder, `{home}` its home, `{tmp}` for temporary files, `{sha256}` the digest of
    /// the file: with it, --verifies goes without saying. It runs once for each case, in empty folders, with a clean
    /// environment.
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) downloader: Vec<OsString>,

    /// A client that is known by name (--list-clients), or a file of your own that ends in .toml, in the place of COMMAND
    #[arg(long, value_name = "NAME", help_heading = DOWNLOADER)]
    pub(super) client: Option<String>,

    /// The program of --client is this one, in the place of the one in PATH
    #[arg(long, value_name = "PATH", requires = "client", help_heading = DOWNLOADER)]
    pub(super) program: Option<PathBuf>,

    /// A variable that the downloader gets; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable, help_heading = DOWNLOADER)]
    pub(super) env: Vec<(String, String)>,

    /// Serve this file, in the place of 2,000,000 bytes of no meaning
    #[arg(long, value_name = "FILE", conflicts_with = "client", help_heading = DOWNLOADER)]
    pub(super) serve: Option<PathBuf>,

    /// It promises this many retries [default: inferred from what it does]
    #[arg(long, value_name = "N", help_heading = PROMISES)]
    pub(super) retries: Option<u64>,

    /// It promises this many retries for bodies that break, where they have a budget of their own
    #[arg(long, value_name = "N", help_heading = PROMISES)]
    pub(super) body_retries: Option<u64>,

    /// It promises to ask again after these statuses, and after no others: `429,500,502,503,504`
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(100..=599), help_heading = PROMISES)]
    pub(super) statuses: Vec<u16>,

    /// It promises to go on where it was cut off
    #[arg(long, help_heading = PROMISES)]
    pub(super) resumes: bool,

    /// It promises to hold the file against a digest
    #[arg(long, help_heading = PROMISES)]
    pub(super) verifies: bool,

    /// It promises to end a transfer that is too slow
    #[arg(long, help_heading = PROMISES)]
    pub(super) aborts_slow: bool,

    /// It promises to end in this time, whatever happens; each run that takes longer is ended [default: 30s]
    #[arg(long, value_name = "TIME", value_parser = time, help_heading = PROMISES)]
    pub(super) timeout: Option<Duration>,

    /// So many runs at the same time [default: four for each core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512), help_heading = CASES)]
    pub(super) jobs: Option<u16>,
}

/// What else there is to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Play random schedules until one is too much for a downloader, and find the smallest that is
    Shrink(Shrink),
    /// Audit several clients, and write one table of them all
    Scorecard(Scorecard),
}

/// A search for the smallest schedule.
#[derive(Debug, ClapArgs)]
pub(super) struct Shrink {
    #[command(flatten)]
    pub(super) audit: AuditArgs,

    /// The seed of the schedules; a random one, which is printed, if there is none
    #[arg(long, value_name = "S")]
    pub(super) seed: Option<u64>,

    /// Only this verdict is too much; may be repeated [default: what breaks a MUST or SHOULD, and exceeded]
    #[arg(long, value_name = "VERDICT", value_parser = verdict)]
    pub(super) verdict: Vec<Verdict>,

    /// At most this many runs in all
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub(super) max_runs: u64,

    /// No run begins after this time
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "5m")]
    pub(super) deadline: Duration,
}

/// A table of several clients.
#[derive(Debug, ClapArgs)]
pub(super) struct Scorecard {
    /// A client: a name, or `NAME=PROGRAM` for a program that is not in PATH; may be repeated [default: all]
    #[arg(long = "client", value_name = "NAME")]
    pub(super) clients: Vec<String>,

    /// A variable that each of the clients gets; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub(super) env: Vec<(String, String)>,

    #[command(flatten)]
    pub(super) which: Which,

    /// So many runs at the same time [default: four for each core]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub(super) jobs: Option<u16>,

    /// The file that the table is written to; stdout if there is none
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,

    /// No progress bar
    #[arg(long, short)]
    pub(super) quiet: bool,
}

/// A format for other readers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum Format {
    /// For programs; keys may be added, never changed.
    Json,
    /// A page.
    Markdown,
}

/// A level, as it is typed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum LevelArg {
    /// The tool's own promises.
    Policy,
    /// What a standard recommends, or every user expects.
    Should,
    /// What a standard demands.
    Must,
}

impl From<LevelArg> for Level {
    fn from(level: LevelArg) -> Self {
        match level {
            LevelArg::Policy => Self::Policy,
            LevelArg::Should => Self::Should,
            LevelArg::Must => Self::Must,
        }
    }
}

const CASES: &str = "Cases";
const DOWNLOADER: &str = "The downloader";
const PRINT: &str = "Print, and audit nothing";
const PROMISES: &str = "What it promises";
const REPORT: &str = "The report";

macro_rules! examples {
    () => {
        "\
Examples:
  flaky-audit -- curl -fsS --retry 3 --retry-all-errors -o {out} {url}
  flaky-audit --client wget --cases 'range-*' --cases body
  flaky-audit --retries 3 --timeout 20s --format json -o report.json -- ./get {url} {out}
  flaky-audit --show fin-mid-body
  flaky-audit shrink --seed 7 -- ./get {url} {out}

Exit status: 0 all hold, 1 findings (of --level or above), 2 wrong arguments, 3 the audit itself has failed, 130 stopped by
a signal."
    };
}

const EXAMPLES: &str = examples!();

const MANUAL: &str = concat!(
    "\
Each case is a bad day: a server that breaks the download in one way. A case is played as `always` (every attempt is
broken) and as `then-good` (the first are, and then all is well), where both make sense. After a failure the downloader runs
once more, against a healthy server, in the folders that it left.

Nobody is held to what he has not promised. Without --retries, the budget is what the downloader does in the first cases,
in which everything is broken. The level of a finding is MUST (a standard demands it), SHOULD (a standard recommends it,
or every user expects it) or POLICY (the tool's own promise).

",
    examples!()
);

fn time(text: &str) -> Result<Duration, String> {
    match parse_duration(text) {
        Ok(Duration::ZERO) => Err("that is no time at all".to_owned()),
        Ok(time) => Ok(time),
        Err(error) => Err(error.to_string()),
    }
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a variable is NAME=VALUE".to_owned()),
    }
}

fn verdict(text: &str) -> Result<Verdict, String> {
    let findings = || Verdict::ALL.iter().copied().filter(|verdict| verdict.is_finding());
    findings().find(|verdict| verdict.name() == text.replace(' ', "-")).ok_or_else(|| {
        let known: Vec<_> = findings().map(Verdict::name).collect();
        format!("there are {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_fit_together() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_command_may_be_called_like_a_subcommand() {
        let args = Args::try_parse_from(["flaky-audit", "--retries", "3", "--", "shrink", "{url}"]).unwrap();
        assert_eq!(args.audit.downloader, ["shrink", "{url}"]);
        assert!(args.command.is_none());
    }
}
