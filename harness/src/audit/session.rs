//! Runs the cases of an audit, and judges them.

use std::collections::VecDeque;
use std::mem;
use std::slice;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tempfile::TempPath;

use super::judge::Context;
use super::perform::{Conditions, Performed, perform};
use super::promises::{Budget, Probe};
use super::record::judge_pauses;
use super::seen::Seen;
use super::{Audit, AuditError, Case, Catalogue, Mode, Record, Report, Spent, subject};
use crate::report::describe;
use crate::{Exit, Outcome, RunError, TrialError};

/// What an audit that runs has to tell.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// There are so many runs in all.
    Planned(usize),
    /// The run of this name begins.
    Began(&'a str),
    /// The run of this name is over.
    Ended(&'a str),
    /// The downloader does not have the file where nothing goes wrong, for this reason. The cases are run all the same.
    DoesNotWork(&'a str),
}

/// Is told how it goes on.
pub(super) type Tell<'a> = dyn Fn(Event<'_>) + Sync + 'a;

/// How a downloader without a declared budget shows it: everything is broken; of each, whether it is so in the body.
const PROBES: [(&str, bool); 4] =
    [("reset-before-headers", false), ("reset-mid-body", true), ("fin-mid-body", true), ("status-503", false)];

/// Of what a downloader says that does not work, so much is told.
const LINES: usize = 3;
const WIDTH: usize = 200;

/// In which nothing goes wrong.
const BASELINE: &str = "baseline-ok";

/// An audit that runs.
pub(super) struct Session<'a> {
    audit: &'a Audit,
    /// The fixture in a file, if there is a place for it.
    dated: Option<TempPath>,
    /// Why the downloader does not have the file where nothing goes wrong, if it has not.
    broken: Option<String>,
    /// `None` as long as it is not known.
    budget: Option<Budget>,
}

impl<'a> Session<'a> {
    pub(super) fn begin(audit: &'a Audit) -> Result<Self, AuditError> {
        let Audit { promises, .. } = audit;
        let body = promises.body_retries;
        let budget = promises.retries.map(|retries| Budget::declared(retries, body));
        let mut session = Self { audit, dated: subject::dated().ok(), broken: None, budget };
        session.broken = session.why_broken()?;
        Ok(session)
    }

    /// Why the downloader does not have the file where nothing goes wrong, if it has not.
    pub(super) fn broken(&self) -> Option<&str> {
        self.broken.as_deref()
    }

    /// Finds that out.
    fn why_broken(&self) -> Result<Option<String>, AuditError> {
        let Some(case) = Catalogue::shared().case(BASELINE) else { return Ok(None) };
        match perform(&self.conditions(), case, Mode::Once, 0) {
            Ok(performed) => {
                let seen = &performed.seen;
                let works = seen.exit.is_success() && seen.result.is_right;
                Ok((!works).then(|| why(seen, &performed.outcome)))
            }
            // Its folders are what it may have made unusable.
            Err(error @ (TrialError::Io { .. } | TrialError::Downloader(RunError::Io { .. } | RunError::Other(_))))
                if subject::has_folders() =>
            {
                Ok(Some(describe(&error)))
            }
            Err(error) => Err(AuditError::Run(error)),
        }
    }

    /// Finds out the budget, if it was not declared and can be found out: what the first cases play does not depend on it.
    pub(super) fn find_budget(&mut self) {
        if self.budget.is_none() && self.broken.is_none() {
            let mut probes = Self::probes();
            self.perform(probes.iter_mut().collect(), &|_| {});
            self.infer(&probes);
        }
    }

    fn probes() -> Vec<Play> {
        let cases = PROBES.iter().filter_map(|(name, _)| Catalogue::shared().case(name)).cloned().map(Arc::new);
        cases.map(|case| Play { wanted: false, ..Play::new(case, Mode::Always) }).collect()
    }

    /// What these come to is the budget.
    fn infer(&mut self, plays: &[Play]) {
        let body = self.audit.promises.body_retries;
        let probes: Vec<_> = plays.iter().filter_map(Play::probe).collect();
        self.budget = Some(Budget::infer(body, &probes));
    }

    /// Runs the cases that were selected; and before these what the budget is inferred from, if need be.
    pub(super) fn run(&mut self, tell: &Tell<'_>) -> Vec<Record> {
        if let Some(why) = &self.broken {
            tell(Event::DoesNotWork(why));
        }
        let Audit { selection, catalogue, .. } = self.audit;
        let cases = catalogue.cases().cloned().map(Arc::new);
        let every = |case: Arc<Case>| {
            case.modes().iter().map(move |mode| Play::new(Arc::clone(&case), *mode)).collect::<Vec<_>>()
        };
        let mut plays: Vec<_> =
            cases.flat_map(every).filter(|play| selection.includes(&play.case, play.mode)).collect();
        if self.budget.is_none() {
            let is_there = |probe: &Play| plays.iter().any(|play| play.name() == probe.name());
            let more: Vec<_> = Self::probes().into_iter().filter(|probe| !is_there(probe)).collect();
            plays.extend(more);
        }
        tell(Event::Planned(plays.len()));
        if self.budget.is_none() {
            self.perform(plays.iter_mut().filter(|play| play.in_body().is_some()).collect(), tell);
            self.infer(&plays);
        }
        let waiting = plays.iter_mut().filter(|play| matches!(play.came, Came::Nothing)).collect();
        self.perform(waiting, tell);
        let wanted = plays.into_iter().filter(|play| play.wanted);
        let mut records: Vec<_> = wanted.map(|play| self.record(play)).collect();
        judge_pauses(&mut records);
        records
    }

