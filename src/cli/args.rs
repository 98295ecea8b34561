//! What was typed. Nothing here touches the world.

use std::ffi::OsString;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _, Parser};
use clap_complete::Shell;

use super::conditions::Conditions;
use super::faults::{self, FaultFlag};
use super::verify::Form;
use crate::Downtime;
use crate::limits::MAX_HEADERS;
use crate::schedule_file::FileLimits;
use crate::units::{ByteSize, parse_duration, some_bytes, some_time};

/// Serve files over HTTP, and break the connections exactly where you say
#[derive(Debug, Parser)]
#[command(name = "flaky-server", version, max_term_width = 100, after_help = EXAMPLES, after_long_help = MANUAL)]
pub(super) struct Args {
    /// The directory or the file to serve [default: the current directory]
    ///
    /// Where something is generated, nothing else is served unless it is named here.
    pub(super) root: Option<PathBuf>,

    /// Run this command against the server, and exit with its status
    ///
    /// In its arguments `{base}` (also $FLAKY_BASE) is the base URL, `{url}` (also $FLAKY_URL) the URL of the one file that
    /// is served, and `{mirror}` (also $FLAKY_MIRROR) the base URL of the second port.
    #[arg(last = true, value_name = "COMMAND")]
    pub(super) command: Vec<OsString>,

    /// Serve a file of exactly this size that is computed; may be repeated
    ///
    /// As *.tar.gz, *.tgz, *.tar and *.gz it is a valid archive, otherwise noise. The same path, size and seed give the
    /// same bytes in every run; `,seed=7` behind the size gives others.
    ///
    /// Example: flaky-server --generate app.tar.gz=100MB --reset-after 50%
    #[arg(long, value_name = "PATH=SIZE", help_heading = FILES)]
    pub(super) generate: Vec<String>,

    /// In files whose path matches, replace each `{base}` by the base URL; may be repeated
    ///
    /// For package indexes that need absolute URLs. A pattern without a slash is held against the last segment.
    ///
    /// Example: flaky-server dist --template '*.html'
    #[arg(long, value_name = "GLOB", help_heading = FILES)]
    pub(super) template: Vec<String>,

    /// Print the SHA-256 of each file that is generated or served alone, before the ready line
    ///
    /// Without it those up to 1 GiB are hashed by the way, unless --quiet. Times count from the start all the same.
    ///
    /// Example: flaky-server --generate app.tar.gz=5GB --hash
    #[arg(long, help_heading = FILES)]
    pub(super) hash: bool,

    /// Serve files and directories whose names begin with a dot, too
    ///
    /// Example: flaky-server dist --hidden
    #[arg(long, help_heading = FILES)]
    pub(super) hidden: bool,

    /// No pages with the names in directories that have no index.html
    ///
    /// Example: flaky-server dist --no-listing
    #[arg(long, help_heading = FILES)]
    pub(super) no_listing: bool,

    /// Send FILE.br, FILE.zst or FILE.gz for FILE to clients that accept that coding
    ///
    /// Only where the folder has them. The type stays that of FILE; length, ranges and offsets are those of what is sent.
    ///
    /// Example: flaky-server dist --precompressed
    #[arg(long, help_heading = FILES)]
    pub(super) precompressed: bool,

    /// Listen on this port; 0 is any free one [default: 8000, and 0 with a COMMAND]
    ///
    /// Example: flaky-server --port 0
    #[arg(long, short, help_heading = ADDRESS)]
    pub(super) port: Option<u16>,

    /// Listen on this address; may be repeated [default: 127.0.0.1 and, where there is IPv6, ::1]
    ///
    /// Anything but loopback lets other machines in.
    ///
    /// Example: flaky-server --bind 127.0.0.2
    #[arg(long, value_name = "IP", help_heading = ADDRESS)]
    pub(super) bind: Vec<IpAddr>,

    /// When the server is down: it refuses connections; may be repeated
    ///
    /// `always`, or some of from=2s (since the start), from=PATH#N (when the Nth request for PATH, a pattern, has
    /// arrived), for=3s, and until=PATH#N. The port stays the server's own, and comes back as the same.
    ///
    /// Example: flaky-server --down 'from=/app.tar.gz#1 for=3s'
    #[arg(long, value_name = "WHEN", help_heading = ADDRESS)]
    pub(super) down: Vec<Downtime>,

