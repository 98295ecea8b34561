//! One run of one downloader against one schedule.

mod error;
pub(crate) mod fixture;
mod rules;
mod turn;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use flaky_server::{ByteSize, Exchange, FlakyServer, FlakyServerBuilder, Limits, ParseError, Rule, StartError, Target};
use regex::Regex;

pub use self::error::TrialError;
pub use self::rules::IntoRules;
use self::turn::Turn;
use crate::claim::{ClaimPattern, Claims};
use crate::downloader::{DEFAULT_OUTPUT_LIMIT, DEFAULT_TIMEOUT, rooted};
use crate::folder::Folder;
use crate::outcome::{self, Content, Facts};
use crate::redact::Redactions;
use crate::wire::{Version, is_same_path};
use crate::{Chain, Downloader, Job, Outcome, Ran, report};

/// One run of one downloader against one schedule.
///
/// # Examples
///
/// On a server of its own:
///
/// ```
/// use flaky_harness::{Trial, function};
///
/// # fn download(_url: &str, _to: &std::path::Path) -> std::io::Result<()> { Err(std::io::Error::other("no retries")) }
/// let outcome = Trial::with("reset-after=1MB x2, ok")
///     .serve_bytes("/app.tar.gz", vec![7; 2_000_000])
///     .run(&function("my downloader", |job| download(job.url(), job.out())));
/// outcome.assert().failed();
/// ```
///
/// On one that the test already has, which must not run another trial at the same time:
///
/// ```
/// use flaky_harness::{Trial, function};
/// use flaky_server::{FlakyServer, Rule, matchers::path};
///
/// let server = FlakyServer::builder()
///     .serve_bytes("/app.tar.gz", vec![7; 2_000_000])
///     .rule(Rule::when(path("/app.tar.gz")).script("reset-after=1MB x2, ok")?)
///     .start()?;
/// let outcome = Trial::new(&server).run(&function("does nothing", |_job| Ok::<(), std::io::Error>(())));
/// assert_eq!(outcome.attempts(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "a trial does nothing until it is run"]
pub struct Trial<'a> {
    on: On<'a>,
    setup: Setup,
}

/// What there is to a trial beside its server.
#[derive(Debug)]
struct Setup {
    file: Option<String>,
    timeout: Duration,
    output_limit: usize,
    file_limit: Option<ByteSize>,
    claims: Vec<ClaimPattern>,
    redactions: Redactions,
    folder: Option<Arc<Folder>>,
}

#[derive(Debug)]
enum On<'a> {
    /// Neither: a server that runs was to serve something else.
    Neither,
    /// One that the test has.
    Server(&'a FlakyServer),
    /// One of its own.
    Own(Box<Own>),
}

#[derive(Debug)]
struct Own {
    builder: FlakyServerBuilder,
    rules: Result<Vec<Rule>, ParseError>,
    serves: bool,
}

/// When a downloader is gone, what it had under way ends at once. It takes longer where a function keeps a connection
/// on which it has asked for nothing.
const SETTLING: Duration = Duration::from_secs(2);

/// A server of its own stops as soon as everything is settled; this is for what is not.
pub(crate) const STOPPING: Duration = Duration::from_millis(100);

/// A trial's own server keeps this many exchanges: enough for a downloader that never ends.
pub(crate) const JOURNAL: usize = 100_000;

impl Trial<'static> {
    /// A trial on a server of its own, which plays this schedule.
    ///
    /// Without `serve_dir`, `serve_file` or `serve_bytes` it serves 2,000,000 bytes of no meaning as `/fixture.bin`.
    pub fn with(schedule: impl IntoRules) -> Self {
        let (rules, seed) = match schedule.into_rules() {
            Ok((rules, seed)) => (Ok(rules), seed),
            Err(error) => (Err(error), None),
        };
        let limits = Limits { journal: JOURNAL, ..Limits::default() };
        let mut builder = FlakyServer::builder().limits(limits);
        if let Some(seed) = seed {
            builder = builder.seed(seed);
        }
        Self::on(On::Own(Box::new(Own { builder, rules, serves: false })))
    }
}

impl<'a> Trial<'a> {
    /// A trial on a server that the test already has. The outcome has the exchanges from the trial's start to its end.
    ///
    /// Only one trial at a time can run on a server; a second one is [`TrialError::Busy`].
    pub fn new(server: &'a FlakyServer) -> Self {
        Self::on(On::Server(server))
    }

    fn on(on: On<'a>) -> Self {
        let setup = Setup {
            file: None,
            timeout: DEFAULT_TIMEOUT,
            output_limit: DEFAULT_OUTPUT_LIMIT,
            file_limit: None,
            claims: Vec::new(),
            redactions: Redactions::default(),
            folder: None,
        };
        Self { on, setup }
    }

    /// Serves a directory. This, and what else is about the server, is for a server of the trial's own.
    pub fn serve_dir(self, path: impl AsRef<Path>) -> Self {
        self.serve(|builder| builder.serve_dir(path))
    }

