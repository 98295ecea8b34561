//! What a server is made from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::accept::Acceptor;
use super::door::Door;
use super::downtimes::Downtimes;
use super::gate::Gate;
use super::handle::Parts;
use super::places::Places;
use super::service::Service;
use super::{FlakyServer, Limits, MAX_HEADERS, StartError, runtime};
use crate::content::{Fixtures, Generated};
use crate::decision::{self, Downtime, Ledger, Matcher, Request, Rule, Schedule, Target, matchers};
use crate::journal::{Journal, Observer};
#[cfg(feature = "schedule-file")]
use crate::schedule_file::{FileFixture, ScheduleFile, Source};
use crate::wire::{Settings, Stop};

/// Makes a [`FlakyServer`]. Nothing is opened or bound before [`start`](Self::start).
#[derive(Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct FlakyServerBuilder {
    content: Vec<Content>,
    templates: Vec<Matcher>,
    hidden: bool,
    no_listing: bool,
    precompressed: bool,
    rules: Vec<Rule>,
    seed: Option<u64>,
    binds: Vec<IpAddr>,
    port: u16,
    mirror: bool,
    downtimes: Vec<Downtime>,
    limits: Limits,
    drain_deadline: Option<Duration>,
    observers: Vec<Observer>,
}

enum Content {
    Bytes(String, Bytes),
    #[cfg(feature = "verify")]
    Dated(String, Bytes, std::time::SystemTime),
    Dir(PathBuf),
    File(PathBuf),
    FileAt(String, PathBuf),
    Generated(String, Generated),
    Template(String, String),
}

impl Content {
    /// Where it is on disk.
    fn source(&self) -> Option<&Path> {
        match self {
            Self::Bytes(..) | Self::Generated(..) | Self::Template(..) => None,
            #[cfg(feature = "verify")]
            Self::Dated(..) => None,
            Self::Dir(path) | Self::File(path) | Self::FileAt(_, path) => Some(path),
        }
    }
}

/// A break that the client does not let happen, by not reading, is made after this time all the same.
const DRAIN_DEADLINE: Duration = Duration::from_secs(30);

