//! A running server.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::address::base;
use super::fixture::FixtureReader;
use super::gate::Gate;
use super::guard::RuleGuard;
use super::runtime::wait_for;
use super::service::Service;
use super::{DownGuard, FlakyServerBuilder};
use crate::content::OpenError;
use crate::decision::{ParseError, Played, Rule, Schedule};
use crate::journal::Journal;
use crate::wire::Stop;

/// A running server. Dropping it closes its port and its connections, quickly and without a word.
///
/// # Examples
///
/// ```
/// use flaky_server::{FlakyServer, Rule, matchers::path};
///
/// let server = FlakyServer::builder()
///     .serve_bytes("/app.tar.gz", vec![7; 4_000_000])
///     .rule(Rule::when(path("/app.tar.gz")).script("reset-after=1MB x2, ok")?)
///     .start()?;
///
/// // ... run a downloader against server.url("/app.tar.gz") ...
///
/// assert_eq!(server.journal().attempts("/app.tar.gz"), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "dropping a server stops it"]
pub struct FlakyServer {
    parts: Parts,
}

/// What a running server consists of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) addrs: Vec<SocketAddr>,
    /// A second way in.
    pub(super) mirror: Option<(SocketAddr, Arc<Gate>)>,
    pub(super) seed: u64,
    pub(super) single: Option<String>,
    pub(super) sources: Vec<PathBuf>,
    pub(super) journal: Journal,
    pub(super) service: Arc<Service>,
    pub(super) gate: Arc<Gate>,
    pub(super) stop: Stop,
    pub(super) tasks: TaskTracker,
    pub(super) runtime: Handle,
}

/// How long an orderly shutdown waits for exchanges that go on.
const GRACE: Duration = Duration::from_secs(5);

/// How long dropping waits until the port is closed; it takes far less.
const CLOSING: Duration = Duration::from_secs(1);

impl FlakyServer {
    /// What a server is made from.
    pub fn builder() -> FlakyServerBuilder {
        FlakyServerBuilder::default()
    }

    pub(super) fn new(parts: Parts) -> Self {
        Self { parts }
    }

