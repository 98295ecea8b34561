//! What is known of one run of an audit.

use std::sync::Arc;

use super::finding::Judgement;
use super::judge::{Context, judge, lockstep, no_backoff};
use super::perform::Performed;
use super::{Case, Finding, Mode, Spent, Verdict};
use crate::report;
use crate::wire::Wait;

/// What is known of one run of an audit: of one case, played in one way.
#[derive(Clone, Debug)]
pub struct Record {
    case: Arc<Case>,
    mode: Mode,
    judged: Result<Judged, String>,
}

/// What was seen of it, and what is to be thought of that.
#[derive(Clone, Debug)]
struct Judged {
    judgement: Judgement,
    waits: Vec<Wait>,
    attempts: u64,
    exit: String,
    spent: Spent,
    report: String,
}

impl Record {
    pub(super) fn judged(case: &Arc<Case>, context: Context<'_>, performed: Performed) -> Self {
        let Performed { seen, outcome, again, crowd, spent } = performed;
        let mut judgement = judge(context, &seen);
        if let Some(finding) = lockstep(&crowd) {
            judgement.add(finding);
        }
        let says: String = judgement.findings.iter().map(|finding| finding.says.as_str()).collect();
        let mut report = report::account(&outcome, String::new(), &says, &seen.result.says);
        let is_poisoned = judgement.findings.iter().any(|finding| finding.verdict == Verdict::Poisoned);
        if let (true, Some(again), Some(second)) = (is_poisoned, &again, &seen.second) {
            let account = report::account(again, String::new(), "", &second.result.says);
            report += &format!("\na second run, with nothing wrong\n{}", report::indented(&account));
        }
        let judged = Judged {
            // What was set aside is not judged by its pauses either.
            waits: if judgement.otherwise == Verdict::NotMet { Vec::new() } else { seen.waits },
            judgement,
            attempts: seen.attempts,
            exit: outcome.exit().to_string(),
            spent,
            report,
        };
        Self { case: Arc::clone(case), mode: context.mode, judged: Ok(judged) }
    }

    /// It cannot happen to this downloader, for that reason.
    pub(super) fn not_met(case: &Arc<Case>, mode: Mode, why: String) -> Self {
        let judged = Judged {
            judgement: Judgement { otherwise: Verdict::NotMet, findings: Vec::new() },
            waits: Vec::new(),
            attempts: 0,
            exit: String::new(),
            spent: Spent::default(),
            report: why,
        };
        Self { case: Arc::clone(case), mode, judged: Ok(judged) }
    }

    pub(super) fn failed(case: &Arc<Case>, mode: Mode, error: String) -> Self {
        Self { case: Arc::clone(case), mode, judged: Err(error) }
    }

    /// The case.
    pub fn case(&self) -> &Case {
        &self.case
    }

    /// How it was played.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// What to call this run: `reset-mid-body:then-good`.
    pub fn name(&self) -> String {
        self.case.run_name(self.mode)
    }

    /// What is said of it: the worst of what is held against the downloader, or how well it did. `None` if the audit itself
    /// has failed here.
    pub fn verdict(&self) -> Option<Verdict> {
        self.judged.as_ref().ok().map(|judged| judged.judgement.verdict())
    }

    /// What is held against the downloader, the worst first.
    pub fn findings(&self) -> &[Finding] {
        self.judged.as_ref().map_or(&[], |judged| &judged.judgement.findings)
    }

    /// Why the audit could not run it, if it could not.
    pub fn error(&self) -> Option<&str> {
        self.judged.as_ref().err().map(String::as_str)
    }

    /// How many attempts the wire saw.
    pub fn attempts(&self) -> u64 {
        self.judged.as_ref().map_or(0, |judged| judged.attempts)
    }

    /// How the downloader ended.
    pub fn exit(&self) -> &str {
        self.judged.as_ref().map_or("", |judged| &judged.exit)
    }

    /// What the time went to.
    pub fn spent(&self) -> Spent {
        self.judged.as_ref().map(|judged| judged.spent).unwrap_or_default()
    }

    /// All that is known of it: the schedule, the table of exchanges, these over time, what the downloader said.
    pub fn account(&self) -> String {
        let Ok(judged) = &self.judged else { return self.error().unwrap_or_default().to_owned() };
        let found = judged.judgement.findings.iter().map(|it| format!("{}: {}", it.verdict, it.says));
        let mut did: Vec<_> = found.collect();
        if did.is_empty() {
            let verdict = judged.judgement.verdict();
            did.push(format!("{verdict}: it {}", verdict.meaning()));
        }
        let did = did.join("\n              ");
        format!("what happens  {}\nwhat it did   {did}\n{}", self.case.title(), judged.report)
    }
}

/// Judges the pauses, of all runs together.
pub(super) fn judge_pauses(records: &mut [Record]) {
    let mut all: Vec<_> = records.iter_mut().filter_map(|it| it.judged.as_mut().ok()).collect();
    let waits: Vec<_> = all.iter().map(|judged| judged.waits.as_slice()).collect();
    let findings = no_backoff(&waits);
    for (judged, finding) in all.iter_mut().zip(findings) {
        finding.into_iter().for_each(|finding| judged.judgement.add(finding));
    }
}