    /// Listen on a second port, any free one, which is never down
    ///
    /// Its base URL is on stderr, and `{mirror}` and $FLAKY_MIRROR for a COMMAND. Attempts are counted together.
    ///
    /// Example: flaky-server --mirror --down until=/app.tar.gz#2
    #[arg(long, help_heading = ADDRESS)]
    pub(super) mirror: bool,

    /// What happens on the 1st, 2nd, 3rd ... attempt for each file
    ///
    /// Entries are separated by commas, the terms of an entry by spaces; `x3` repeats an entry, `x*` does so for ever.
    /// After the last entry all is well. The terms are the faults below.
    ///
    /// Example: flaky-server --script 'reset-after=1MB x2, status=503 retry-after=2s, ok'
    #[arg(long, help_heading = WHAT)]
    pub(super) script: Option<String>,

    /// A rule of its own; may be repeated, and the first that matches decides
    ///
    /// `[METHOD] PATTERN [CONDITION...]: SCRIPT`. The conditions are those below, by the same names: first=N, nth=N, every=N,
    /// attempts=A..=B, probability=P, per=path|rule, query=GLOB, path=GLOB, method=METHOD, header=NAME:GLOB, range=yes|no,
    /// connection=fresh|reused, resend=yes|no, from=DURATION, for=DURATION. `@FILE` reads rules from a file, one on each
    /// line.
    ///
    /// Example: flaky-server --rule '*.whl first=2: truncate-after=50% x*' --rule '*: drop'
    #[arg(long, value_name = "RULE", help_heading = WHAT)]
    pub(super) rule: Vec<String>,

    /// A schedule from a file, or one that is built in: what goes wrong, and what is served beside the rest
    ///
    /// The file is TOML or JSON; a name such as `flaky-wifi` is one of --list-schedules. Rules and faults that are typed come
    /// before those of the file, and a seed and limits that are typed take their place.
    ///
    /// Example: flaky-server dist --schedule flaky-wifi
    #[arg(long, value_name = "FILE|NAME", help_heading = WHAT)]
    pub(super) schedule: Option<PathBuf>,

    /// The seed of all that is left to chance [default: a random one, which is printed]
    ///
    /// Example: flaky-server --probability 0.3 --reset-after 1MB --seed 42
    #[arg(long, value_name = "N", help_heading = WHAT)]
    pub(super) seed: Option<u64>,

