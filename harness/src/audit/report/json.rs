//! A report for other programs.

use serde_json::{Value, json};

use super::Report;
use crate::audit::{Finding, Record, Spent};

impl Report {
    /// The report in JSON; [the page on cases](crate::docs::cases#a-report-in-json) has its keys. Keys may be added, never
    /// changed.
    pub fn json(&self) -> String {
        let client = self.client.as_ref().map(|(name, version)| json!({ "name": name, "version": version }));
        let value = json!({
            "v": 1,
            "downloader": self.downloader(),
            "client": client,
            "works": self.works(),
            "broken": self.broken,
            "budget": {
                "retries": self.budget.retries(),
                "body_retries": self.budget.body_retries(),
                "inferred": self.budget.is_inferred(),
                "open": self.budget.is_open(),
            },
            "promises": {
                "statuses": self.promises.statuses,
                "resumes": self.promises.resumes,
                "verifies": self.promises.verifies,
                "aborts_slow": self.promises.aborts_slow,
            },
            "timeout_s": self.timeout.as_secs_f64(),
            "level": self.level.to_string(),
            "holds": self.holds(),
            "runs": self.records.iter().map(|record| self.run(record)).collect::<Vec<_>>(),
            "took_s": self.took.as_secs_f64(),
            "spent": spent(self.spent),
        });
        // Keys that are text, and numbers: this is always JSON.
        serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
    }

    fn run(&self, record: &Record) -> Value {
        json!({
            "case": record.case().name(),
            "group": record.case().group(),
            "number": record.case().number(),
            "title": record.case().title(),
            "level": record.case().level().to_string(),
            "mode": record.mode().name(),
            "verdict": record.verdict().map(|verdict| verdict.name()),
            "findings": record.findings().iter().map(finding).collect::<Vec<_>>(),
            "error": record.error(),
            "attempts": record.attempts(),
            "exit": record.exit(),
            "spent": spent(record.spent()),
            "replay": self.replay(record),
        })
    }
}

fn finding(finding: &Finding) -> Value {
    json!({ "verdict": finding.verdict.name(), "level": finding.level.to_string(), "says": finding.says })
}

fn spent(spent: Spent) -> Value {
    json!({
        "total_s": spent.total.as_secs_f64(),
        "attempts_s": spent.attempts.as_secs_f64(),
        "between_s": spent.between.as_secs_f64(),
        "ours_s": spent.ours.as_secs_f64(),
    })
}
