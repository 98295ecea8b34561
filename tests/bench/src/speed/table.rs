//! The table that is printed.

use std::fmt::{self, Write as _};

/// What a ratio is to be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    AtLeast(f64),
    AtMost(f64),
    Below(f64),
}

impl Target {
    fn is_met(self, ratio: f64) -> bool {
        match self {
            Self::AtLeast(bound) => ratio >= bound,
            Self::AtMost(bound) => ratio <= bound,
            Self::Below(bound) => ratio < bound,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "at least {bound}"),
            Self::AtMost(bound) => write!(f, "at most {bound}"),
            Self::Below(bound) => write!(f, "below {bound}"),
        }
    }
}

/// How the numbers of a row read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Unit {
    Bytes,
    BytesPerSecond,
    Count,
    PerSecond,
    Seconds,
}

impl Unit {
    fn show(self, value: f64) -> String {
        match self {
            Self::Bytes => format!("{:.1} MB", value / 1e6),
            Self::BytesPerSecond => format!("{:.2} GB/s", value / 1e9),
            Self::Count => format!("{value:.0}"),
            Self::PerSecond => format!("{value:.0}/s"),
            Self::Seconds if value >= 1.0 => format!("{value:.2} s"),
            Self::Seconds if value >= 1e-3 => format!("{:.2} ms", value * 1e3),
            Self::Seconds => format!("{:.1} µs", value * 1e6),
        }
    }
}

/// A row: ours beside a peer's, or something that has to hold.
#[derive(Debug)]
pub(super) struct Row {
    what: String,
    ours: String,
    peer: String,
    ratio: String,
    target: String,
    verdict: &'static str,
}

impl Row {
    /// Two numbers, and what the first divided by the second is to be.
    pub(super) fn ratio(what: &str, unit: Unit, ours: f64, peer: (&str, f64), target: Target) -> Self {
        let ratio = ours / peer.1;
        Self {
            what: what.to_owned(),
            ours: unit.show(ours),
            peer: format!("{}: {}", peer.0, unit.show(peer.1)),
            ratio: format!("{ratio:.2}"),
            target: target.to_string(),
            verdict: if target.is_met(ratio) { "pass" } else { "short" },
        }
    }

    /// Something that has to hold.
    pub(super) fn check(what: &str, ours: impl Into<String>, target: &str, holds: bool) -> Self {
        Self {
            what: what.to_owned(),
            ours: ours.into(),
            peer: String::new(),
            ratio: String::new(),
            target: target.to_owned(),
            verdict: if holds { "pass" } else { "short" },
        }
    }

    /// Something that is good to know.
    pub(super) fn told(what: &str, ours: String, peer: String) -> Self {
        let what = what.to_owned();
        Self { what, ours, peer, ratio: String::new(), target: String::new(), verdict: "-" }
    }

    /// Nothing to compare with.
    pub(super) fn missing(what: &str, unit: Unit, ours: f64, peer: &str, reason: &str, target: Target) -> Self {
        Self {
            what: what.to_owned(),
            ours: unit.show(ours),
            peer: format!("{peer} is missing: {reason}"),
            ratio: String::new(),
            target: target.to_string(),
            verdict: "-",
        }
    }

    /// A row that could not be measured.
    pub(super) fn failed(what: impl fmt::Debug, error: &anyhow::Error) -> Self {
        Self {
            what: format!("{what:?}"),
            ours: format!("not measured: {error:#}"),
            peer: String::new(),
            ratio: String::new(),
            target: String::new(),
            verdict: "short",
        }
    }

    /// The row on one line.
    pub(super) fn line(&self) -> String {
        self.cells().join(" | ")
    }

    fn cells(&self) -> [&str; 6] {
        [&self.what, &self.ours, &self.peer, &self.ratio, &self.target, self.verdict]
    }
}

#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

const HEAD: [&str; 6] = ["what", "ours", "peer", "ratio", "to reach", ""];

impl Table {
    pub(super) fn add(&mut self, rows: Vec<Row>) {
        self.rows.extend(rows);
    }

    pub(super) fn print(&self, markdown: bool) {
        print!("{}", if markdown { self.markdown() } else { self.aligned() });
    }

    fn markdown(&self) -> String {
        let mut text = format!("| {} |\n|{}\n", HEAD.join(" | ").trim_end(), "---|".repeat(HEAD.len()));
        for row in &self.rows {
            // A bar would begin another cell.
            let _ = writeln!(text, "| {} |", row.cells().map(|cell| cell.replace('|', "\\|")).join(" | "));
        }
        text
    }

    fn aligned(&self) -> String {
        let lines: Vec<_> = std::iter::once(HEAD).chain(self.rows.iter().map(Row::cells)).collect();
        let widths = [0, 1, 2, 3, 4].map(|i| lines.iter().map(|line| line[i].chars().count()).max().unwrap_or(0));
        let mut text = String::new();
        for line in &lines {
            for (cell, width) in line.iter().zip(widths) {
                let _ = write!(text, "{cell:width$}  ");
            }
            let _ = writeln!(text, "{}", line[5]);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::{Row, Table, Target, Unit};

    #[test]
    fn rows_say_whether_they_reach_their_targets() {
        let rows = vec![
            Row::ratio("rate", Unit::PerSecond, 13.0, ("other", 10.0), Target::AtLeast(1.3)),
            Row::ratio("rate", Unit::PerSecond, 12.9, ("other", 10.0), Target::AtLeast(1.3)),
            Row::ratio("time", Unit::Seconds, 0.002, ("other", 0.01), Target::AtMost(0.2)),
            Row::ratio("crates", Unit::Count, 10.0, ("other", 10.0), Target::Below(1.0)),
        ];
        assert_eq!(rows.iter().map(|row| row.verdict).collect::<Vec<_>>(), ["pass", "short", "pass", "short"]);
        let table = Table { rows };
        assert!(table.markdown().contains("| time | 2.00 ms | other: 10.00 ms | 0.20 | at most 0.2 | pass |"));
        assert_eq!(table.aligned().lines().count(), 5);
    }
}
