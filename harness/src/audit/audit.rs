//! An audit, and how it is run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::promises::Promises;
use super::select::Selection;
pub(super) use super::session::Session;
use super::session::Tell;
use super::subject::{Serves, Subject};
use super::{AuditError, Catalogue, Level, Report};
use crate::report::describe;
use crate::{ClaimPattern, Downloader};

/// The retry conformance of a downloader: it is run through a catalogue of bad days, and judged.
///
/// # Examples
///
/// In a test:
///
/// ```no_run
/// use flaky_harness::Command;
/// use flaky_harness::audit::Audit;
///
/// let get = Command::new("target/debug/get").args(["--output", "{out}", "{url}"]);
/// Audit::of(get).retries(3).cases("range-*").cases("body").check();
/// ```
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until it is run"]
pub struct Audit {
    pub(super) subject: Subject,
    pub(super) promises: Promises,
    pub(super) timeout: Duration,
    pub(super) jobs: usize,
    pub(super) selection: Selection,
    pub(super) catalogue: Catalogue,
    pub(super) level: Level,
    pub(super) claims: Vec<ClaimPattern>,
    /// The name of the client, and its version, if it is a known one.
    pub(super) client: Option<(String, String)>,
    /// What else stands on the line that plays a run again.
    pub(super) options: Vec<String>,
    /// As which the downloader stands there, if not as it is.
    pub(super) line: Option<String>,
    /// It has what no such line can give it: cases, claims or files that a program made.
    pub(super) is_made: bool,
}

/// Whoever takes longer counts as hung.
pub(super) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

impl Audit {
    /// Of this downloader, which promises nothing.
    pub fn of(downloader: impl Downloader + Send + Sync + 'static) -> Self {
        Self::new(Subject::new(Arc::new(downloader)))
    }

    pub(crate) fn new(subject: Subject) -> Self {
        let jobs = thread::available_parallelism().map_or(4, |cores| 4 * cores.get());
        Self {
            subject,
            promises: Promises::default(),
            timeout: DEFAULT_TIMEOUT,
            jobs,
            selection: Selection::default(),
            catalogue: Catalogue::builtin(),
            level: Level::Policy,
            claims: Vec::new(),
            client: None,
            options: Vec::new(),
            line: None,
            is_made: false,
        }
    }

    /// It promises this many retries, no fewer and no more. Without that, the budget is inferred from the first cases, in
    /// which everything is broken: the smallest number of retries above 0; one for bodies, and one for all else, if these differ
    /// and the one is no multiple of the other, as that of nested loops would be.
    pub fn retries(mut self, retries: u64) -> Self {
        self.promises.retries = Some(retries);
        self
    }

    /// It has a budget of its own for bodies that break, of this many retries. Defaults to one budget for all.
    pub fn body_retries(mut self, retries: u64) -> Self {
        self.promises.body_retries = Some(retries);
        self
    }

    /// It promises to ask again after these statuses, and after no others. Without that, after those that the cases of the group
    /// `status` expect it to.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.promises.statuses = Some(statuses.into_iter().collect());
        self
    }

    /// It promises to go on where it was cut off. Without that, it may begin anew.
    pub fn resumes(mut self) -> Self {
        self.promises.resumes = true;
        self
    }

    /// It promises to hold the file against a digest. Without that, what only a digest tells is not held against it.
    pub fn verifies(mut self) -> Self {
        self.promises.verifies = true;
        self
    }

    /// It promises to end a transfer that is too slow. Without that, it may go on for ever, as long as bytes come.
    pub fn aborts_slow(mut self) -> Self {
        self.promises.aborts_slow = true;
        self
    }

    /// It promises to end in this time, whatever happens: each run that takes longer counts as hung. Defaults to 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// So many runs go on at the same time, with the same verdicts as one after the other. Defaults to four for
    /// each core: it is for waiting that there is time. 0 is taken for 1.
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs.max(1);
        self
    }

    /// Only cases whose name, or group, matches this pattern: `range-*`, `body`; or that are played like this:
    /// `reset-mid-body:then-good`. May be called several times. Defaults to all.
    pub fn cases(mut self, pattern: impl Into<String>) -> Self {
        self.selection.cases.push(pattern.into());
        self
    }

    /// None of the cases that match this pattern. May be called several times.
    pub fn except(mut self, pattern: impl Into<String>) -> Self {
        self.selection.except.push(pattern.into());
        self
    }

    /// With these cases. Defaults to [`Catalogue::builtin`].
    pub fn catalogue(self, catalogue: Catalogue) -> Self {
        Self { is_made: true, ..self.with_catalogue(catalogue) }
    }

    /// With these cases, which an option on the line that plays a run again has as well.
    pub(crate) fn with_catalogue(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = catalogue;
        self
    }

    /// Findings below this level are told, and [`check`](Self::check) lets them pass. Defaults to
    /// [`Level::Policy`]: none of them passes.
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Reads the downloader's claim about its retries in this way too. May be called several times.
    pub fn claim(mut self, pattern: ClaimPattern) -> Self {
        self.claims.push(pattern);
        self.is_made = true;
        self
    }

    /// Serves this file, in the place of 2,000,000 bytes of no meaning. Whether it can be read turns out when the audit is run.
    pub fn serve_file(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        self.options.extend(["--serve".to_owned(), path.display().to_string()]);
        self.subject.serves = Serves::File(path);
        self
    }

    /// The downloader finds this file in its folder, relative to that; `{base}` in it is the base URL. May be called several
    /// times.
    pub fn with_file(mut self, path: impl Into<PathBuf>, content: impl Into<String>) -> Self {
        self.subject.files.push((path.into(), content.into()));
        self.is_made = true;
        self
    }

    /// What else stands on the line that plays a run again.
    #[cfg(feature = "cli")]
    pub(crate) fn option(mut self, word: impl Into<String>) -> Self {
        self.options.push(word.into());
        self
    }

    /// As which the downloader stands on such a line.
    #[cfg(feature = "cli")]
    pub(crate) fn line(mut self, line: String) -> Self {
        self.line = Some(line);
        self
    }

    /// The version of the client.
    #[cfg(feature = "cli")]
    pub(crate) fn version(mut self, version: String) -> Self {
        if let Some((_, known)) = &mut self.client {
            *known = version;
        }
        self
    }

    /// Runs it, and panics with the report if something is found.
    ///
    /// # Panics
    ///
    /// If there are findings of its [level](Self::level), or the audit itself has failed.
    #[track_caller]
    pub fn check(self) {
        match self.run() {
            Ok(report) if report.holds() => {}
            Ok(report) => panic!("{report}"),
            Err(error) => panic!("{}", describe(&error)),
        }
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// If the downloader cannot be run at all; if no case is called so, or none is left of those that are.
    pub fn run(self) -> Result<Report, AuditError> {
        self.run_with(&|_| {})
    }

    /// Runs it, and tells how it goes on; the calls come from several threads.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub fn run_with(self, tell: &Tell<'_>) -> Result<Report, AuditError> {
        let began = Instant::now();
        self.selection.check(self.catalogue.cases())?;
        let mut session = Session::begin(&self)?;
        let records = session.run(tell);
        Ok(session.report(records, began.elapsed()))
    }

    /// What runs single cases, when it knows the budget.
    pub(super) fn session(&self) -> Result<Session<'_>, AuditError> {
        let mut session = Session::begin(self)?;
        session.find_budget();
        Ok(session)
    }
}
