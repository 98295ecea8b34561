//! What was typed. Nothing here touches the world.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::error::ErrorKind;
use clap::{CommandFactory as _, FromArgMatches as _, Parser};

use super::faults::{self, FaultFlag};
use crate::MAX_HEADERS;
use crate::matchers::METHODS;
use crate::units::{ByteSize, Probability, UnitError, parse_duration};

/// Serve files over HTTP, and break the connections exactly where you say.
#[derive(Debug, Parser)]
#[command(name = "flaky-server", version, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Args {
    /// The directory or the file to serve.
    #[arg(default_value = ".")]
    pub(super) root: PathBuf,

    /// Run this command against the server, and exit with its status. In its arguments `{base}` (also $FLAKY_BASE) is
    /// the base URL, and `{url}` (also $FLAKY_URL) the URL of the one file that is served.
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,

    /// Listen on this port; 0 is any free one. [default: 8000, and 0 with a COMMAND]
    #[arg(long, short)]
    pub(super) port: Option<u16>,

    /// Listen on this address; may be repeated. Anything but loopback lets other machines in.
    /// [default: 127.0.0.1 and, where there is IPv6, ::1]
    #[arg(long, value_name = "IP")]
    pub(super) bind: Vec<IpAddr>,

    /// Serve files and directories whose names begin with a dot, too.
    #[arg(long)]
    pub(super) hidden: bool,

    /// What happens on the 1st, 2nd, 3rd ... attempt, such as 'reset-after=1MB x2, status=503, ok'.
    #[arg(long, help_heading = SCHEDULE)]
    pub(super) script: Option<String>,

    /// A rule of its own, such as '*.whl first=2: truncate-after=50% x*'; may be repeated, and the first that matches
    /// decides. Conditions: first=N, nth=N, every=N, attempts=A..=B, probability=P, query=GLOB, path=GLOB,
    /// method=METHOD. `@FILE` reads rules from a file, one on each line.
    #[arg(long, value_name = "RULE", help_heading = SCHEDULE)]
    pub(super) rule: Vec<String>,

    /// Only the first N attempts of each target.
    #[arg(long, value_name = "N", value_parser = attempt, help_heading = SCHEDULE)]
    pub(super) first: Option<u64>,

    /// Only the Nth attempt of each target.
    #[arg(long, value_name = "N", value_parser = attempt, help_heading = SCHEDULE)]
    pub(super) nth: Option<u64>,

    /// Only every Nth attempt of each target.
    #[arg(long, value_name = "N", value_parser = attempt, help_heading = SCHEDULE)]
    pub(super) every: Option<u64>,

    /// Only paths that match; a pattern without a slash is held against the last segment.
    #[arg(long, value_name = "GLOB", help_heading = SCHEDULE)]
    pub(super) path: Option<String>,

    /// Only this request method.
    #[arg(long, value_parser = method, help_heading = SCHEDULE)]
    pub(super) method: Option<String>,

    /// Only with this probability, such as 0.3 or 30%.
    #[arg(long, value_name = "P", help_heading = SCHEDULE)]
    pub(super) probability: Option<Probability>,

    /// The seed of all that is left to chance. [default: a random one, which is printed]
    #[arg(long, value_name = "N", help_heading = SCHEDULE)]
    pub(super) seed: Option<u64>,

    /// Break after this time even if the client has not acknowledged what comes before the break.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_duration, help_heading = SCHEDULE)]
    pub(super) drain_deadline: Duration,

    /// Write the journal as JSON lines to this file, or to stderr if it is `-`.
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(super) journal: Option<PathBuf>,

    /// At the end, write the schedule that was played to this file, or to stderr. `--rule @FILE` plays it again.
    #[arg(
        long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-",
        help_heading = OUTPUT
    )]
    pub(super) print_schedule: Option<PathBuf>,

    /// Print the rules as they were understood, and exit.
    #[arg(long, help_heading = OUTPUT)]
    pub(super) check: bool,

    /// No line for each exchange, and no table at the end.
    #[arg(long, short, help_heading = OUTPUT)]
    pub(super) quiet: bool,

    /// Connections that are open at once; further ones wait.
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = at_least_one(usize::MAX), help_heading = LIMITS)]
    pub(super) max_connections: usize,

    /// Size of a request head.
    #[arg(long, value_name = "SIZE", default_value = "64KiB", value_parser = some_bytes, help_heading = LIMITS)]
    pub(super) max_head: ByteSize,

    /// Header fields of a request.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = at_least_one(MAX_HEADERS), help_heading = LIMITS)]
    pub(super) max_headers: usize,

    /// Size of a request body; it is read and ignored.
    #[arg(long, value_name = "SIZE", default_value = "1MiB", help_heading = LIMITS)]
    pub(super) max_request_body: ByteSize,

    /// How long a request's head, and its body, may take.
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = some_time, help_heading = LIMITS)]
    pub(super) request_timeout: Duration,

    /// Records that the journal keeps in memory; counts stay exact beyond.
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = LIMITS)]
    pub(super) max_journal: usize,

    /// Size of the cache of file blocks.
    #[arg(long, value_name = "SIZE", default_value = "256MiB", help_heading = LIMITS)]
    pub(super) max_cache: ByteSize,

    /// The fault flags, in their order.
    #[arg(skip)]
    pub(super) faults: Vec<FaultFlag>,
}

