//! `--verify-wire`: the reference, held against the wire, with what clients report.
//!
//! [`verify`](crate::verify) checks; here is what is printed, and the clients that are asked as well.

mod curl;
mod json;
mod legend;
mod markdown;
#[cfg(feature = "reqwest")]
mod reqwest;
mod table;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::ValueEnum;

use self::curl::Curl;
use super::{pages, report};
use crate::decision::Area;
use crate::verify::{self, Mismatch, Row, Servers};

/// As what it is printed.
#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
pub(super) enum Form {
    /// For people.
    Table,
    /// The page of the documentation.
    Markdown,
}

/// A row, checked.
struct Checked {
    row: Row,
    result: Result<(), Mismatch>,
    /// `None` if there is no curl.
    curl: Option<curl::Report>,
    /// `None` if it is not built in.
    reqwest: Option<String>,
}

/// All rows, and who was asked.
struct Checks {
    rows: Vec<Checked>,
    curl: Option<Curl>,
}

/// So many rows are checked at once: they wait more than they compute.
const THREADS: usize = 16;

/// Checks everything, and prints it; whether all of it holds.
pub(super) fn run(form: Form, json: bool) -> anyhow::Result<bool> {
    let curl = Curl::find();
    if curl.is_none() {
        report::warn("there is no curl on the PATH: its column is empty");
    }
    let checks = Checks { rows: check_all(curl.as_ref()), curl };
    let wrong: Vec<&Mismatch> = checks.rows.iter().filter_map(|checked| checked.result.as_ref().err()).collect();
    let text = match (json, form) {
        (true, _) => json::lines(&checks),
        (false, Form::Table) => table::text(&checks),
        (false, Form::Markdown) => {
            // The page has no room for them.
            wrong.iter().for_each(|mismatch| report::fail(explained(mismatch)));
            markdown::page(&checks)
        }
    };
    pages::print(text.as_bytes())?;
    Ok(wrong.is_empty())
}

/// In the order of the reference: by area, and then by name.
fn check_all(curl: Option<&Curl>) -> Vec<Checked> {
    let mut rows: Vec<Row> = verify::all().collect();
    rows.sort_by_key(|row| row.spec().area());
    let (next, checked) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(place) else { return };
                    let row = check(*row, curl);
                    checked.lock().expect("nobody panics with it in hand").push((place, row));
                }
            });
        }
    });
    let mut checked = checked.into_inner().expect("nobody panicked with it in hand");
    checked.sort_by_key(|(place, _)| *place);
    checked.into_iter().map(|(_, row)| row).collect()
}

fn check(row: Row, curl: Option<&Curl>) -> Checked {
    Checked {
        row,
        result: row.check(),
        curl: curl.map(|curl| match servers(row) {
            Ok(servers) => curl.ask(&servers.url(), &row.first_ask()),
            Err(error) => curl::Report::failed(&error),
        }),
        reqwest: reqwest_reports(row),
    }
}

/// Servers of its own for each client: the entry decides its first attempt.
fn servers(row: Row) -> anyhow::Result<Servers> {
    Ok(Servers::start(row.show().entry)?)
}

#[cfg(feature = "reqwest")]
fn reqwest_reports(row: Row) -> Option<String> {
    Some(match servers(row) {
        Ok(servers) => reqwest::ask(&servers.url(), &row.first_ask()),
        Err(error) => format!("{error:#}"),
    })
}

#[cfg(not(feature = "reqwest"))]
fn reqwest_reports(_row: Row) -> Option<String> {
    None
}

/// A mismatch with its causes.
fn explained(mismatch: &Mismatch) -> String {
    match std::error::Error::source(mismatch) {
        Some(source) => format!("{mismatch}: {source}"),
        None => mismatch.to_string(),
    }
}

/// The term with how its value is written.
fn spelling(row: Row) -> String {
    let spec = row.spec();
    spec.value().map_or_else(|| spec.name().to_owned(), |value| format!("{}={value}", spec.name()))
}

fn title(area: Area) -> &'static str {
    match area {
        Area::Connection => "Connection",
        Area::Head => "Head",
        Area::Chunked => "Chunked",
        Area::Body => "Body",
        Area::Range => "Range",
        Area::Reply => "Reply",
    }
}

/// A message of somebody else's in one short line, fit for a terminal.
fn line(text: &str) -> String {
    const LONGEST: usize = 160;
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().map(crate::units::printable).take(LONGEST).collect()
}
