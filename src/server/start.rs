//! From a builder to a server that runs.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::accept::Acceptor;
use super::address::{base, bind_all};
use super::content::{Content, mounted};
use super::door::Door;
use super::downtimes::Downtimes;
use super::gate::Gate;
use super::handle::Parts;
use super::places::Places;
use super::service::Service;
use super::{FlakyServer, FlakyServerBuilder, StartError, runtime};
use crate::content::Fixtures;
use crate::decision::{self, Ledger, Matcher, Schedule};
use crate::journal::Journal;
use crate::limits::MAX_HEADERS;
use crate::wire::{Settings, Stop};

/// A break that the client does not let happen, by not reading, is made after this time all the same.
const DRAIN_DEADLINE: Duration = Duration::from_secs(30);

/// So many bits of a random seed are 0: what reads JSON into floating point numbers keeps the others.
const SPARED: u32 = 11;

impl FlakyServerBuilder {
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
            self.unmirrored.map_or(Ok(()), Err)?;
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
