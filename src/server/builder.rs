//! What a server is made from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::accept::{self, Acceptor};
use super::service::Service;
use super::{FlakyServer, Limits, MAX_HEADERS, StartError, later, runtime};
use crate::content::Fixtures;
use crate::decision::{self, Ledger, Rule, Schedule};
use crate::journal::{Journal, Observer};
use crate::wire::{Settings, Stop};

/// Makes a [`FlakyServer`]. Nothing is opened or bound before [`start`](Self::start).
#[derive(Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct FlakyServerBuilder {
    content: Vec<Content>,
    hidden: bool,
    rules: Vec<Rule>,
    seed: Option<u64>,
    binds: Vec<IpAddr>,
    port: u16,
    limits: Limits,
    drain_deadline: Option<Duration>,
    observers: Vec<Observer>,
}

enum Content {
    Bytes(String, Bytes),
    Dir(PathBuf),
    File(PathBuf),
}

impl Content {
    /// Where it is on disk.
    fn source(&self) -> Option<&Path> {
        match self {
            Self::Bytes(..) => None,
            Self::Dir(path) | Self::File(path) => Some(path),
        }
    }
}

/// A break that the client does not let happen, by not reading, is made after this time all the same.
const DRAIN_DEADLINE: Duration = Duration::from_secs(30);

/// How often a free port is tried for on several addresses at once.
const PORT_TRIES: usize = 16;

impl FlakyServerBuilder {
    /// Serves a directory: its files under their relative paths.
    ///
    /// Nothing outside of it is served, by whatever path, link or race; nor are hidden files, unless
    /// [`hidden`](Self::hidden) says so.
    pub fn serve_dir(mut self, path: impl AsRef<Path>) -> Self {
        self.content.push(Content::Dir(path.as_ref().to_owned()));
        self
    }

    /// Serves one file, under `/` and its name.
    pub fn serve_file(mut self, path: impl AsRef<Path>) -> Self {
        self.content.push(Content::File(path.as_ref().to_owned()));
        self
    }

    /// Serves bytes from memory under a path, such as `/app.tar.gz`.
    pub fn serve_bytes(mut self, path: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        self.content.push(Content::Bytes(path.into(), bytes.into()));
        self
    }

    /// Whether files and directories whose names begin with a dot are served. Defaults to `false`.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }

    /// Adds a rule behind those that are there. The first rule that matches an attempt decides it.
    pub fn rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// Adds rules behind those that are there.
    pub fn rules(mut self, rules: impl IntoIterator<Item = Rule>) -> Self {
        self.rules.extend(rules);
        self
    }

    /// The seed of all that is left to chance. Defaults to a random one; [`FlakyServer::seed`] tells which.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Listens on this address too. Without it, on 127.0.0.1.
    ///
    /// Anything but a loopback address lets other machines read what is served.
    pub fn bind(mut self, addr: IpAddr) -> Self {
        if !self.binds.contains(&addr) {
            self.binds.push(addr);
        }
        self
    }

    /// The port, on all addresses. Defaults to 0: any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Limits on what a client can grow. Defaults to [`Limits::default`].
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// How long a break waits for the client to acknowledge what comes before it. Defaults to 30 s.
    ///
    /// Afterwards the break happens all the same, and the exchange says so
    /// ([`Exchange::deadline_hit`](crate::Exchange::deadline_hit)).
    pub fn drain_deadline(mut self, deadline: Duration) -> Self {
        self.drain_deadline = Some(deadline);
        self
    }

    /// Calls `observer` with each settled record.
    #[cfg(feature = "cli")]
    pub(crate) fn observe(mut self, observer: Observer) -> Self {
        self.observers.push(observer);
        self
    }

