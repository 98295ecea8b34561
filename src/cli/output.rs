//! What programs read: files that the arguments name, or stderr.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::lines::{Full, Lines, Rest};
use super::report::fail;
use crate::ScheduleFile;
use crate::decision::{Played, Rule};
use crate::journal::{Observer, Record};

/// A file that is written line by line, or stderr. It never holds up who writes.
pub(super) struct Output {
    /// What is in it.
    what: &'static str,
    path: PathBuf,
    lines: Lines,
    /// Where the lines go, until they do.
    to: Option<To>,
}

enum To {
    File(File),
    /// Opening it waits for a reader.
    Fifo,
    Stderr,
}

impl Output {
    /// Opens or creates the file. It is emptied by [`begin`](Self::begin): a start that fails must not cost what an
    /// earlier run wrote.
    pub(super) fn open(what: &'static str, path: &Path) -> anyhow::Result<Self> {
        let to = To::open(path).with_context(|| format!("cannot write the {what} to `{}`", path.display()))?;
        let lines = Lines::new(if to.is_regular() { Full::Wait } else { Full::Drop });
        Ok(Self { what, path: path.to_owned(), lines, to: Some(to) })
    }

    /// Empties the file, and lets the lines through.
    pub(super) fn begin(&mut self) {
        let Some(to) = self.to.take() else { return };
        let path = self.path.clone();
        let failed = self.failed();
        match to {
            To::File(file) => self.lines.start(move || empty(file), failed),
            To::Fifo => self.lines.start(move || File::options().write(true).open(path), failed),
            To::Stderr => self.lines.start(|| Ok(io::stderr()), failed),
        }
    }

    /// Writes each settled record.
    pub(super) fn observer(&self) -> Observer {
        let lines = self.lines.clone();
        Box::new(move |record| {
            // What is lost is told at the end.
            lines.push(&match record {
                Record::Availability(availability) => availability.to_json(),
                Record::Connection(connection) => connection.to_json(),
                Record::Exchange(exchange) => exchange.to_json(),
            });
        })
    }

    /// Writes the schedule that was played, and nothing else; of the rules that it came from, those that need not come to
    /// the same again.
    ///
    /// # Errors
    ///
    /// If not all has been written.
    pub(super) fn write_played(mut self, played: &Played, rules: &[&Rule], seed: u64) -> anyhow::Result<()> {
        self.begin();
        if played.takes_chance() {
            self.lines.push(&format!("# `--seed {seed}` is needed for the same bytes"));
        }
        self.say_what_differs(played, rules);
        for rule in played.rules() {
            self.lines.push(rule);
        }
        if played.rules().len() == 0 {
            // A file without a rule would not be read back.
            self.lines.push("*: ok");
        }
        self.finish()
    }

    /// Writes what was played as a schedule file; of the rules that it came from, those that need not come to the same
    /// again.
    ///
    /// # Errors
    ///
    /// If not all has been written.
    pub(super) fn write_recorded(
        mut self,
        file: ScheduleFile,
        played: &Played,
        rules: &[&Rule],
        seed: u64,
    ) -> anyhow::Result<()> {
        let rules_played = played.rules().map(str::parse).collect::<Result<_, _>>()?;
        self.begin();
        self.say_what_differs(played, rules);
        self.lines.push(&file.played(rules_played, seed).to_string());
        self.finish()
    }

    /// Comments on what need not be the same when it is played again.
    fn say_what_differs(&self, played: &Played, rules: &[&Rule]) {
        if !played.is_complete() {
            self.lines.push("# incomplete: there were more targets or changes than are remembered");
        }
        if played.has_once_only() {
            self.lines.push("# `-at` terms depend on what earlier attempts received");
        }
        if played.has_connections() {
            self.lines.push("# connections: which requests come on which of them is for the client to say");
        }
        for (rule, mark) in rules.iter().filter_map(|rule| Some((rule, mark(rule)?))) {
            self.lines.push(&format!("# {mark}, in the rule {rule}"));
        }
    }

    /// Waits for the reader, but not for ever.
    ///
    /// # Errors
    ///
    /// If not all has been written.
    pub(super) fn finish(self) -> anyhow::Result<()> {
        let Rest { lost, failure } = self.lines.finish();
        let incomplete = || {
            let lines = if lost == 1 { "line" } else { "lines" };
            format!("the {} in `{}` is incomplete, {lost} {lines} could not be written", self.what, self.path.display())
        };
        match failure {
            Some(error) => Err(error).with_context(incomplete),
            None if lost > 0 => Err(anyhow::anyhow!("nobody reads it").context(incomplete())),
            None => Ok(()),
        }
    }

    /// Says at once that it failed.
    fn failed(&self) -> impl FnOnce(&io::Error) + Send + 'static {
        let text = format!("cannot write the {} to `{}`", self.what, self.path.display());
        move |error| fail(format_args!("{text}: {error}"))
    }
}

/// What is to be said of a rule that need not come to the same in another run.
pub(super) fn mark(rule: &Rule) -> Option<String> {
    let parts = rule.order_dependent_parts();
    (!parts.is_empty()).then(|| format!("order-dependent: {}", parts.join(", ")))
}

impl To {
    fn open(path: &Path) -> io::Result<Self> {
        if path == Path::new("-") {
            return Ok(Self::Stderr);
        }
        if is_fifo(path) {
            return Ok(Self::Fifo);
        }
        File::options().create(true).write(true).truncate(false).open(path).map(Self::File)
    }

    fn is_regular(&self) -> bool {
        match self {
            Self::File(file) => file.metadata().is_ok_and(|metadata| metadata.is_file()),
            Self::Fifo => false,
            Self::Stderr => stderr_is_regular(),
        }
    }
}

#[cfg(unix)]
fn stderr_is_regular() -> bool {
    use std::os::fd::AsFd as _;

    let stderr = io::stderr().as_fd().try_clone_to_owned().map(File::from);
    stderr.and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.is_file())
}

#[cfg(not(unix))]
fn stderr_is_regular() -> bool {
    false
}

fn empty(file: File) -> io::Result<File> {
    if file.metadata()?.is_file() {
        file.set_len(0)?;
    }
    Ok(file)
}

#[cfg(unix)]
fn is_fifo(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    path.metadata().is_ok_and(|metadata| metadata.file_type().is_fifo())
}

#[cfg(not(unix))]
fn is_fifo(_path: &Path) -> bool {
    false
}