    /// Serves one file, under `/` and its name.
    pub fn serve_file(self, path: impl AsRef<Path>) -> Self {
        self.serve(|builder| builder.serve_file(path))
    }

    /// Serves bytes from memory, under a path such as `/app.tar.gz`.
    pub fn serve_bytes(self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.serve(|builder| builder.serve_bytes(path, bytes))
    }

    /// The seed of all that is left to chance. Defaults to that of the schedule, or to a random one, which reports name.
    pub fn seed(mut self, seed: u64) -> Self {
        self.change(|own| own.builder = std::mem::take(&mut own.builder).seed(seed));
        self
    }

    fn serve(mut self, add: impl FnOnce(FlakyServerBuilder) -> FlakyServerBuilder) -> Self {
        self.change(|own| {
            own.builder = add(std::mem::take(&mut own.builder));
            own.serves = true;
        });
        self
    }

    fn change(&mut self, change: impl FnOnce(&mut Own)) {
        match &mut self.on {
            On::Own(own) => change(own),
            on => *on = On::Neither,
        }
    }

    /// The file under test, as a path of the server: what `{url}` stands for, what is counted, and what the result is
    /// held against. That it starts with a slash goes without saying. Defaults to what the downloader says, or to the one
    /// file that is served.
    pub fn file(mut self, path: impl Into<String>) -> Self {
        self.setup.file = Some(rooted(&path.into()));
        self
    }

    /// A downloader that takes longer is ended, and counts as hung. Defaults to 60 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.setup.timeout = timeout;
        self
    }

    /// How many bytes of stdout, and of stderr, are kept: the beginning and the end. Defaults to 1 MiB.
    pub fn output_limit(mut self, bytes: usize) -> Self {
        self.setup.output_limit = bytes;
        self
    }

    /// The downloader's disk is full: no file that it writes can become longer than this, rounded up to blocks of 512 or
    /// 1,024 bytes, and to write more is an error. For [`Command`](crate::Command)s on Unix, of which it is a resource limit
    /// (`ulimit -f`); it is an error for others.
    pub fn file_limit(mut self, limit: ByteSize) -> Self {
        self.setup.file_limit = Some(limit);
        self
    }

    /// Reads the downloader's claim about its retries in this way too.
    pub fn claim(mut self, pattern: ClaimPattern) -> Self {
        self.setup.claims.push(pattern);
        self
    }

    /// Replaces what matches in redacted texts.
    pub fn redact(mut self, pattern: Regex, replacement: &str) -> Self {
        self.setup.redactions.add(pattern, replacement);
        self
    }

    /// Runs in the folders of an earlier trial, as that left them: a second run of the same user, with partial files
    /// to resume and caches to trust.
    pub fn after(mut self, outcome: &Outcome) -> Self {
        self.setup.folder = Some(Arc::clone(outcome.folder()));
        self
    }

    /// Runs the downloader.
    ///
    /// # Panics
    ///
    /// If the trial cannot be run; [`try_run`](Self::try_run) returns the error instead. That the download fails is an
    /// outcome, and panics nowhere but in its assertions.
    #[track_caller]
    pub fn run(self, downloader: &dyn Downloader) -> Outcome {
        match self.try_run(downloader) {
            Ok(outcome) => outcome,
            Err(error) => panic!("the trial could not be run: {}", report::describe(&error)),
        }
    }

    /// Runs the downloader.
    ///
    /// # Errors
    ///
    /// If the trial cannot be run: the schedule has an error, the program is not there, another trial runs on the
    /// server. That the download fails is an outcome.
    pub fn try_run(self, downloader: &dyn Downloader) -> Result<Outcome, TrialError> {
        match self.on {
            On::Neither => Err(TrialError::NotOwn),
            On::Server(server) => self.setup.run(server, downloader),
            On::Own(own) => {
                let server = own.start()?;
                let outcome = self.setup.run(&server, downloader);
                server.stop_within(STOPPING);
                outcome
            }
        }
    }
}

impl Own {
    fn start(self) -> Result<FlakyServer, TrialError> {
        let rules = self.rules.map_err(TrialError::Schedule)?;
        let builder =
            if self.serves { self.builder } else { self.builder.serve_bytes(fixture::PATH, fixture::bytes()) };
        builder.rules(rules).start().map_err(not_started)
    }
}

/// Why there is no server.
pub(crate) fn not_started(error: StartError) -> TrialError {
    match error {
        StartError::Schedule(error) => TrialError::Schedule(error),
        error => TrialError::Start(error),
    }
}

