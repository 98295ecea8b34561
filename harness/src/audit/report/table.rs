//! A report for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use flaky_server::units::display_duration;

use super::Report;
use crate::audit::{Finding, Level, Mode, Record, Spent, Verdict};
use crate::claim::Count;

/// How verdicts are coloured; each has its name as well.
#[derive(Clone, Copy, Debug)]
pub struct Paint {
    paint: fn(Verdict, &str) -> String,
}

impl Paint {
    /// Not at all.
    pub fn plain() -> Self {
        Self { paint: |_, text| text.to_owned() }
    }

    /// By this function.
    pub fn with(paint: fn(Verdict, &str) -> String) -> Self {
        Self { paint }
    }
}

/// Findings of one kind are listed up to this number; the others are named.
const LISTED: usize = 4;

/// The width of a verdict.
const WIDTH: usize = 21;

impl Report {
    /// The whole report, as a table and a list of findings.
    pub fn table(&self, paint: &Paint) -> String {
        let mut text = self.head();
        text.push('\n');
        self.rows(&mut text, paint);
        self.list(&mut text, paint);
        self.tail(&mut text);
        text
    }

    /// What was audited, and by what it was measured.
    fn head(&self) -> String {
        let mut text = String::new();
        if let Some((name, version)) = &self.client {
            let _ = writeln!(text, "{}", format!("{name} {version}").trim_end());
        }
        let _ = writeln!(text, "{}", self.downloader());
        let _ = writeln!(text, "{}", self.measures());
        if let Some(why) = &self.broken {
            let why = crate::report::indented(why);
            let _ = write!(
                text,
                "It does not have the file where nothing goes wrong, so all that follows says little:\n{why}"
            );
        }
        text
    }

    /// What it is held to: its budget, its promises, its limit in time.
    pub fn measures(&self) -> String {
        let budget = self.budget;
        let how = match (budget.is_inferred(), budget.is_open()) {
            (false, _) => "declared",
            (true, false) => "inferred: declare it with --retries",
            (true, true) => "this is all that was seen, and there may be more: declare it with --retries",
        };
        let mut text = format!("budget: {} ({how})", Count::Retries(budget.retries()));
        if let Some(body) = budget.body_retries() {
            let _ = write!(text, ", and {body} for bodies that break");
        }
        if let Some(statuses) = &self.promises.statuses {
            let statuses: Vec<_> = statuses.iter().map(ToString::to_string).collect();
            let _ = write!(text, "; asks again after {}", statuses.join(", "));
        }
        let promises = [
            (self.promises.resumes, "resumes"),
            (self.promises.verifies, "verifies"),
            (self.promises.aborts_slow, "aborts what is too slow"),
        ];
        for (_, promise) in promises.iter().filter(|(set, _)| *set) {
            let _ = write!(text, "; {promise}");
        }
        let _ = write!(text, "; time limit {}", display_duration(self.timeout));
        text
    }

