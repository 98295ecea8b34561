//! What people read on stderr, and what programs read in files.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

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

/// Lines that wait for a reader of stderr; further ones are dropped, and counted.
const WAITING_LINES: usize = 10_000;

/// How long the end of the program waits for a reader of stderr.
const LAST_LINES: Duration = Duration::from_secs(1);

/// Writes the log on a thread of its own: a reader of stderr that does not read must not hold the server up.
pub(super) struct Log {
    lines: SyncSender<String>,
    written: Receiver<()>,
    dropped: Arc<AtomicU64>,
}

impl Log {
    pub(super) fn start() -> Self {
        let (lines, to_write) = mpsc::sync_channel::<String>(WAITING_LINES);
        let (done, written) = mpsc::channel();
        std::thread::spawn(move || {
            for line in to_write {
                say(line);
            }
            // Nobody waits any longer if this fails.
            let _ = done.send(());
        });
        Self { lines, written, dropped: Arc::default() }
    }

    /// Logs each settled exchange.
    pub(super) fn observer(&self) -> Observer {
        let (lines, dropped) = (self.lines.clone(), Arc::clone(&self.dropped));
        Box::new(move |record| {
            if let Record::Exchange(exchange) = record
                && lines.try_send(log_line(exchange)).is_err()
            {
                dropped.fetch_add(1, Ordering::Relaxed);
            }
        })
    }

    /// Writes a line, in its place among the others.
    pub(super) fn say(&self, line: String) {
        // A full queue means that nobody reads.
        let _ = self.lines.try_send(line);
    }

    /// Writes a last text; gives up on a reader that does not read. Every observer must be gone by then.
    pub(super) fn finish(self, text: Option<String>) {
        let dropped = self.dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            let _ = self.lines.try_send(format!("({dropped} lines were dropped: nobody read them)"));
        }
        if let Some(text) = text {
            let _ = self.lines.try_send(text);
        }
        drop(self.lines);
        // After this time the program ends without a reader.
        let _ = self.written.recv_timeout(LAST_LINES);
    }
}

/// A file of JSON lines, or stderr.
#[derive(Clone)]
pub(super) struct JournalFile {
    path: PathBuf,
    state: Arc<Mutex<State>>,
}

struct State {
    out: Out,
    /// Lines that came before the file was emptied; `None` afterwards.
    early: Option<Vec<u8>>,
    failed: Option<io::Error>,
}

enum Out {
    File(File),
    Stderr,
}

impl State {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.out {
            Out::File(file) => file.write_all(bytes),
            Out::Stderr => io::stderr().lock().write_all(bytes),
        }
    }

    /// Empties the file, and writes what has come meanwhile.
    fn begin(&mut self) -> io::Result<()> {
        if let Out::File(file) = &self.out
            && file.metadata()?.is_file()
        {
            file.set_len(0)?;
        }
        let early = self.early.take().unwrap_or_default();
        self.write(&early)
    }
}

impl JournalFile {
    /// Opens or creates the file. It is emptied when the server has started: a start that fails must not cost the
    /// journal of an earlier run.
    pub(super) fn open(path: &Path) -> anyhow::Result<Self> {
        let out = if path == Path::new("-") {
            Ok(Out::Stderr)
        } else {
            File::options().create(true).write(true).truncate(false).open(path).map(Out::File)
        };
        let out = out.with_context(|| format!("cannot write the journal to `{}`", path.display()))?;
        Ok(Self {
            path: path.to_owned(),
            state: Arc::new(Mutex::new(State { out, early: Some(Vec::new()), failed: None })),
        })
    }

    /// Empties the file, and lets the lines through.
    pub(super) fn begin(&self) {
        let mut state = self.lock();
        let begun = state.begin();
        self.note(&mut state, begun);
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
            let mut state = this.lock();
            if let Some(early) = &mut state.early {
                early.extend_from_slice(line.as_bytes());
                return;
            }
            // A line at a time: who reads along sees whole lines.
            let written = state.write(line.as_bytes());
            this.note(&mut state, written);
        })
    }

    /// Says the first failure at once, and keeps it for the end.
    fn note(&self, state: &mut State, result: io::Result<()>) {
        if let Err(error) = result
            && state.failed.is_none()
        {
            say(format_args!("error: cannot write the journal to `{}`: {error}", self.path.display()));
            state.failed = Some(error);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The first failure, if there was one: the file is not whole.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let failed = self.lock().failed.take();
        match failed {
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
        .and_then(|mut out| {
            if !played.is_complete() {
                writeln!(out, "# incomplete: there were more targets or changes than are remembered")?;
            }
            if played.is_order_dependent() {
                writeln!(out, "# `-at` terms depend on what earlier attempts received")?;
            }
            write!(out, "{played}")?;
            out.flush()
        })
        .with_context(|| format!("cannot write the schedule to `{}`", path.display()))
}

fn open(path: &Path) -> io::Result<Box<dyn Write + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stderr()));
    }
    Ok(Box::new(BufWriter::new(File::create(path)?)))
}
