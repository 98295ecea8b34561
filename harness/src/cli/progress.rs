//! How far it is.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::audit::Event;

/// A bar on stderr with what runs now and the time that is left; nothing where stderr is no terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    running: Mutex<Vec<(String, Instant)>>,
}

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(200);

/// Names of runs that are shown.
const SHOWN: usize = 3;

impl Progress {
    pub(super) fn new(quiet: bool, of: &str) -> Self {
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::new(0) };
        // A test would find out if this were no template.
        if let Ok(style) = ProgressStyle::with_template("{prefix}{bar:24} {pos}/{len}, {eta} left  {wide_msg}") {
            bar.set_style(style);
        }
        bar.set_prefix(if of.is_empty() { String::new() } else { format!("{of} ") });
        Self { bar, running: Mutex::new(Vec::new()) }
    }

    pub(super) fn tell(&self, event: Event<'_>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Planned(runs) => {
                self.bar.set_length(runs as u64);
                self.bar.enable_steady_tick(TICK);
            }
            Event::DoesNotWork(why) => self.bar.suspend(|| {
                super::print::note(format_args!("it does not have the file where nothing goes wrong: {why}"));
            }),
            Event::Began(name) => running.push((name.to_owned(), Instant::now())),
            Event::Ended(name) => {
                running.retain(|(running, _)| running != name);
                self.bar.inc(1);
            }
        }
        if self.bar.length() == Some(0) {
            // Nobody knows yet how far it is.
            return;
        }
        let names: Vec<_> = running.iter().take(SHOWN).map(|(name, _)| name.as_str()).collect();
        let more = if running.len() > SHOWN { format!(" and {} more", running.len() - SHOWN) } else { String::new() };
        self.bar.set_message(format!("{}{more}", names.join(", ")));
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
