//! The journal for people: an aligned table, and a log line for each exchange.

use std::fmt;
use std::time::Duration;

use super::Exchange;

/// The exchanges as an aligned table. What it looks like is not stable.
#[derive(Clone, Debug)]
pub struct Table {
    exchanges: Vec<Exchange>,
    dropped: u64,
}

const COLUMNS: usize = 10;

const HEAD: [&str; COLUMNS] = ["#", "conn", "attempt", "request", "plan", "status", "acked", "end", "gap", "note"];

/// Columns that hold numbers stand to the right.
const RIGHT: [bool; COLUMNS] = [true, true, true, false, false, true, true, false, true, false];

/// A target or a plan is cut to this many characters in a table.
const WIDEST: usize = 60;

impl Table {
    pub(super) fn new(exchanges: Vec<Exchange>, dropped: u64) -> Self {
        Self { exchanges, dropped }
    }
}

impl FromIterator<Exchange> for Table {
    /// The table of these exchanges, in this order.
    fn from_iter<I: IntoIterator<Item = Exchange>>(exchanges: I) -> Self {
        Self::new(exchanges.into_iter().collect(), 0)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rows = vec![HEAD.map(str::to_owned)];
        if self.exchanges.iter().all(|exchange| exchange.note.is_none()) {
            rows[0][COLUMNS - 1].clear();
        }
        rows.extend(self.exchanges.iter().map(row));
        let widths: [usize; COLUMNS] =
            std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
        if self.dropped > 0 {
            writeln!(f, "({} earlier exchanges are not shown)", self.dropped)?;
        }
        for row in rows {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                let width = widths[column];
                if RIGHT[column] {
                    line += &format!("{cell:>width$}  ");
                } else {
                    line += &format!("{cell:<width$}  ");
                }
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

fn row(exchange: &Exchange) -> [String; COLUMNS] {
    [
        exchange.seq.to_string(),
        connection(exchange),
        attempt(exchange),
        cut(&request(exchange)),
        cut(&exchange.plan),
        exchange.status.map_or_else(|| "-".to_owned(), |status| status.to_string()),
        exchange.body_acked.unwrap_or(exchange.body_sent).to_string(),
        ending(exchange),
        exchange.gap.map(short).unwrap_or_default(),
        exchange.note.clone().unwrap_or_default(),
    ]
}

/// One line for one settled exchange. What it looks like is not stable.
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program is the one that logs"))]
pub(crate) fn log_line(exchange: &Exchange) -> String {
    let mut line = format!(
        "{:>9} conn {} {} #{}: {} -> {}, {} of body acknowledged, {}",
        short(exchange.ended_at.unwrap_or(exchange.at)),
        connection(exchange),
        request(exchange),
        attempt(exchange),
        if exchange.plan.is_empty() { "-" } else { &exchange.plan },
        exchange.status.map_or_else(|| "no status".to_owned(), |status| status.to_string()),
        exchange.body_acked.map_or_else(|| format!("{} sent, unknown", exchange.body_sent), |acked| acked.to_string()),
        ending(exchange),
    );
    if let Some(gap) = exchange.gap {
        line += &format!(", {} after the previous attempt", short(gap));
    }
    if let Some(note) = &exchange.note {
        line += &format!(" ({note})");
    }
    line
}

fn request(exchange: &Exchange) -> String {
    match (&exchange.target, &exchange.range) {
        (None, _) => "-".to_owned(),
        (Some(target), None) => target.to_string(),
        (Some(target), Some(range)) => format!("{target} [{range}]"),
    }
}

fn connection(exchange: &Exchange) -> String {
    if exchange.nth > 1 { format!("{}.{}", exchange.conn, exchange.nth) } else { exchange.conn.to_string() }
}

fn attempt(exchange: &Exchange) -> String {
    if exchange.resend { format!("{} (resend)", exchange.attempt) } else { exchange.attempt.to_string() }
}

fn ending(exchange: &Exchange) -> String {
    let mut text = match exchange.end {
        None => "open".to_owned(),
        Some(end) => end.to_string(),
    };
    if !exchange.applied {
        text += ", not applied";
    }
    if exchange.deadline_hit {
        text += ", at the deadline";
    }
    text
}

/// A duration to three digits or so.
fn short(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..1_000 => format!("{ms}ms"),
        ms @ 1_000..100_000 => format!("{:.1}s", ms as f64 / 1_000.0),
        ms => format!("{}s", ms / 1_000),
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(WIDEST - 3).collect();
    cut += "...";
    cut
}
