//! Runs a downloader through one case.

use std::path::Path;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use flaky_server::{FlakyServer, Limits, Rule};

use super::Mode;
use super::case::{Case, Down};
use super::seen::{Second, Seen};
use super::spent::Spent;
use super::subject::Subject;
use crate::trial::{JOURNAL, STOPPING, not_started};
use crate::wire::Pause;
use crate::{ClaimPattern, Exit, Outcome, Trial, TrialError};

/// What a run came to.
#[derive(Debug)]
pub(crate) struct Performed {
    pub(crate) seen: Seen,
    pub(crate) outcome: Outcome,
    /// That of the run against a healthy server, if there was one.
    pub(crate) again: Option<Outcome>,
    /// The first pause of each, where many ran at once.
    pub(crate) crowd: Vec<Pause>,
    pub(crate) spent: Spent,
}

/// What a downloader prints beyond that is not kept: the beginning and the end are.
const OUTPUT: usize = 256 * 1024;

/// Of what is left to chance nothing is in the catalogue; users' cases may have some, and are the same in each audit.
const SEED: u64 = 1;

/// What is the same in each run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions<'a> {
    pub(crate) subject: &'a Subject,
    pub(crate) claims: &'a [ClaimPattern],
    pub(crate) timeout: Duration,
    /// The fixture in a file, if there is a place for it.
    pub(crate) dated: Option<&'a Path>,
}

/// Runs a downloader through a case, and after a failure once more against a healthy server.
pub(crate) fn perform(
    conditions: &Conditions<'_>,
    case: &Case,
    mode: Mode,
    retries: u64,
) -> Result<Performed, TrialError> {
    let file = conditions.subject.file();
    let rules = case.rules(mode, retries, &file).map_err(TrialError::Schedule)?;
    match case.crowd {
        None => once(conditions, case, rules),
        Some(size) => crowd(conditions, case, &rules, size),
    }
}

/// Many at once, each with a server of its own, so that nobody waits for anybody. All but the first one are only asked
/// when they came back.
fn crowd(conditions: &Conditions<'_>, case: &Case, rules: &[Rule], size: u32) -> Result<Performed, TrialError> {
    let run = || once(conditions, case, rules.to_vec());
    let all: Result<Vec<_>, _> = thread::scope(|scope| {
        let threads: Vec<_> = (0..size.max(1)).map(|_| scope.spawn(run)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let all = all?;
    let crowd = all.iter().filter_map(|it| it.outcome.wire().first_pauses().first().copied()).collect();
    let spent = all.iter().map(|it| it.spent).fold(Spent::default(), Spent::and);
    all.into_iter().next().map(|first| Performed { crowd, spent, ..first }).ok_or(TrialError::NotOwn)
}

fn once(conditions: &Conditions<'_>, case: &Case, rules: Vec<Rule>) -> Result<Performed, TrialError> {
    let began = Instant::now();
    let Conditions { subject, claims, timeout, dated } = *conditions;
    let limits = Limits { journal: JOURNAL, ..Limits::default() };
    let builder =
        subject.serve(FlakyServer::builder(), dated).limits(limits).mirror(case.mirror).seed(SEED).rules(rules);
    let server = builder.start().map_err(not_started)?;
    let file = subject.file();
    let trial = || {
        let trial = Trial::new(&server).file(&file).timeout(timeout).output_limit(OUTPUT);
        claims.iter().cloned().fold(trial, Trial::claim)
    };
    let prepared = subject.prepared(case.credentials);
    let run = || match case.disk {
        Some(disk) => trial().file_limit(disk).try_run(&prepared),
        None => trial().try_run(&prepared),
    };
    // When the run is over, the server is up, and nobody waits any longer.
    let outcome = thread::scope(|scope| {
        let (until, is_over) = mpsc::channel::<()>();
        if let Some(down) = case.down {
            let guard = server.down();
            let time = match down {
                Down::For(time) => time,
                Down::Always => Duration::MAX,
            };
            scope.spawn(move || {
                // Nothing is ever sent: the time is up, or the run is over.
                let _ = is_over.recv_timeout(time);
                drop(guard);
            });
        }
        let outcome = run();
        drop(until);
        outcome
    })?;
    let mut seen = Seen::of(case, &outcome, subject.found(&outcome));
    let mut spent = Spent::of(&outcome);
    let mut again = None;
    if !outcome.succeeded() && outcome.exit() != Exit::TimedOut {
        // None can contradict another.
        let _ = server.replace_rules([]);
        let second = trial().after(&outcome).try_run(&prepared.again())?;
        let (exit, result, asked) = (second.exit(), subject.found(&second), second.attempts() > 0);
        spent = spent.and(Spent::of(&second));
        seen.second = Some(Second { exit, result, asked });
        again = Some(second);
    }
    server.stop_within(STOPPING);
    spent.ours = began.elapsed().saturating_sub(spent.total);
    Ok(Performed { seen, outcome, again, crowd: Vec::new(), spent })
}
