//! The line that plays one run again.

use super::Report;
use crate::audit::Record;
use crate::audit::audit::DEFAULT_TIMEOUT;
use crate::downloader::shell_line;

impl Report {
    /// The line that plays this run again. A function can be run by its test alone, and so can what has cases, claims or files
    /// of a test: the line says what to ask for there.
    pub fn replay(&self, record: &Record) -> String {
        if self.downloader.is_none() || self.is_made {
            return format!("the same test, with `.cases(\"{}\")`", record.name());
        }
        let mut words = vec!["flaky-audit".to_owned()];
        match record.case().script() {
            Some(script) => words.extend(["--script".to_owned(), script.to_owned()]),
            None => words.extend(["--cases".to_owned(), record.name()]),
        }
        // What is not known for certain is to be found out again: nobody has declared it.
        if !self.budget.open {
            words.extend(["--retries".to_owned(), self.budget.retries.to_string()]);
        }
        if let Some(body) = self.budget.body {
            words.extend(["--body-retries".to_owned(), body.to_string()]);
        }
        if let Some(statuses) = self.promises.statuses.as_ref().filter(|_| self.client.is_none()) {
            let statuses: Vec<_> = statuses.iter().map(ToString::to_string).collect();
            words.extend(["--statuses".to_owned(), statuses.join(",")]);
        }
        let flags = [
            (self.promises.resumes, "--resumes"),
            (self.promises.verifies, "--verifies"),
            (self.promises.aborts_slow, "--aborts-slow"),
        ];
        words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, flag)| (*flag).to_owned()));
        if self.timeout != DEFAULT_TIMEOUT {
            words.extend(["--timeout".to_owned(), flaky_server::units::display_duration(self.timeout)]);
        }
        words.extend(self.options.iter().cloned());
        let line = shell_line(words);
        // A client that is known by name brings its command along.
        if self.client.is_some() { line } else { format!("{line} -- {}", self.downloader()) }
    }
}
