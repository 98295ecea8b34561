//! What people read on stderr, and what programs read in files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;

use crate::decision::Played;
use crate::journal::{Observer, Record, log_line};

/// A line for people. Where stderr is closed or full, nobody reads it, and that stops nothing.
pub(super) fn say(text: impl std::fmt::Display) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// An error, with its causes.
pub(super) fn error(error: &anyhow::Error) {
    say(format_args!("error: {error:#}"));
}

/// Logs each settled exchange.
pub(super) fn logger() -> Observer {
    Box::new(|record| {
        if let Record::Exchange(exchange) = record {
            say(log_line(exchange));
        }
    })
}

/// A file of JSON lines, or stderr.
#[derive(Clone)]
pub(super) struct JournalFile {
    path: PathBuf,
    state: Arc<Mutex<State>>,
}

struct State {
    out: Box<dyn Write + Send>,
    failed: Option<io::Error>,
}

impl JournalFile {
    /// Creates the file, or empties it.
    pub(super) fn create(path: &Path) -> anyhow::Result<Self> {
        let out = open(path).with_context(|| format!("cannot write the journal to `{}`", path.display()))?;
        Ok(Self { path: path.to_owned(), state: Arc::new(Mutex::new(State { out, failed: None })) })
    }

    /// Writes each settled record.
    pub(super) fn observer(&self) -> Observer {
        let this = self.clone();
        Box::new(move |record| {
            let mut line = match record {
                Record::Connection(connection) => connection.to_json(),
                Record::Exchange(exchange) => exchange.to_json(),
            };
            line.push('\n');
            let mut state = this.state.lock().unwrap_or_else(PoisonError::into_inner);
            // A line at a time: who reads along sees whole lines.
            let written = state.out.write_all(line.as_bytes()).and_then(|()| state.out.flush());
            if let Err(error) = written
                && state.failed.is_none()
            {
                say(format_args!("error: cannot write the journal to `{}`: {error}", this.path.display()));
                state.failed = Some(error);
            }
        })
    }

    /// The first failure, if there was one: the file is not whole.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state.failed.take() {
            Some(error) => {
                Err(error).with_context(|| format!("the journal in `{}` is incomplete", self.path.display()))
            }
            None => Ok(()),
        }
    }
}

/// Writes the schedule that was played.
pub(super) fn write_played(path: &Path, played: &Played) -> anyhow::Result<()> {
    open(path)
        .and_then(|mut out| write!(out, "{played}").and_then(|()| out.flush()))
        .with_context(|| format!("cannot write the schedule to `{}`", path.display()))
}

fn open(path: &Path) -> io::Result<Box<dyn Write + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stderr()));
    }
    Ok(Box::new(BufWriter::new(File::create(path)?)))
}