    /// Runs a single case, and judges it.
    pub(super) fn play(&self, case: &Case) -> Record {
        let play = Play::new(Arc::new(case.clone()), Mode::Once);
        let performed = perform(&self.conditions(), &play.case, play.mode, self.least());
        let mut record = self.judge(&play, performed);
        judge_pauses(slice::from_mut(&mut record));
        record
    }

    /// The report on these.
    pub(super) fn report(&self, records: Vec<Record>, took: Duration) -> Report {
        let audit = self.audit;
        Report {
            downloader: audit.line.clone().or_else(|| audit.subject.downloader.shell()),
            client: audit.client.clone(),
            options: audit.options.clone(),
            is_made: audit.is_made,
            broken: self.broken.clone(),
            budget: self.budget.unwrap_or_default(),
            promises: audit.promises.clone(),
            timeout: audit.timeout,
            level: audit.level,
            spent: records.iter().map(Record::spent).fold(Spent::default(), Spent::and),
            records,
            took,
        }
    }

    fn conditions(&self) -> Conditions<'_> {
        let Audit { subject, claims, timeout, .. } = self.audit;
        Conditions { subject, claims, timeout: *timeout, dated: self.dated.as_deref() }
    }

    /// How many broken attempts it gets over, as far as is known.
    fn least(&self) -> u64 {
        self.budget.map_or(0, |budget| budget.least())
    }

    /// Runs these, several at a time: what hangs if something does first, so that the end need not wait for it. Without a
    /// budget they cannot be judged yet.
    fn perform(&self, mut plays: Vec<&mut Play>, tell: &Tell<'_>) {
        plays.sort_by_key(|play| (play.case.group() != "slow", play.mode));
        let jobs = self.audit.jobs.min(plays.len());
        let queue = Mutex::new(VecDeque::from(plays));
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let work = || {
            while let Some(play) = next() {
                let name = play.name();
                tell(Event::Began(&name));
                let performed = perform(&self.conditions(), &play.case, play.mode, self.least());
                play.came = match self.budget {
                    Some(_) => Came::Record(Box::new(self.judge(play, performed))),
                    None => Came::Performed(Box::new(performed)),
                };
                tell(Event::Ended(&name));
            }
        };
        thread::scope(|scope| {
            (0..jobs).for_each(|_| drop(scope.spawn(work)));
        });
    }

    fn judge(&self, play: &Play, performed: Result<Performed, TrialError>) -> Record {
        let (Play { case, mode, .. }, Audit { promises, timeout, .. }) = (play, self.audit);
        let budget = self.budget.unwrap_or_default();
        match performed {
            Ok(performed) => {
                Record::judged(case, Context { case, mode: *mode, promises, budget, timeout: *timeout }, performed)
            }
            // Nobody can say what it makes of a disk that cannot be full.
            Err(error @ TrialError::Downloader(RunError::FileLimit { .. })) => {
                Record::not_met(case, *mode, describe(&error))
            }
            Err(error) => Record::failed(case, *mode, describe(&error)),
        }
    }

    fn record(&self, mut play: Play) -> Record {
        match mem::replace(&mut play.came, Came::Nothing) {
            Came::Nothing => Record::failed(&play.case, play.mode, "it was not run".to_owned()),
            Came::Performed(performed) => self.judge(&play, *performed),
            Came::Record(record) => *record,
        }
    }
}

/// What a downloader came to that does not have the file where nothing goes wrong.
fn why(seen: &Seen, outcome: &Outcome) -> String {
    let mut text = format!("{}; {}", seen.exit, seen.result.says);
    if seen.attempts == 0 {
        text += "\nit asked for nothing: `{url}` in its arguments, or $FLAKY_URL, is what it is to download; it runs in an empty \
                 folder, so a file of its own needs an absolute path";
    }
    let printed = [outcome.stderr().text(), outcome.stdout().text()].concat();
    let lines: Vec<_> = printed.lines().filter(|line| !line.trim().is_empty()).collect();
    for line in &lines[lines.len().saturating_sub(LINES)..] {
        text += &format!("\nit said: {}", line.chars().take(WIDTH).filter(|c| !c.is_control()).collect::<String>());
    }
    text
}

/// A case that is to be played.
struct Play {
    case: Arc<Case>,
    mode: Mode,
    /// It was selected, and does not only serve to find out the budget.
    wanted: bool,
    came: Came,
}

/// What came of it.
enum Came {
    Nothing,
    /// Not judged yet.
    Performed(Box<Result<Performed, TrialError>>),
    Record(Box<Record>),
}

impl Play {
    fn new(case: Arc<Case>, mode: Mode) -> Self {
        Self { case, mode, wanted: true, came: Came::Nothing }
    }

    fn name(&self) -> String {
        self.case.run_name(self.mode)
    }

    /// Whether it breaks in the body, if it serves to find out the budget.
    fn in_body(&self) -> Option<bool> {
        let probe = PROBES.iter().find(|(name, _)| *name == self.case.name())?;
        (self.mode == Mode::Always).then_some(probe.1)
    }

    /// What it tells of the budget, if it serves to find that out.
    fn probe(&self) -> Option<Probe> {
        let Came::Performed(performed) = &self.came else { return None };
        let seen = &performed.as_ref().as_ref().ok()?.seen;
        let (retries, has_ended) = (seen.in_a_row, seen.exit != Exit::TimedOut);
        Some(Probe { retries, has_ended, in_body: self.in_body()? })
    }
}
