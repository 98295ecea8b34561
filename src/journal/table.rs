//! The journal for people: an aligned table.

use std::fmt;

use super::Exchange;
use super::words::{attempt, connection, ending, request, short};

/// The exchanges as an aligned table; with their ports, if they came to several. What it looks like is not stable.
#[derive(Clone, Debug)]
pub struct Table {
    exchanges: Vec<Exchange>,
    dropped: u64,
}

const COLUMNS: usize = 11;

const HEAD: [&str; COLUMNS] =
    ["#", "conn", "port", "attempt", "request", "plan", "status", "acked", "end", "gap", "note"];

/// Columns that hold numbers stand to the right.
const RIGHT: [bool; COLUMNS] = [true, true, true, true, false, false, true, true, false, true, false];

/// The column that is there only if it says something: a server with a mirror has two ports.
const PORT: usize = 2;

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
        let mut ports = self.exchanges.iter().map(|exchange| exchange.port);
        let first = ports.next();
        let has_ports = ports.any(|port| Some(port) != first);
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
            for (column, cell) in row.iter().enumerate().filter(|(column, _)| has_ports || *column != PORT) {
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
        exchange.port.to_string(),
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

fn cut(text: &str) -> String {
    if text.chars().count() <= WIDEST {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(WIDEST - 3).collect();
    cut += "...";
    cut
}