    /// Break after this time even if the client has not acknowledged what comes before
    ///
    /// A client that does not read holds a break up. The exchange says whether that was so.
    ///
    /// Example: flaky-server --reset-after 1MB --drain-deadline 5s
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = parse_duration, help_heading = WHAT)]
    pub(super) drain_deadline: Duration,

    #[command(flatten)]
    pub(super) conditions: Conditions,

    /// Write the journal as JSON lines to this file, or to stderr if it is `-`
    ///
    /// Example: flaky-server --journal run.jsonl
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(super) journal: Option<PathBuf>,

    /// At the end, write the schedule that was played to this file, or to stderr
    ///
    /// `--rule @FILE` plays it again.
    ///
    /// Example: flaky-server --probability 0.3 --reset --print-schedule=played.rules
    #[arg(
        long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-",
        help_heading = OUTPUT
    )]
    pub(super) print_schedule: Option<PathBuf>,

    /// At the end, write what was played to this file as a schedule, or to stderr if it is `-`
    ///
    /// With all that is served, the seed, the limits, and what happened on each attempt: `--schedule FILE` plays it again.
    ///
    /// Example: flaky-server dist --schedule flaky-wifi --record played.toml
    #[arg(long, value_name = "FILE", help_heading = OUTPUT)]
    pub(super) record: Option<PathBuf>,

    /// Print the schedules that are built in, and what each is for, and exit
    ///
    /// Example: flaky-server --list-schedules
    #[arg(long, help_heading = OUTPUT)]
    pub(super) list_schedules: bool,

    /// Print the JSON Schema of schedule files, for editors, and exit
    ///
    /// Example: flaky-server --print-schema
    #[arg(long, help_heading = OUTPUT)]
    pub(super) print_schema: bool,

    /// Print the rules as they were understood, and exit
    ///
    /// With --schedule it is the whole schedule, as a file in its canonical form.
    ///
    /// Example: flaky-server --first 2 --status 503 --check
    #[arg(long, help_heading = OUTPUT)]
    pub(super) check: bool,

    /// No line for each exchange, and no table at the end
    ///
    /// Example: flaky-server --quiet
    #[arg(long, short, help_heading = OUTPUT)]
    pub(super) quiet: bool,

    /// Write the log as JSON lines
    ///
    /// Each is an object with a `kind`: `serving`, `message`, `warning`, `error`, and those of the journal, `exchange` and
    /// `connection`.
    ///
    /// Example: flaky-server --reset-after 1MB --json
    #[arg(long, conflicts_with = "quiet", help_heading = OUTPUT)]
    pub(super) json: bool,

    /// Print the manual page, for man(1), and exit
    ///
    /// Example: flaky-server --man
    #[arg(long, help_heading = OUTPUT)]
    pub(super) man: bool,

    /// Print completions for this shell, and exit
    ///
    /// Example: flaky-server --completions bash
    #[arg(long, value_name = "SHELL", help_heading = OUTPUT)]
    pub(super) completions: Option<Shell>,

    /// Hold what the reference shows of each fault against the wire, print it, and exit
    ///
    /// With what curl reports, if it is on the PATH. `markdown` is the page of the documentation; --json writes JSON lines,
    /// with the `kind` `wire`. The exit status is 1 if something differs.
    ///
    /// Example: flaky-server --verify-wire
    #[arg(
        long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "table",
        help_heading = OUTPUT
    )]
    pub(super) verify_wire: Option<Form>,

    /// Connections that are open at once; further ones wait
    ///
    /// Example: flaky-server --max-connections 2
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = at_least_one(usize::MAX), help_heading = LIMITS)]
    pub(super) max_connections: usize,

    /// Size of a request head; beyond it the answer is 431
    ///
    /// Example: flaky-server --max-head 8KiB
    #[arg(long, value_name = "SIZE", default_value = "64KiB", value_parser = some_bytes, help_heading = LIMITS)]
    pub(super) max_head: ByteSize,

    /// Header fields of a request; beyond it the answer is 431
    ///
    /// Example: flaky-server --max-headers 20
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = at_least_one(MAX_HEADERS), help_heading = LIMITS)]
    pub(super) max_headers: usize,

    /// Size of a request body, which is read and ignored; beyond it the answer is 413
    ///
    /// Example: flaky-server --max-request-body 10MB
    #[arg(long, value_name = "SIZE", default_value = "1MiB", help_heading = LIMITS)]
    pub(super) max_request_body: ByteSize,

    /// How long a request's head, and its body, may take; then the answer is 408
    ///
    /// Example: flaky-server --request-timeout 5s
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = some_time, help_heading = LIMITS)]
    pub(super) request_timeout: Duration,

    /// Records that the journal keeps in memory; counts stay exact beyond
    ///
    /// Example: flaky-server --max-journal 100000
    #[arg(long, value_name = "N", default_value_t = 10_000, help_heading = LIMITS)]
    pub(super) max_journal: usize,

    /// Size of the cache of file blocks
    ///
    /// Example: flaky-server --max-cache 1GiB
    #[arg(long, value_name = "SIZE", default_value = "256MiB", help_heading = LIMITS)]
    pub(super) max_cache: ByteSize,

    /// The fault flags, in their order.
    #[arg(skip)]
    pub(super) faults: Vec<FaultFlag>,

    /// The limits that were typed, and have not their default.
    #[arg(skip)]
    pub(super) limits: FileLimits,
}