fn at_least_one(most: usize) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=most as u64)
}

/// The number of an attempt.
fn attempt(text: &str) -> Result<u64, &'static str> {
    match text.parse() {
        Ok(0) => Err("there is no attempt 0: attempts are counted from 1"),
        Ok(n) => Ok(n),
        Err(_) => Err("it is a whole number from 1 on"),
    }
}

/// Methods are case-sensitive (RFC 9110 §9.1). A rule may ask for any; here a well-known one in lower case is a slip.
fn method(text: &str) -> Result<String, String> {
    let upper = text.to_ascii_uppercase();
    if text != upper && METHODS.contains(&upper.as_str()) {
        return Err(format!("methods are case-sensitive: did you mean `{upper}`?"));
    }
    Ok(text.to_owned())
}

fn some_bytes(text: &str) -> Result<ByteSize, UnitError> {
    let size: ByteSize = text.parse()?;
    if size.bytes() == 0 { Err(serves_nobody("1")) } else { Ok(size) }
}

fn some_time(text: &str) -> Result<Duration, UnitError> {
    let duration = parse_duration(text)?;
    if duration.is_zero() { Err(serves_nobody("1ms")) } else { Ok(duration) }
}

fn serves_nobody(example: &str) -> UnitError {
    UnitError::new("a limit of 0 would serve nobody", format!("it is at least something, such as `{example}`"))
}

const SCHEDULE: &str = "When and what";
const OUTPUT: &str = "Output";
const LIMITS: &str = "Limits";

const EXAMPLES: &str = "\
Examples:
  flaky-server --reset-after 1MB
  flaky-server fixtures/files --script 'reset-after=1MB x2, status=503 retry-after=2s, ok'
  flaky-server app.tar.gz --script 'reset-after=50% x3, ok' -- curl --retry 5 --retry-all-errors -fo copy.tar.gz {url}

Sizes: 1MB is 1,000,000 bytes, 1MiB is 1,048,576; 50% is half of the body; end-1 is all but the last byte.
Exit status: 0 stopped in order, 1 failure, 2 usage (nothing was run); with a COMMAND its own, or 125
failure, 126 not executable, 127 not found, 128+n ended by signal n.";

impl Args {
    /// Reads the arguments of the process.
    pub(super) fn from_process() -> Result<Self, clap::Error> {
        Self::parse_from_iter(std::env::args_os())
    }

    /// Reads these arguments, the program's name first.
    pub(super) fn parse_from_iter(
        args: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, clap::Error> {
        let args: Vec<OsString> = args.into_iter().map(Into::into).collect();
        let dashes = args.last().is_some_and(|last| last == "--");
        let mut command = faults::add_flags(Self::command());
        let matches = command.clone().try_get_matches_from(args)?;
        let mut args = Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command.clone()))?;
        if args.command.first().map_or(dashes, |program| program.is_empty()) {
            let message = "there is no command behind `--`: leave it out to serve until a signal comes";
            return Err(command.error(ErrorKind::MissingRequiredArgument, message));
        }
        args.faults = faults::flags(&matches);
        Ok(args)
    }
}