    /// The first address that it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.parts.addrs[0]
    }

    /// All addresses that it listens on.
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.parts.addrs
    }

    /// The base URL, without a trailing slash: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        base(self.addr())
    }

    /// The base URL of the second port, which is never down; `None` unless the builder asked for
    /// [one](FlakyServerBuilder::mirror).
    pub fn mirror(&self) -> Option<String> {
        self.parts.mirror.as_ref().map(|(addr, _)| base(*addr))
    }

    /// The URL of a path, which begins with a slash, and is percent-encoded where it has to be.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base())
    }

    /// The URL of the one fixture that is served; `None` unless there is exactly one, and not from a directory.
    pub fn single_url(&self) -> Option<String> {
        self.parts.single.as_deref().map(|path| self.url(path))
    }

    /// The paths of all fixtures that are not served from a directory.
    #[cfg(feature = "cli")]
    pub(crate) fn singles(&self) -> impl Iterator<Item = String> {
        self.parts.service.fixtures.singles()
    }

    /// The directories and files on disk that are served, as they were named.
    pub fn sources(&self) -> &[PathBuf] {
        &self.parts.sources
    }

    /// The seed of all that is left to chance.
    pub fn seed(&self) -> u64 {
        self.parts.seed
    }

    /// What happened so far.
    pub fn journal(&self) -> &Journal {
        &self.parts.journal
    }

    /// The schedule as it is now: its rules, and the seed.
    pub fn schedule(&self) -> Schedule {
        self.parts.service.ledger().schedule().clone()
    }

    /// Takes the server down for as long as the guard lives: connections are refused, on a port that stays its own.
    /// When this returns, they are.
    ///
    /// Idle connections are closed; exchanges under way end as planned, and their connections with them; those that
    /// hang are reset. Counts go on where they were. The [mirror](Self::mirror) stays up.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::ErrorKind;
    /// use std::net::TcpStream;
    ///
    /// let server = flaky_server::FlakyServer::builder().serve_bytes("/a", "content").start()?;
    ///
    /// let down = server.down();
    /// let refused = TcpStream::connect(server.addr()).unwrap_err();
    /// assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    ///
    /// down.up()?;
    /// assert!(TcpStream::connect(server.addr()).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn down(&self) -> DownGuard {
        DownGuard::new(&self.parts.gate, &self.parts.runtime)
    }

    /// Plays other rules, for all requests whose heads arrive after this returns. The seed stays.
    ///
    /// Attempts go on counting; what the new rules count, and which of their `-at` terms have fired, begins anew, even
    /// where a rule has the same text as one before. Exchanges under way keep their plan. Rules that a [`RuleGuard`] holds
    /// stay in front. [`played`](Self::played) tells all that happened, under whichever rules.
    ///
    /// # Errors
    ///
    /// If something that a rule was built from cannot be right. All stays as it was then.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read as _, Write as _};
    ///
    /// use flaky_server::{FlakyServer, Schedule};
    ///
    /// let server = FlakyServer::builder()
    ///     .serve_bytes("/a", "content")
    ///     .rules(Schedule::parse_rules("*: status=503 x*")?)
    ///     .start()?;
    /// let get = || {
    ///     let mut socket = std::net::TcpStream::connect(server.addr())?;
    ///     socket.write_all(b"GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")?;
    ///     let mut reply = String::new();
    ///     socket.read_to_string(&mut reply)?;
    ///     std::io::Result::Ok(reply)
    /// };
    /// assert!(get()?.starts_with("HTTP/1.1 503 "));
    ///
    /// // The outage is over, and another one begins.
    /// server.replace_rules(Schedule::parse_rules("*: status=404, ok")?)?;
    /// assert!(get()?.starts_with("HTTP/1.1 404 "));
    /// assert!(get()?.starts_with("HTTP/1.1 200 "));
    /// assert_eq!(server.played().to_string(), "GET /a query=: status=503, status=404\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn replace_rules(&self, rules: impl IntoIterator<Item = Rule>) -> Result<(), ParseError> {
        // What makes the rules may look at this server.
        let rules: Vec<Rule> = rules.into_iter().collect();
        // What the closures of the old ones have captured is dropped when the ledger is free again.
        let replaced = self.parts.service.change_rules(|ledger| ledger.replace_rules(rules));
        replaced.map(drop)
    }

    /// Puts a rule in front of all others, for as long as the guard lives.
    ///
    /// # Errors
    ///
    /// If something that the rule was built from cannot be right.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::{Read as _, Write as _};
    ///
    /// use flaky_server::{FlakyServer, Rule, matchers::path};
    ///
    /// let server = FlakyServer::builder().serve_bytes("/a", "content").start()?;
    /// let get = || {
    ///     let mut socket = std::net::TcpStream::connect(server.addr())?;
    ///     socket.write_all(b"GET /a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")?;
    ///     let mut reply = String::new();
    ///     socket.read_to_string(&mut reply)?;
    ///     std::io::Result::Ok(reply)
    /// };
    ///
    /// let guard = server.add_rule(Rule::when(path("/a")).script("status=503 x*")?)?;
    /// assert!(get()?.starts_with("HTTP/1.1 503 "));
    /// drop(guard);
    /// assert!(get()?.starts_with("HTTP/1.1 200 "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn add_rule(&self, rule: Rule) -> Result<RuleGuard, ParseError> {
        let id = self.parts.service.change_rules(|ledger| ledger.hold_rule(rule))?;
        Ok(RuleGuard::new(id, &self.parts.service, &self.parts.runtime))
    }

    /// Opens the fixture that is served under a path, past all faults and without a word in the journal: to compare
    /// with what a downloader got.
    ///
    /// The path is one of a URL: percent-encoded where it has to be, its query left aside.
    ///
    /// # Errors
    ///
    /// If nothing is served there, or if it cannot be opened.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Read as _;
    ///
    /// let server = flaky_server::FlakyServer::builder().serve_bytes("/a", "content").start()?;
    /// let mut text = String::new();
    /// server.fixture("/a")?.read_to_string(&mut text)?;
    /// assert_eq!(text, "content");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fixture(&self, path: &str) -> io::Result<FixtureReader> {
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let service = Arc::clone(&self.parts.service);
        let opened = wait_for(&self.parts.runtime, async move { service.fixtures.open(&path).await })?;
        let fixture = opened.map_err(|error| match error {
            OpenError::NotFound | OpenError::BadPath(_) | OpenError::Directory { .. } => {
                io::Error::new(io::ErrorKind::NotFound, error)
            }
            error => io::Error::other(error),
        })?;
        Ok(FixtureReader::new(fixture, self.parts.runtime.clone()))
    }

    /// The schedule that was played so far, as rules that play the same again.
    pub fn played(&self) -> Played {
        self.parts.service.ledger().played()
    }

    /// Stops in order: no new connections; exchanges that go on may end, for up to 5 seconds; stalled ones are cut.
    /// When it returns, the port is closed and everything in the journal is settled.
    pub fn shutdown(self) -> Journal {
        self.stop_within(GRACE)
    }

    /// Like [`shutdown`](Self::shutdown), with another time for exchanges that go on.
    pub fn stop_within(self, grace: Duration) -> Journal {
        self.parts.stop.stop();
        if !self.wait(grace) {
            self.parts.stop.kill();
            self.wait(GRACE);
        }
        self.parts.journal.clone()
    }

    /// What stops this server from elsewhere, while [`stop_within`](Self::stop_within) waits.
    #[cfg(feature = "cli")]
    pub(crate) fn switch(&self) -> Stop {
        self.parts.stop.clone()
    }

    /// Stops as [`stop_within`](Self::stop_within) does; what was played meanwhile is there, too.
    #[cfg(feature = "cli")]
    pub(crate) fn stop_and_tell(self, grace: Duration) -> (Journal, Played) {
        let service = Arc::clone(&self.parts.service);
        let journal = self.stop_within(grace);
        let played = service.ledger().played();
        (journal, played)
    }

    /// Blocks until all tasks are done; `false` if that takes longer than `timeout`.
    fn wait(&self, timeout: Duration) -> bool {
        let (done, is_done) = mpsc::channel();
        let tasks = self.parts.tasks.clone();
        self.parts.runtime.spawn(async move {
            tasks.wait().await;
            // The receiver has given up if it is gone.
            let _ = done.send(());
        });
        is_done.recv_timeout(timeout).is_ok()
    }
}

impl Drop for FlakyServer {
    fn drop(&mut self) {
        self.parts.stop.kill();
        self.wait(CLOSING);
    }
}