/// So many bits of a random seed are 0: what reads JSON into floating point numbers keeps the others.
const SPARED: u32 = 11;

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

    /// Serves one file, under a path such as `/app.tar.gz`, whatever its name.
    pub fn serve_file_at(mut self, url: impl Into<String>, path: impl AsRef<Path>) -> Self {
        self.content.push(Content::FileAt(url.into(), path.as_ref().to_owned()));
        self
    }

    /// Serves bytes from memory under a path, such as `/app.tar.gz`.
    pub fn serve_bytes(mut self, path: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        self.content.push(Content::Bytes(path.into(), bytes.into()));
        self
    }

    /// Serves bytes from memory that were modified then.
    #[cfg(feature = "verify")]
    pub(crate) fn serve_dated(
        mut self,
        path: impl Into<String>,
        bytes: impl Into<Bytes>,
        modified: std::time::SystemTime,
    ) -> Self {
        self.content.push(Content::Dated(path.into(), bytes.into(), modified));
        self
    }

    /// Serves bytes that are computed, under a path such as `/app.tar.gz`: of any length, exact to the byte, on no
    /// disk. [`Generated`] says what they are; a [`ByteSize`](crate::ByteSize) is enough.
    pub fn serve_generated(mut self, path: impl Into<String>, generated: impl Into<Generated>) -> Self {
        self.content.push(Content::Generated(path.into(), generated.into()));
        self
    }

    /// Serves text under a path, with each `{base}` in it replaced by the [base URL](FlakyServer::base): for what has
    /// to name the server itself, such as the index of a registry.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::io::Read as _;
    ///
    /// let server = flaky_server::FlakyServer::builder()
    ///     .serve_template("/simple/app/", "<a href=\"{base}/app-1.0-py3-none-any.whl\">app</a>")
    ///     .start()?;
    /// let mut page = String::new();
    /// server.fixture("/simple/app/")?.read_to_string(&mut page)?;
    /// assert!(page.contains(&server.url("/app-1.0-py3-none-any.whl")));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn serve_template(mut self, path: impl Into<String>, text: impl Into<String>) -> Self {
        self.content.push(Content::Template(path.into(), text.into()));
        self
    }

    /// Replaces each `{base}` by the [base URL](FlakyServer::base) in files from disk whose path matches this pattern,
    /// which is one as in [rules](crate::matchers): `*.html`, `/simple/**`. May be called several times.
    ///
    /// Such a file has the length and the entity tag of what is sent, and no time of modification. It may have 16 MiB;
    /// the reply to a larger one is 500. A wrong pattern is an error when the server is started.
    pub fn template(mut self, glob: &str) -> Self {
        self.templates.push(matchers::path(glob));
        self
    }

    /// Whether files and directories whose names begin with a dot are served. Defaults to `false`.
    pub fn hidden(mut self, hidden: bool) -> Self {
        self.hidden = hidden;
        self
    }

    /// Whether a directory without an `index.html` has a listing: a page with the names in it. Defaults to `true`.
    ///
    /// What is not served is not listed. A listing is a fixture like others: it has a length and an entity tag, and
    /// faults apply to it.
    pub fn listing(mut self, listing: bool) -> Self {
        self.no_listing = !listing;
        self
    }

    /// Whether `app.js.br`, `app.js.zst` and `app.js.gz` are taken for `app.js` in a content coding, and sent in its
    /// place to clients whose `Accept-Encoding` asks for them. Defaults to `false`: every file is what it is.
    ///
    /// Lengths, ranges and offsets of faults are then those of the file that is sent.
    pub fn precompressed(mut self, precompressed: bool) -> Self {
        self.precompressed = precompressed;
        self
    }

    /// Serves, limits and breaks what a schedule file says.
    ///
    /// Its fixtures, rules and times of being down are added behind those that are there; its seed, limits and other
    /// settings take the place of what was said before, and give way to what is said later. Files are opened when the
    /// server is started.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, FlakyServer, ScheduleFile};
    ///
    /// let server = FlakyServer::builder()
    ///     .serve_generated("/app.tar.gz", ByteSize::mb(1))
    ///     .schedule(&ScheduleFile::builtin("flaky-wifi").expect("it is built in"))
    ///     .start()?;
    /// # Ok::<(), flaky_server::StartError>(())
    /// ```
    #[cfg(feature = "schedule-file")]
    pub fn schedule(mut self, file: &ScheduleFile) -> Self {
        self = file.fixtures().iter().fold(self, |builder, fixture| builder.fixture(file, fixture));
        self = self.rules(file.rules().cloned());
        self.downtimes.extend(file.downtimes().iter().cloned());
        self.seed = file.seed().or(self.seed);
        self.mirror |= file.has_mirror();
        self.hidden |= file.serves_hidden();
        self.no_listing |= !file.has_listing();
        self.precompressed |= file.serves_precompressed();
        self.limits = file.limits().over(self.limits);
        self.drain_deadline = file.limits().drain_deadline.or(self.drain_deadline);
        self
    }

    #[cfg(feature = "schedule-file")]
    fn fixture(self, file: &ScheduleFile, fixture: &FileFixture) -> Self {
        match (&fixture.source, &fixture.path) {
            (Source::Dir { path, template }, _) => {
                let builder = self.serve_dir(file.resolve(path));
                template.iter().fold(builder, |builder, glob| builder.template(glob))
            }
            (Source::File { path, template }, url) => {
                let path = file.resolve(path);
                let url = url.clone().or_else(|| Some(format!("/{}", path.file_name()?.to_str()?)));
                let templated = url.clone().filter(|_| *template);
                let builder = match url {
                    Some(url) => self.serve_file_at(url, path),
                    None => self.serve_file(path),
                };
                templated.into_iter().fold(builder, |builder, url| builder.template(&matchers::literal(&url)))
            }
            (Source::Generate { size, seed }, Some(url)) => {
                self.serve_generated(url, Generated::new(*size).seed(seed.unwrap_or_default()))
            }
            (Source::Text { text, template: true }, Some(url)) => self.serve_template(url, text),
            (Source::Text { text, template: false }, Some(url)) => self.serve_bytes(url, text.clone()),
            // Nothing is read that has no path.
            (Source::Generate { .. } | Source::Text { .. }, None) => self,
        }
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

    /// Listens on a second port, any free one, which is never down; [`FlakyServer::mirror`] tells which. Defaults to
    /// `false`.
    ///
    /// It serves the same fixtures by the same rules, and their attempts are counted together.
    pub fn mirror(mut self, mirror: bool) -> Self {
        self.mirror = mirror;
        self
    }

    /// Adds a time in which the server is down: it refuses connections. Several may overlap.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Downtime, FlakyServer};
    ///
    /// // Down from the start, until somebody has asked the mirror for `/a` twice.
    /// let server = FlakyServer::builder()
    ///     .serve_bytes("/a", "content")
    ///     .mirror(true)
    ///     .down(Downtime::always().until_attempt("/a", 2))
    ///     .start()?;
    /// assert!(std::net::TcpStream::connect(server.addr()).is_err());
    /// # Ok::<(), flaky_server::StartError>(())
    /// ```
    pub fn down(mut self, downtime: Downtime) -> Self {
        self.downtimes.push(downtime);
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

    /// Starts the server. When this returns, connections are accepted, or refused if it is [`down`](Self::down).
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
        if self.content.is_empty() {
            return Err(StartError::Nothing);
        }
        self.templates.iter().try_for_each(Matcher::check).map_err(StartError::Template)?;
        let seed = self.seed.unwrap_or_else(|| rand::random::<u64>() >> SPARED);
        let schedule = Schedule::new(self.rules, seed)?;
        if !self.mirror {
            schedule.check_without_mirror()?;
        }
        let mirrored = self.mirror;
        let downtimes = self.downtimes.into_iter().map(|downtime| downtime.check(mirrored));
        let downtimes = downtimes.collect::<Result<Vec<_>, _>>()?;
        let doors = bind_all(&self.binds, self.port)?;
        let addrs: Vec<SocketAddr> = doors.iter().map(Door::addr).collect();
        let mirror = self.mirror.then(|| bind_all(&[addrs[0].ip()], 0)).transpose()?;
        // Templates name the port. Nobody is listened to before the fixtures are there.
        let fixtures = Fixtures::new()
            .hidden(self.hidden)
            .listing(!self.no_listing)
            .precompressed(self.precompressed)
            .cache_size(self.limits.cache);
        let fixtures = mounted(fixtures, self.content, self.templates, &base(addrs[0]))?;

        let (stop, tasks) = (Stop::default(), TaskTracker::new());
        let downtimes = Arc::new(Downtimes::new(downtimes, stop.clone(), tasks.clone(), runtime.clone()));
        let settings = Settings {
            drain_deadline: self.drain_deadline.unwrap_or(DRAIN_DEADLINE),
            max_head: self.limits.head,
            max_headers: self.limits.headers.min(MAX_HEADERS),
            request_timeout: self.limits.request_timeout,
            stop: stop.clone(),
        };
        let journal = Journal::new(self.limits.journal, self.observers);
        let single = fixtures.single().map(str::to_owned);
        let ledger = Ledger::new(schedule, decision::Limits::default());
        let service = Arc::new(Service {
            fixtures,
            decides_connections: AtomicBool::new(ledger.has_connection_rules()),
            ledger: Mutex::new(ledger),
            settings: settings.clone(),
            max_request_body: self.limits.request_body,
            request_timeout: self.limits.request_timeout,
            downtimes: Arc::clone(&downtimes),
            places: Places::new(addrs[0], mirror.as_ref().map(|doors| doors[0].addr())),
        });
        let acceptor = Acceptor {
            service: Arc::clone(&service),
            journal: journal.clone(),
            settings,
            connections: Arc::new(Semaphore::new(self.limits.connections.clamp(1, Semaphore::MAX_PERMITS))),
            tasks: tasks.clone(),
        };
        let start = |doors, closed_by, is_watched: bool| {
            let gate = Arc::new(Gate::new(doors, closed_by, acceptor.clone(), runtime.clone()));
            if is_watched {
                downtimes.watch(&gate);
            }
            gate.start().map_err(|(addr, source)| {
                // Another gate may be open already.
                stop.kill();
                StartError::Bind { addr, source }
            })?;
            Ok::<_, StartError>(gate)
        };
        let gate = start(doors, downtimes.begun(), true)?;
        let mirror = mirror.map(|doors| Ok::<_, StartError>((doors[0].addr(), start(doors, 0, false)?))).transpose()?;
        downtimes.run();
        tasks.close();
        let parts = Parts { addrs, mirror, seed, single, sources, journal, service, gate, stop, tasks, runtime };
        Ok(FlakyServer::new(parts))
    }
}