    /// Starts the server. When this returns, connections are accepted.
    ///
    /// It serves on background threads that all servers of the process share; no runtime is needed, and none is
    /// disturbed.
    ///
    /// # Errors
    ///
    /// If there is nothing to serve, or what is to be served is not there; if the rules contradict themselves; if the
    /// port is in use.
    pub fn start(self) -> Result<FlakyServer, StartError> {
        let runtime = runtime::handle().map_err(StartError::Runtime)?;
        let sources = self.content.iter().filter_map(Content::source).map(Path::to_owned).collect();
        let fixtures = fixtures(self.content, self.hidden, self.limits.cache)?;
        let seed = self.seed.unwrap_or_else(rand::random);
        let schedule = Schedule::new(self.rules, seed)?;
        let listeners = bind_all(&self.binds, self.port)?;
        let addrs: Vec<SocketAddr> = listeners.iter().map(|(addr, _)| *addr).collect();

        let stop = Stop::default();
        let settings = Settings {
            drain_deadline: self.drain_deadline.unwrap_or(DRAIN_DEADLINE),
            max_head: self.limits.head,
            max_headers: self.limits.headers.min(MAX_HEADERS),
            request_timeout: self.limits.request_timeout,
            stop: stop.clone(),
        };
        let journal = Journal::new(self.limits.journal, self.observers);
        let single = fixtures.single().map(str::to_owned);
        let service = Arc::new(Service {
            fixtures,
            ledger: Mutex::new(Ledger::new(schedule, decision::Limits::default())),
            settings: settings.clone(),
            max_request_body: self.limits.request_body,
            request_timeout: self.limits.request_timeout,
        });
        let tasks = TaskTracker::new();
        let acceptor = Acceptor {
            service: Arc::clone(&service),
            journal: journal.clone(),
            settings,
            connections: Arc::new(Semaphore::new(self.limits.connections.clamp(1, Semaphore::MAX_PERMITS))),
            tasks: tasks.clone(),
        };
        for (addr, listener) in listeners {
            let _entered = runtime.enter();
            let listener =
                tokio::net::TcpListener::from_std(listener).map_err(|source| StartError::Bind { addr, source })?;
            later::begin(tasks.track_future(acceptor.clone().run(listener)), &runtime);
        }
        tasks.close();
        Ok(FlakyServer::new(addrs, seed, single, sources, journal, service, stop, tasks, runtime))
    }
}

fn fixtures(content: Vec<Content>, hidden: bool, cache: u64) -> Result<Fixtures, StartError> {
    if content.is_empty() {
        return Err(StartError::Nothing);
    }
    let mut fixtures = Fixtures::new().hidden(hidden).cache_size(cache);
    for content in content {
        fixtures = match content {
            Content::Bytes(path, bytes) => fixtures.memory(&path, bytes)?,
            Content::Dir(path) => fixtures.directory(&path)?,
            Content::File(path) => fixtures.file(&path)?,
        };
    }
    Ok(fixtures)
}

/// Binds the same port on every address.
fn bind_all(addrs: &[IpAddr], port: u16) -> Result<Vec<(SocketAddr, std::net::TcpListener)>, StartError> {
    let loopback = [IpAddr::V4(Ipv4Addr::LOCALHOST)];
    let addrs = if addrs.is_empty() { &loopback } else { addrs };
    let mut tries = 0;
    loop {
        match try_bind_all(addrs, port) {
            // The port that was free on one address was taken on another.
            Err(StartError::Bind { source, .. })
                if port == 0 && tries < PORT_TRIES && source.kind() == std::io::ErrorKind::AddrInUse =>
            {
                tries += 1;
            }
            result => return result,
        }
    }
}

fn try_bind_all(addrs: &[IpAddr], mut port: u16) -> Result<Vec<(SocketAddr, std::net::TcpListener)>, StartError> {
    let mut listeners = Vec::with_capacity(addrs.len());
    for ip in addrs {
        let addr = SocketAddr::new(*ip, port);
        let bound = accept::bind(addr).and_then(|listener| Ok((listener.local_addr()?, listener)));
        let (addr, listener) = bound.map_err(|source| StartError::Bind { addr, source })?;
        port = addr.port();
        listeners.push((addr, listener));
    }
    Ok(listeners)
}

impl std::fmt::Debug for FlakyServerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FlakyServerBuilder")
            .field("rules", &self.rules)
            .field("seed", &self.seed)
            .field("port", &self.port)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
