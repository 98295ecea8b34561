//! A report as a page.

use std::fmt::Write as _;

use super::Report;
use super::table::{of, split};
use crate::audit::{Mode, Record, Verdict};

impl Report {
    /// The report in Markdown: a table of the cases, and the findings with the lines that play them again.
    pub fn markdown(&self) -> String {
        let mut text = match &self.client {
            Some((name, version)) => format!("# {}\n\n", format!("{name} {version}").trim_end()),
            None => "# Audit\n\n".to_owned(),
        };
        let fence = "`".repeat(4.max(longest_run(self.downloader(), '`') + 1));
        let _ = writeln!(text, "{fence}sh\n{}\n{fence}\n\n{}.\n", self.downloader(), self.measures());
        if let Some(why) = &self.broken {
            let why = escaped(why);
            let _ = writeln!(
                text,
                "**It does not have the file where nothing goes wrong, so all that follows says little**: {why}\n"
            );
        }
        text.push_str("| case | level | always | then good |\n|---|---|---|---|\n");
        for row in self.by_case() {
            let Some(case) = row.first().map(|record| record.case()) else { continue };
            let cell = |modes: &[Mode]| {
                row.iter().find(|record| modes.contains(&record.mode())).map_or_else(String::new, |it| verdict(it))
            };
            let (always, then_good) = (cell(&[Mode::Always]), cell(&[Mode::Once, Mode::ThenGood]));
            let _ = writeln!(text, "| `{}` | {} | {always} | {then_good} |", case.name(), case.level());
        }
        for (verdict, findings) in self.by_verdict() {
            let _ = writeln!(text, "\n## {verdict}\n\nIt {}.\n", verdict.meaning());
            for (record, finding) in findings {
                let _ = writeln!(text, "- {} `{}`: {}.", finding.level, record.name(), escaped(&finding.says));
                let replay = self.replay(record);
                if replay.contains('\n') {
                    // Indented as the item is, but for what the shell would take for its own.
                    let fence = "`".repeat(3.max(longest_run(&replay, '`') + 1));
                    let _ = writeln!(text, "\n{fence}sh\n{replay}\n{fence}\n");
                } else {
                    let fence = "`".repeat(longest_run(&replay, '`') + 1);
                    let _ = writeln!(text, "  {fence}{replay}{fence}");
                }
            }
        }
        if self.failures().next().is_some() {
            text.push_str("\n## The audit itself has failed\n\n");
        }
        for record in self.failures() {
            let _ = writeln!(text, "- `{}`: {}", record.name(), escaped(record.error().unwrap_or_default()));
        }
        let _ = writeln!(
            text,
            "\n{} in {:.1} s; {}.",
            of(self.records.len(), "run"),
            self.took.as_secs_f64(),
            split(self.spent)
        );
        text
    }
}

/// A verdict as it stands in a table: what is held against the downloader in bold.
fn verdict(record: &Record) -> String {
    record.verdict().map_or_else(|| "**audit failed**".to_owned(), Verdict::marked)
}

/// How often a letter stands behind itself, at most: what quotes it has to be longer.
fn longest_run(text: &str, letter: char) -> usize {
    text.split(|c| c != letter).map(str::len).max().unwrap_or_default()
}

/// What would be markup otherwise.
fn escaped(text: &str) -> String {
    text.replace(['\n', '|'], " ").replace('*', "\\*").replace('<', "\\<")
}