fn mounted(
    mut fixtures: Fixtures,
    content: Vec<Content>,
    templates: Vec<Matcher>,
    base: &str,
) -> Result<Fixtures, StartError> {
    for content in content {
        fixtures = match content {
            Content::Bytes(path, bytes) => fixtures.memory(&path, bytes)?,
            #[cfg(feature = "verify")]
            Content::Dated(path, bytes, modified) => fixtures.dated(&path, bytes, modified)?,
            Content::Dir(path) => fixtures.directory(&path)?,
            Content::File(path) => fixtures.file(&path)?,
            Content::FileAt(url, path) => fixtures.file_at(&url, &path)?,
            Content::Generated(path, generated) => fixtures.generated(&path, generated)?,
            Content::Template(path, text) => fixtures.template(&path, &text, base)?,
        };
    }
    if templates.is_empty() {
        return Ok(fixtures);
    }
    let matches = move |path: &str| {
        let request = Request::new(Target::new("GET", path));
        templates.iter().any(|template| template.matches(&request))
    };
    Ok(fixtures.templates(matches, base))
}

/// The base URL of a server that listens on this address first.
pub(super) fn base(addr: SocketAddr) -> String {
    format!("http://{}", reachable(addr))
}

/// Where what listens on this address is reached: what listens everywhere, nowhere better than here.
pub(super) fn reachable(mut addr: SocketAddr) -> SocketAddr {
    match addr.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => addr.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => addr.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    addr
}

/// Binds the same port on every address.
fn bind_all(addrs: &[IpAddr], port: u16) -> Result<Vec<Door>, StartError> {
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

fn try_bind_all(addrs: &[IpAddr], mut port: u16) -> Result<Vec<Door>, StartError> {
    let mut doors = Vec::with_capacity(addrs.len());
    for ip in addrs {
        let addr = SocketAddr::new(*ip, port);
        let door = Door::bind(addr).map_err(|source| StartError::Bind { addr, source })?;
        port = door.addr().port();
        doors.push(door);
    }
    Ok(doors)
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