    /// A row for each case.
    fn rows(&self, text: &mut String, paint: &Paint) {
        let width = self.records.iter().map(|record| 2 + record.case().name().len()).max().unwrap_or_default();
        let mut group = "";
        for row in self.by_case() {
            let Some(case) = row.first().map(|record| record.case()) else { continue };
            if case.group() != group {
                group = case.group();
                let _ = writeln!(text, "{:<width$}  level     {:<WIDTH$}then good, or once", group, "always");
            }
            let cell = |modes: &[Mode]| row.iter().find(|record| modes.contains(&record.mode()));
            let shown = |record: Option<&&Record>| match record {
                None => String::new(),
                Some(record) => record.verdict().map_or_else(|| "! AUDIT FAILED".to_owned(), mark),
            };
            let painted = |record: Option<&&Record>, width: usize| {
                let text = format!("{:<width$}", shown(record));
                record
                    .and_then(|record| record.verdict())
                    .map_or_else(|| text.clone(), |verdict| (paint.paint)(verdict, &text))
            };
            let (always, then_good) = (cell(&[Mode::Always]), cell(&[Mode::Once, Mode::ThenGood]));
            let line = format!(
                "  {:<width$}  {:<6}  {}{}",
                case.name(),
                case.level(),
                painted(always, WIDTH),
                painted(then_good, 0),
                width = width - 2
            );
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }

    /// The records, those of each case together.
    pub(super) fn by_case(&self) -> Vec<Vec<&Record>> {
        let mut rows: Vec<Vec<&Record>> = Vec::new();
        for record in &self.records {
            match rows.last_mut().filter(|row| row[0].case().name() == record.case().name()) {
                Some(row) => row.push(record),
                None => rows.push(vec![record]),
            }
        }
        rows
    }

    /// The findings, those of each kind together.
    pub(super) fn by_verdict(&self) -> BTreeMap<Verdict, Vec<(&Record, &Finding)>> {
        let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (record, finding) in self.findings() {
            kinds.entry(finding.verdict).or_default().push((record, finding));
        }
        kinds
    }

    fn list(&self, text: &mut String, paint: &Paint) {
        for (verdict, mut findings) in self.by_verdict() {
            findings.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.level));
            let name = (paint.paint)(verdict, &verdict.to_string());
            let _ = writeln!(text, "\n{name}: it {} ({})", verdict.meaning(), times(findings.len()));
            // Of each case one run will do.
            let (mut listed, mut others): (Vec<(&Record, &Finding)>, Vec<String>) = (Vec::new(), Vec::new());
            for (record, finding) in findings {
                let is_new = listed.iter().all(|(listed, _)| listed.case().name() != record.case().name());
                if listed.len() < LISTED && is_new {
                    listed.push((record, finding));
                } else {
                    others.push(record.name());
                }
            }
            for (record, finding) in listed {
                let _ = writeln!(text, "  {:<6}  {}: {}", finding.level, record.name(), record.case().title());
                let _ = writeln!(text, "          {}", finding.says);
                if let Some(good) = record.case().good_in_short() {
                    let _ = writeln!(text, "          (a good downloader: {good})");
                }
                let _ = writeln!(text, "          {}", self.replay(record));
            }
            if !others.is_empty() {
                let _ = writeln!(text, "  and, with --cases NAME in that line, in {}", others.join(", "));
            }
        }
        for record in self.failures() {
            let error = record.error().unwrap_or_default().replace('\n', "\n  ");
            let _ = writeln!(text, "\nthe audit itself has failed in {}\n  {error}", record.name());
        }
    }

    fn tail(&self, text: &mut String) {
        let found = self.findings().count();
        let failed = match self.failures().count() {
            0 => String::new(),
            n => format!("; the audit has failed in {}", of(n, "run")),
        };
        let at_level = self.findings().filter(|(_, finding)| finding.level >= self.level).count();
        let _ = write!(text, "\n{} in {:.1}s: ", of(self.records.len(), "run"), self.took.as_secs_f64());
        let _ = match (found, at_level) {
            (0, _) if failed.is_empty() && self.works() => writeln!(text, "all hold"),
            (0, _) if !self.works() => writeln!(text, "what does not work is not judged{failed}"),
            (0, _) => writeln!(text, "nothing was found{failed}"),
            (all, some) if all == some => writeln!(text, "{}{failed}", of(all, "finding")),
            (all, some) if self.level == Level::Must => {
                writeln!(text, "{}, {some} of them {}{failed}", of(all, "finding"), self.level)
            }
            (all, some) => writeln!(text, "{}, {some} of them {} or above{failed}", of(all, "finding"), self.level),
        };
        let _ = writeln!(text, "{}", split(self.spent));
    }
}

/// A verdict as it stands in a cell: what is held against the downloader shows without colours, too.
pub(super) fn mark(verdict: Verdict) -> String {
    if verdict.is_finding() { format!("! {verdict}") } else { format!("  {verdict}") }
}

/// So many of these.
pub(super) fn of(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}

fn times(n: usize) -> String {
    if n == 1 { "once".to_owned() } else { format!("{n} times") }
}

/// What the time went to.
pub(super) fn split(spent: Spent) -> String {
    let seconds = |time: std::time::Duration| format!("{:.1}s", time.as_secs_f64());
    format!(
        "the downloader's time, all runs added up: {} in attempts, {} between them, {} before, after and in itself; the audit's own: {}",
        seconds(spent.attempts),
        seconds(spent.between),
        seconds(spent.rest()),
        seconds(spent.ours),
    )
}
