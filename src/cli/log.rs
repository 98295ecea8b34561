//! The log: a line for each exchange, as it is settled.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anstyle::{AnsiColor, Style};

use super::report::{self, say};
use crate::journal::{self, Availability, Observer, Record};
use crate::{End, Exchange};

/// What stands above the first line.
const HEAD: &str = "   time   conn  status         body  end         request";

/// The log of exchanges.
pub(super) struct Log {
    layout: Layout,
    dropped: Arc<AtomicU64>,
}

/// What a line of the log looks like. It is not stable, but for JSON.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Layout {
    /// The lines of the journal.
    Json,
    /// Columns.
    Plain,
    /// Columns, in colour.
    Coloured,
}

impl Layout {
    /// Columns: in colour on a terminal, unless the environment says otherwise (`NO_COLOR`, `CLICOLOR`,
    /// `CLICOLOR_FORCE`, `TERM=dumb`).
    pub(super) fn of_stderr() -> Self {
        match anstream::AutoStream::choice(&io::stderr()) {
            anstream::ColorChoice::Never => Self::Plain,
            _ => Self::Coloured,
        }
    }
}

impl Log {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, dropped: Arc::default() }
    }

    /// Logs each settled exchange, and in JSON each connection too.
    pub(super) fn observer(&self) -> Observer {
        let (layout, dropped) = (self.layout, Arc::clone(&self.dropped));
        Box::new(move |record| {
            let line = match (record, layout) {
                (Record::Availability(availability), Layout::Json) => availability.to_json(),
                (Record::Availability(availability), layout) => gate(availability, layout == Layout::Coloured),
                (Record::Connection(connection), Layout::Json) => connection.to_json(),
                (Record::Connection(_), _) => return,
                (Record::Exchange(exchange), Layout::Json) => exchange.to_json(),
                (Record::Exchange(exchange), layout) => columns(exchange, layout == Layout::Coloured),
            };
            if !report::push(&line) {
                dropped.fetch_add(1, Ordering::Relaxed);
            }
        })
    }

    /// Says what the columns are.
    pub(super) fn begin(&self) {
        match self.layout {
            Layout::Json => {}
            Layout::Plain => say(HEAD),
            Layout::Coloured => say(paint(Style::new().dimmed(), HEAD)),
        }
    }

    /// Says whether the log is whole.
    pub(super) fn finish(self) {
        let dropped = self.dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            say(format_args!("({dropped} lines were dropped: nobody read them)"));
        }
    }
}

/// One line for a server that went down or came up again, below the columns.
fn gate(availability: Availability, coloured: bool) -> String {
    let (text, colour) = match availability.is_up {
        true => ("up: connections are accepted", AnsiColor::Green),
        false => ("down: connections are refused", AnsiColor::Red),
    };
    let time = format!("{:>7}", journal::short(availability.at));
    let text = format!("{:28}{text}", "");
    if coloured { paint(Style::new().dimmed(), &time) + &paint(colour.on_default(), &text) } else { time + &text }
}

/// One line for one settled exchange: what has a width of its own first.
fn columns(exchange: &Exchange, coloured: bool) -> String {
    let with = |style: Style, text: &str| if coloured { paint(style, text) } else { text.to_owned() };
    let dim = Style::new().dimmed();
    let time = format!("{:>7}", journal::short(exchange.ended_at.unwrap_or(exchange.at)));
    let conn = format!("{:>5}", journal::connection(exchange));
    let status = exchange.status.map_or_else(|| "-".to_owned(), |status| status.to_string());
    let body = exchange.body_acked.map_or_else(|| format!("{}?", exchange.body_sent), |acked| acked.to_string());
    let end = exchange.end.map_or("open", End::as_str);
    let mut line = format!(
        "{}  {}  {}  {body:>11}  {}  {}",
        with(dim, &time),
        with(dim, &conn),
        with(status_style(exchange.status), &format!("{status:>6}")),
        with(end_style(exchange.end), &format!("{end:<10}")),
        journal::request(exchange),
    );
    line += &with(dim, &format!(" #{}", journal::attempt(exchange)));
    // What goes wrong is worth a colour, what goes well is not worth a word.
    if exchange.plan != "ok" && !exchange.plan.is_empty() {
        line += &format!("  {}", with(AnsiColor::Magenta.on_default(), &exchange.plan));
    }
    let mut remarks = Vec::new();
    if !exchange.applied {
        remarks.push("not applied".to_owned());
    }
    if exchange.deadline_hit {
        remarks.push("at the deadline".to_owned());
    }
    if let Some(gap) = exchange.gap {
        remarks.push(format!("{} after the previous attempt", journal::short(gap)));
    }
    remarks.extend(exchange.note.clone());
    if !remarks.is_empty() {
        line += &with(dim, &format!("  ({})", remarks.join(", ")));
    }
    line
}

fn status_style(status: Option<u16>) -> Style {
    match status {
        Some(200..=299) => AnsiColor::Green.on_default(),
        Some(300..=399) => AnsiColor::Cyan.on_default(),
        Some(_) => AnsiColor::Yellow.on_default(),
        None => Style::new(),
    }
}

fn end_style(end: Option<End>) -> Style {
    match end {
        Some(End::Complete) => Style::new(),
        Some(_) => AnsiColor::Red.on_default(),
        None => Style::new().dimmed(),
    }
}

fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
