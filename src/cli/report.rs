//! What people read on stderr.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use super::lines::{Full, Lines};
use crate::journal::{Observer, Record, log_line};

/// Everything for people goes through here: a reader of stderr that does not read must not hold the server up.
static STDERR: LazyLock<Lines> = LazyLock::new(|| {
    let lines = Lines::new(Full::Drop);
    // Where stderr is closed or full, nobody reads it, and that stops nothing.
    lines.start(|| Ok(io::stderr()), |_| ());
    lines
});

/// How long a reader of stderr is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line for people.
pub(super) fn say(text: impl std::fmt::Display) {
    STDERR.push(&text.to_string());
}

/// An error, with its causes.
pub(super) fn error(error: &anyhow::Error) {
    say(format_args!("error: {error:#}"));
}

/// Waits until everything has been written, but not for a reader of stderr that does not read.
pub(super) fn flush() {
    let _ = STDERR.finish_within(PATIENCE, PATIENCE);
}

/// The log of exchanges.
#[derive(Default)]
pub(super) struct Log {
    dropped: Arc<AtomicU64>,
}

impl Log {
    /// Logs each settled exchange.
    pub(super) fn observer(&self) -> Observer {
        let dropped = Arc::clone(&self.dropped);
        Box::new(move |record| {
            if let Record::Exchange(exchange) = record
                && !STDERR.push(&log_line(exchange))
            {
                dropped.fetch_add(1, Ordering::Relaxed);
            }
        })
    }

    /// Says whether the log is whole.
    pub(super) fn finish(self) {
        let dropped = self.dropped.load(Ordering::Relaxed);
        if dropped > 0 {
            say(format_args!("({dropped} lines were dropped: nobody read them)"));
        }
    }
}