impl Setup {
    fn run(mut self, server: &FlakyServer, downloader: &dyn Downloader) -> Result<Outcome, TrialError> {
        let Some(_turn) = Turn::take(server.addr()) else {
            return Err(TrialError::Busy { server: server.base() });
        };
        let file = self.file.take().or_else(|| downloader.file().map(str::to_owned)).or_else(|| only_file(server));
        if let Some(file) = &file {
            server.fixture(file).map_err(|source| TrialError::NoSuchFile { file: file.clone(), source })?;
        }
        let continues = self.folder.is_some();
        let folder = self.folder().map_err(io("make a folder for the trial"))?;
        let job = Job::new(server.base(), file, folder.root().to_owned()).limited(self.timeout, self.output_limit);
        let job = job.with_file_limit(self.file_limit);
        self.redactions.place(job.base(), folder.root());

        let before = Mark::now(server);
        let began = Instant::now();
        let ran = downloader.run(&job)?;
        let took = began.elapsed();
        // What has not settled by then is shown as it is.
        let _ = server.journal().wait_until_settled(SETTLING);
        let (exchanges, dropped) = before.since(server);

        let content = match job.file() {
            None => None,
            Some(file) => {
                let open = |version: &Version| match version {
                    Version::Revision(revision) => server.fixture(file).ok().map(|it| it.revision(*revision)),
                    Version::ReplacedBy(path) => server.fixture(path).ok(),
                };
                let mut versions = versions(file, &exchanges);
                // Where nothing could take its place, nothing did.
                versions.retain(|version| matches!(version, Version::Revision(_)) || open(version).is_some());
                let compared = Content::compare(job.out(), &versions, open);
                Some(compared.map_err(io("read the downloaded file"))?)
            }
        };
        let leftovers = leftovers(&job, content.as_ref());
        let chain = chain(&ran);
        let claims = claims(&ran, &chain, &self.claims);
        Ok(Outcome::new(Facts {
            downloader: downloader.describe(&job),
            replay: report::replay(server, downloader, &job, !continues && before.attempts == 0),
            rules: server.schedule().to_string(),
            seed: server.seed(),
            redactions: self.redactions,
            folder,
            continues,
            job,
            ran,
            took,
            exchanges,
            dropped,
            chain,
            claims,
            leftovers,
            content,
        }))
    }

    fn folder(&mut self) -> std::io::Result<Arc<Folder>> {
        match self.folder.take() {
            None => Folder::new().map(Arc::new),
            Some(folder) => {
                folder.restore()?;
                Ok(folder)
            }
        }
    }
}

/// Where the journal stood when a trial began.
struct Mark {
    seq: u64,
    attempts: u64,
}

impl Mark {
    fn now(server: &FlakyServer) -> Self {
        let journal = server.journal();
        let newest = journal.exchanges().last().map_or(0, |exchange| exchange.seq);
        Self { seq: newest, attempts: journal.total_attempts() }
    }

    /// The exchanges that came after it, and how many of them are missing because the journal has a limit.
    fn since(&self, server: &FlakyServer) -> (Vec<Exchange>, u64) {
        let journal = server.journal();
        // In this order: what comes in between is one more that is there, and none that is missing.
        let attempts = journal.total_attempts() - self.attempts;
        let mut exchanges = journal.exchanges();
        exchanges.retain(|exchange| exchange.seq > self.seq);
        let dropped = attempts.saturating_sub(exchanges.len() as u64);
        (exchanges, dropped)
    }
}

/// The versions of a file that were served: its revisions, the oldest first, and what has taken its place.
fn versions(file: &str, exchanges: &[Exchange]) -> Vec<Version> {
    let file = Target::new("GET", file);
    let of_file = |exchange: &&Exchange| exchange.target.as_ref().is_some_and(|target| is_same_path(target, &file));
    // A 304 or a 416 speaks of a version without sending it.
    let served = exchanges.iter().filter(of_file).filter(|it| matches!(it.status, Some(200 | 206 | 304 | 416)));
    let mut versions: Vec<_> = served.map(Version::of).collect();
    versions.sort_unstable();
    versions.dedup();
    versions
}

/// What a downloader left that is not the fixture, whole and right.
fn leftovers(job: &Job, content: Option<&Content>) -> Vec<PathBuf> {
    let result = content.filter(|content| content.matches()).map(|content| content.path.clone());
    let mut left = outcome::below(&[job.dir(), job.tmp()]);
    left.retain(|path| Some(path) != result.as_ref());
    left
}

fn only_file(server: &FlakyServer) -> Option<String> {
    let url = server.single_url()?;
    url.strip_prefix(&server.base()).map(str::to_owned)
}

/// What the downloader says went wrong: what it returned, or what it printed. One that succeeded says nothing.
fn chain(ran: &Ran) -> Chain {
    if ran.exit().is_success() {
        return Chain::default();
    }
    let returned = ran.chain.clone();
    returned
        .or_else(|| Some(Chain::from_output(&ran.stderr.bytes())).filter(|chain| !chain.is_empty()))
        .unwrap_or_else(|| Chain::from_output(&ran.stdout.bytes()))
}

fn claims(ran: &Ran, chain: &Chain, own: &[ClaimPattern]) -> Claims {
    // Warnings about retries and the final error may be on different streams.
    let mut said = ran.stdout.bytes().into_owned();
    said.push(b'\n');
    said.extend_from_slice(&ran.stderr.bytes());
    Claims::read(&said, chain, own)
}

fn io(what: &'static str) -> impl FnOnce(std::io::Error) -> TrialError {
    move |source| TrialError::Io { what: format!("cannot {what}"), source }
}
