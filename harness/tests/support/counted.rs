//! Trials that somebody else counts as well.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use flaky_harness::{Downloader, Job, Outcome, Ran, RunError, Trial};
use flaky_server::{By, Target};

use super::heads::Passed;
use super::proxy::Proxy;

/// A downloader that reaches the server through a proxy, which counts.
pub(crate) struct Counted<D> {
    inner: D,
    passed: Mutex<Option<Passed>>,
}

pub(crate) fn counted<D: Downloader>(inner: D) -> Counted<D> {
    Counted { inner, passed: Mutex::new(None) }
}

impl<D: Downloader> Downloader for Counted<D> {
    fn describe(&self, job: &Job) -> String {
        self.inner.describe(job)
    }

    fn run(&self, job: &Job) -> Result<Ran, RunError> {
        let upstream: SocketAddr = job.base().trim_start_matches("http://").parse().unwrap();
        let proxy =
            Proxy::start(upstream).map_err(|source| RunError::Io { what: "cannot proxy".to_owned(), source })?;
        let ran = self.inner.run(&job.at(proxy.base()))?;
        *self.passed.lock().unwrap() = Some(proxy.passed());
        Ok(ran)
    }

    fn shell(&self) -> Option<String> {
        self.inner.shell()
    }

    fn file(&self) -> Option<&str> {
        self.inner.file()
    }
}

/// Runs a trial through the proxy; what the journal says must be what the proxy saw.
#[track_caller]
pub(crate) fn run(trial: Trial<'_>, downloader: impl Downloader) -> Outcome {
    let downloader = counted(downloader);
    let outcome = trial.run(&downloader);
    let passed = downloader.passed.lock().unwrap().take().expect("it ran");
    let all = outcome.all_targets();
    let journal = all.exchanges().iter().filter_map(|exchange| exchange.target.clone());
    let proxy = passed.requests.iter().filter_map(|request| {
        let (method, path) = request.split_once(' ')?;
        Some(Target::new(method, path))
    });
    assert_eq!(count(journal), count(proxy), "attempts: journal, proxy\n{}", outcome.table());
    // What a client that leaves has not read, the proxy has not read either, though both kernels have it.
    let stayed = all.exchanges().iter().all(|exchange| exchange.by == Some(By::Server));
    if !passed.undeclared && cfg!(target_os = "linux") && stayed {
        assert_eq!(all.wire().received(), passed.body, "bytes of bodies: journal, proxy\n{}", outcome.table());
    }
    outcome
}

fn count(targets: impl Iterator<Item = Target>) -> BTreeMap<Target, u64> {
    targets.fold(BTreeMap::new(), |mut counts, target| {
        *counts.entry(target).or_default() += 1;
        counts
    })
}
