//! The smallest schedule that is too much for a downloader.

mod draft;
mod random;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use self::draft::Draft;
use super::audit::Session;
use super::{Audit, AuditError, Case, Level, Record, Report, Verdict};

/// A search for the smallest schedule that is too much for a downloader: random ones until one is, and then what is smaller
/// than that, as long as it is still too much.
///
/// # Examples
///
/// ```no_run
/// use flaky_harness::Command;
/// use flaky_harness::audit::{Audit, Verdict};
///
/// let get = Command::new("get").args(["{url}", "{out}"]);
/// let found = Audit::of(get).retries(3).shrink(7).verdict(Verdict::Corrupted).run()?;
/// if let Some(smallest) = &found.smallest {
///     println!("{}", smallest.account());
/// }
/// # Ok::<(), flaky_harness::audit::AuditError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use = "a search does nothing until it is run"]
pub struct Shrink {
    audit: Audit,
    seed: u64,
    verdicts: Vec<Verdict>,
    max_runs: u64,
    deadline: Duration,
}

/// What a search came to.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Shrunk {
    /// Why the downloader does not have the file where nothing goes wrong, if it has not: then nothing is played.
    pub broken: Option<String>,
    /// What was too much at first, if anything was.
    pub first: Option<Record>,
    /// The smallest that is still too much, if anything was. It is the first one if nothing smaller will do.
    pub smallest: Option<Record>,
    /// Whether everything that is a little smaller was tried.
    pub is_minimal: bool,
    /// How many runs there were.
    pub runs: u64,
    /// The report of the run with the smallest one, with its line that plays it again.
    pub report: Option<Report>,
}

/// What a search has to tell while it goes on.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Searching<'a> {
    /// This script is played.
    Plays(&'a str),
    /// And it was too much.
    TooMuch(&'a str, Verdict),
}

impl Audit {
    /// A search for the smallest schedule that is too much for this downloader, with this seed.
    pub fn shrink(self, seed: u64) -> Shrink {
        Shrink { audit: self, seed, verdicts: Vec::new(), max_runs: 500, deadline: Duration::from_secs(300) }
    }
}

impl Shrink {
    /// Only this verdict is too much. May be called several times. Defaults to all that break a MUST or a SHOULD, and
    /// [`Verdict::Exceeded`].
    pub fn verdict(mut self, verdict: Verdict) -> Self {
        self.verdicts.push(verdict);
        self
    }

    /// At most this many runs in all. Defaults to 500.
    pub fn max_runs(mut self, runs: u64) -> Self {
        self.max_runs = runs;
        self
    }

    /// No run begins after this time. Defaults to five minutes.
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = time;
        self
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// If the downloader cannot be run at all.
    pub fn run(self) -> Result<Shrunk, AuditError> {
        self.run_with(&mut |_| {})
    }

    /// Runs it, and tells how it goes on.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run).
    pub fn run_with(self, tell: &mut dyn FnMut(Searching<'_>)) -> Result<Shrunk, AuditError> {
        let session = self.audit.session()?;
        let nothing = Shrunk { broken: None, first: None, smallest: None, is_minimal: false, runs: 0, report: None };
        if let Some(why) = session.broken() {
            return Ok(Shrunk { broken: Some(why.to_owned()), ..nothing });
        }
        let mut search = Search { shrink: &self, session: &session, began: Instant::now(), runs: 0, tell };
        let Some((mut draft, first, verdict)) = search.first() else {
            return Ok(Shrunk { runs: search.runs, ..nothing });
        };
        let (mut smallest, mut tried) = (first.clone(), HashSet::new());
        let is_minimal = 'smaller: loop {
            for candidate in draft.smaller() {
                if !tried.insert(candidate.clone()) {
                    continue;
                }
                if search.is_over() {
                    break 'smaller false;
                }
                // What cannot be played is not smaller.
                let Some(record) = search.play(&candidate) else { continue };
                if record.findings().iter().any(|finding| finding.verdict == verdict) {
                    (search.tell)(Searching::TooMuch(&candidate.to_string(), verdict));
                    (draft, smallest) = (candidate, record);
                    continue 'smaller;
                }
            }
            break true;
        };
        let runs = search.runs;
        let report = session.report(vec![smallest.clone()], search.began.elapsed());
        Ok(Shrunk { first: Some(first), smallest: Some(smallest), is_minimal, runs, report: Some(report), ..nothing })
    }
}

struct Search<'a> {
    shrink: &'a Shrink,
    session: &'a Session<'a>,
    began: Instant,
    runs: u64,
    tell: &'a mut dyn FnMut(Searching<'_>),
}

impl Search<'_> {
    fn is_over(&self) -> bool {
        self.runs >= self.shrink.max_runs || self.began.elapsed() >= self.shrink.deadline
    }

    /// Something that is too much.
    fn first(&mut self) -> Option<(Draft, Record, Verdict)> {
        for number in 0.. {
            if self.is_over() {
                break;
            }
            let draft = random::draft(self.shrink.seed, number, self.shrink.audit.promises.verifies);
            let Some(record) = self.play(&draft) else { continue };
            let verdict =
                record.findings().iter().find(|it| self.is_too_much(it.verdict, it.level)).map(|it| it.verdict);
            if let Some(verdict) = verdict {
                (self.tell)(Searching::TooMuch(&draft.to_string(), verdict));
                return Some((draft, record, verdict));
            }
        }
        None
    }

    fn is_too_much(&self, verdict: Verdict, level: Level) -> bool {
        if self.shrink.verdicts.is_empty() {
            level >= Level::Should || verdict == Verdict::Exceeded
        } else {
            self.shrink.verdicts.contains(&verdict)
        }
    }

    fn play(&mut self, draft: &Draft) -> Option<Record> {
        let script = draft.to_string();
        let case = Case::scripted(&script).ok()?;
        (self.tell)(Searching::Plays(&script));
        self.runs += 1;
        let record = self.session.play(&case);
        record.error().is_none().then_some(record)
    }
}
