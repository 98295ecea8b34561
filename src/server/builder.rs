//! What a server is made from.

use std::net::IpAddr;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;

use super::content::Content;
use crate::content::Generated;
use crate::decision::{Downtime, Matcher, ParseError, Rule, matchers};
use crate::journal::Observer;
use crate::limits::Limits;

/// Makes a [`FlakyServer`](crate::FlakyServer). Nothing is opened or bound before [`start`](Self::start).
#[derive(Default)]
#[must_use = "a builder does nothing until it is started"]
pub struct FlakyServerBuilder {
    pub(super) content: Vec<Content>,
    pub(super) templates: Vec<Matcher>,
    pub(super) hidden: bool,
    pub(super) no_listing: bool,
    pub(super) precompressed: bool,
    pub(super) rules: Vec<Rule>,
    pub(super) seed: Option<u64>,
    pub(super) binds: Vec<IpAddr>,
    pub(super) port: u16,
    pub(super) mirror: bool,
    /// What is wrong, and where in a file, if there is no mirror.
    pub(super) unmirrored: Option<ParseError>,
    pub(super) downtimes: Vec<Downtime>,
    pub(super) limits: Limits,
    pub(super) drain_deadline: Option<Duration>,
    pub(super) observers: Vec<Observer>,
}

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

    /// Serves text under a path, with each `{base}` in it replaced by the [base URL](crate::FlakyServer::base): for what
    /// has to name the server itself, such as the index of a registry.
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

    /// Replaces each `{base}` by the [base URL](crate::FlakyServer::base) in files from disk whose path matches this
    /// pattern, which is one as in [rules](crate::matchers): `*.html`, `/simple/**`. May be called several times.
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

    /// The seed of all that is left to chance. Defaults to a random one;
    /// [`FlakyServer::seed`](crate::FlakyServer::seed) tells which.
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

    /// Listens on a second port, any free one, which is never down;
    /// [`FlakyServer::mirror`](crate::FlakyServer::mirror) tells which. Defaults to `false`.
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
