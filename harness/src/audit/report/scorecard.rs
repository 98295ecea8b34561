//! Several reports in one table.

use std::fmt::Write as _;

use super::Report;
use crate::audit::{Mode, Record, Verdict};

/// Several reports in one table of Markdown: a column for each client, a row for each run.
///
/// # Examples
///
/// ```no_run
/// use flaky_harness::audit::{Client, scorecard};
///
/// let reports = [Client::find("curl")?.audit().run()?, Client::find("wget")?.audit().run()?];
/// println!("{}", scorecard(&reports));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scorecard(reports: &[Report]) -> String {
    let mut text = String::from("| case | level |");
    for report in reports {
        let (name, version) = report.client.clone().unwrap_or_else(|| (report.downloader().to_owned(), String::new()));
        let _ = write!(text, " {name} {version} |");
    }
    text.push_str("\n|---|---|");
    text.push_str(&"---|".repeat(reports.len()));
    text.push('\n');
    let Some(first) = reports.first() else { return text };
    let mut group = "";
    for record in &first.records {
        if record.case().group() != group {
            group = record.case().group();
            let _ = writeln!(text, "| *{group}* | |{}", " |".repeat(reports.len()));
        }
        let _ = write!(text, "| `{}` | {} |", row_name(record), record.case().level());
        for report in reports {
            let cell = report.records.iter().find(|it| it.name() == record.name()).map_or_else(String::new, cell);
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    let _ = write!(text, "| findings | |");
    for report in reports {
        let _ = write!(text, " {} |", report.findings().count());
    }
    text.push('\n');
    text
}

/// A case that is played once has one row.
fn row_name(record: &Record) -> String {
    if record.mode() == Mode::Once { record.case().name().to_owned() } else { record.name() }
}

/// All that is held against a client in this run, in bold; otherwise how well it did.
fn cell(record: &Record) -> String {
    let mut verdicts: Vec<Verdict> = record.findings().iter().map(|finding| finding.verdict).collect();
    verdicts.dedup();
    match (verdicts.is_empty(), record.verdict()) {
        (true, Some(verdict)) => verdict.to_string(),
        (true, None) => "**audit failed**".to_owned(),
        (false, _) => verdicts.iter().map(|verdict| verdict.marked()).collect::<Vec<_>>().join(", "),
    }
}