/// What was typed beside `--verify-wire`, which serves nobody.
fn typed_beside(form: Form, command: &Command, matches: &ArgMatches) -> Option<String> {
    let may_be = |id: &str| id == "verify_wire" || (id == "json" && form == Form::Table);
    let is_typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let other = command.get_arguments().find(|arg| is_typed(arg.get_id().as_str()) && !may_be(arg.get_id().as_str()));
    other.map(|arg| arg.get_long().map_or_else(|| arg.get_id().to_string().to_uppercase(), |long| format!("--{long}")))
}

fn at_least_one(most: usize) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=most as u64)
}

const FILES: &str = "What is served";
const ADDRESS: &str = "Where";
const WHAT: &str = "What goes wrong";
pub(super) const WHEN: &str = "When (for the faults and the script that stand beside them)";
const OUTPUT: &str = "Output";
const LIMITS: &str = "Limits";

const EXAMPLES: &str = "\
Examples:
  flaky-server --reset-after 1MB
  flaky-server fixtures/files --script 'reset-after=1MB x2, status=503 retry-after=2s, ok'
  flaky-server dist --schedule flaky-wifi
  flaky-server app.tar.gz --script 'reset-after=50% x3, ok' -- curl --retry 5 --retry-all-errors -fo copy.tar.gz {url}

--help says more of each option, with an example.";

const MANUAL: &str = "\
Sizes: 1MB is 1,000,000 bytes, 1MiB is 1,048,576. An OFFSET is a size, or 50% of the body, or end, or end-1 for all
but the last byte. Durations: 250ms, 2s, 1m30s. Patterns: `*` is anything but
`/`, `**` whole segments, `?` a character, `[a-z]` one of these, `{a,b}` a or b; `\\` takes a meaning away. In queries
and headers `*` is anything.

stdout: while serving, one line, the base URL, as soon as connections are accepted, or refused where --down says so.
With a COMMAND it is the command's.

Exit status: 0 stopped in order, 1 failure, 2 usage (nothing was run); with a COMMAND its own, or 125 failure,
126 not executable, 127 not found, 128+n ended by signal n.

Environment: NO_COLOR and CLICOLOR_FORCE say whether the log is in colour. A COMMAND gets FLAKY_BASE, FLAKY_URL,
FLAKY_MIRROR, and a NO_PROXY that keeps proxies away from loopback.

Examples:
  flaky-server --reset-after 1MB
  flaky-server fixtures/files --script 'reset-after=1MB x2, status=503 retry-after=2s, ok'
  flaky-server dist --schedule flaky-wifi
  flaky-server app.tar.gz --script 'reset-after=50% x3, ok' -- curl --retry 5 --retry-all-errors -fo copy.tar.gz {url}";

impl Args {
    /// The whole command line: what is typed, what help, manual page and completions are made from.
    pub(super) fn whole() -> Command {
        faults::add_flags(Self::command())
    }

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
        let mut command = Self::whole();
        let matches = command.clone().try_get_matches_from(args)?;
        let mut args = Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command.clone()))?;
        if args.command.first().map_or(dashes, |program| program.is_empty()) {
            let message = "there is no command behind `--`: leave it out to serve until a signal comes";
            return Err(command.error(ErrorKind::MissingRequiredArgument, message));
        }
        args.faults = faults::flags(&matches);
        args.limits = args.typed_limits(&matches);
        if let Some(other) = args.verify_wire.and_then(|form| typed_beside(form, &command, &matches)) {
            let message = format!("the argument '--verify-wire' cannot be used with '{other}'");
            return Err(command.error(ErrorKind::ArgumentConflict, message));
        }
        Ok(args)
    }

    fn typed_limits(&self, matches: &ArgMatches) -> FileLimits {
        let typed = |id| matches.value_source(id) == Some(ValueSource::CommandLine);
        FileLimits {
            connections: typed("max_connections").then_some(self.max_connections),
            head: typed("max_head").then_some(self.max_head),
            headers: typed("max_headers").then_some(self.max_headers),
            request_body: typed("max_request_body").then_some(self.max_request_body),
            request_timeout: typed("request_timeout").then_some(self.request_timeout),
            journal: typed("max_journal").then_some(self.max_journal),
            cache: typed("max_cache").then_some(self.max_cache),
            drain_deadline: typed("drain_deadline").then_some(self.drain_deadline),
        }
    }
}
