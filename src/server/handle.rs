//! A running server.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::FlakyServerBuilder;
use super::fixture::FixtureReader;
use super::runtime::wait_for;
use super::service::Service;
use crate::content::OpenError;
use crate::decision::{Played, Schedule};
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
    addrs: Vec<SocketAddr>,
    seed: u64,
    single: Option<String>,
    sources: Vec<PathBuf>,
    journal: Journal,
    service: Arc<Service>,
    stop: Stop,
    tasks: TaskTracker,
    runtime: Handle,
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

    #[expect(clippy::too_many_arguments, reason = "the builder alone calls it")]
    pub(super) fn new(
        addrs: Vec<SocketAddr>,
        seed: u64,
        single: Option<String>,
        sources: Vec<PathBuf>,
        journal: Journal,
        service: Arc<Service>,
        stop: Stop,
        tasks: TaskTracker,
        runtime: Handle,
    ) -> Self {
        Self { addrs, seed, single, sources, journal, service, stop, tasks, runtime }
    }

    /// The first address that it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.addrs[0]
    }

    /// All addresses that it listens on.
    pub fn addrs(&self) -> &[SocketAddr] {
        &self.addrs
    }

    /// The base URL, without a trailing slash: `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        let mut addr = self.addr();
        // What listens everywhere is reached nowhere better than here.
        match addr.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
            IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
            _ => {}
        }
        format!("http://{addr}")
    }

    /// The URL of a path, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base())
    }

    /// The URL of the one file that is served; `None` unless it is exactly one file or one block of bytes.
    pub fn single_url(&self) -> Option<String> {
        self.single.as_deref().map(|path| self.url(path))
    }

    /// The directories and files on disk that are served, as they were named.
    pub fn sources(&self) -> &[PathBuf] {
        &self.sources
    }

    /// The seed of all that is left to chance.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// What happened so far.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// The schedule: its rules, and the seed.
    pub fn schedule(&self) -> Schedule {
        self.service.ledger().schedule().clone()
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
        let service = Arc::clone(&self.service);
        let opened = wait_for(&self.runtime, async move { service.fixtures.open(&path).await })?;
        let fixture = opened.map_err(|error| match error {
            OpenError::NotFound | OpenError::BadPath(_) | OpenError::Directory { .. } => {
                io::Error::new(io::ErrorKind::NotFound, error)
            }
            error => io::Error::other(error),
        })?;
        Ok(FixtureReader::new(fixture, self.runtime.clone()))
    }

    /// The schedule that was played so far, as rules that play the same again.
    pub fn played(&self) -> Played {
        self.service.ledger().played()
    }

    /// Stops in order: no new connections; exchanges that go on may end, for up to 5 seconds; stalled ones are cut.
    /// When it returns, the port is closed and everything in the journal is settled.
    pub fn shutdown(self) -> Journal {
        self.stop_within(GRACE)
    }

    /// Like [`shutdown`](Self::shutdown), with another time for exchanges that go on.
    pub fn stop_within(self, grace: Duration) -> Journal {
        self.stop.stop();
        if !self.wait(grace) {
            self.stop.kill();
            self.wait(GRACE);
        }
        self.journal.clone()
    }

    /// What stops this server from elsewhere, while [`stop_within`](Self::stop_within) waits.
    #[cfg(feature = "cli")]
    pub(crate) fn switch(&self) -> Stop {
        self.stop.clone()
    }

    /// Stops as [`stop_within`](Self::stop_within) does; what was played meanwhile is there, too.
    #[cfg(feature = "cli")]
    pub(crate) fn stop_and_tell(self, grace: Duration) -> (Journal, Played) {
        let service = Arc::clone(&self.service);
        let journal = self.stop_within(grace);
        let played = service.ledger().played();
        (journal, played)
    }

    /// Blocks until all tasks are done; `false` if that takes longer than `timeout`.
    fn wait(&self, timeout: Duration) -> bool {
        let (done, is_done) = mpsc::channel();
        let tasks = self.tasks.clone();
        self.runtime.spawn(async move {
            tasks.wait().await;
            // The receiver has given up if it is gone.
            let _ = done.send(());
        });
        is_done.recv_timeout(timeout).is_ok()
    }
}

impl Drop for FlakyServer {
    fn drop(&mut self) {
        self.stop.kill();
        self.wait(CLOSING);
    }
}
