//! How the downloader ended.

use flaky_server::{By, End, Exchange};

use super::{Assert, AssertionError, Codes, panicking};
use crate::Exit;

impl Assert<'_> {
    panicking! {
        /// It says that all is well: exit status 0, or a function that returned without an error. Whether the file is
        /// right is for [`content_matches`](Self::content_matches) to say.
        succeeded, try_succeeded
    }

    /// The twin of [`succeeded`](Self::succeeded).
    ///
    /// # Errors
    ///
    /// If it failed, or was ended.
    pub fn try_succeeded(self) -> Result<Self, AssertionError> {
        let exit = self.outcome.exit();
        self.check(exit.is_success(), || "success".to_owned(), || exit.to_string(), || self.what_it_did())
    }

    panicking! {
        /// It says that something went wrong, by itself: not because it was ended at the timeout.
        failed, try_failed
    }

    /// The twin of [`failed`](Self::failed).
    ///
    /// # Errors
    ///
    /// If it succeeded, or was ended at the timeout.
    pub fn try_failed(self) -> Result<Self, AssertionError> {
        let exit = self.outcome.exit();
        let failed = !exit.is_success() && exit != Exit::TimedOut;
        self.check(
            failed,
            || "a failure".to_owned(),
            || exit.to_string(),
            || {
                let content = self.outcome.content().filter(|content| exit.is_success() && !content.matches());
                content.map(|content| format!("it takes this for success: {content}")).into_iter().collect()
            },
        )
    }

    panicking! {
        /// It exited with this status, or with one of these.
        exit_code, try_exit_code, codes: impl Into<Codes>
    }

    /// The twin of [`exit_code`](Self::exit_code).
    ///
    /// # Errors
    ///
    /// If it exited with another one, or was ended by a signal, or is no program.
    pub fn try_exit_code(self, codes: impl Into<Codes>) -> Result<Self, AssertionError> {
        let (exit, codes) = (self.outcome.exit(), codes.into());
        let holds = matches!(exit, Exit::Status(code) if codes.include(code));
        self.check(holds, || format!("exit status {codes}"), || exit.to_string(), Vec::new)
    }

    panicking! {
        /// It ended by itself, before the timeout.
        did_not_hang, try_did_not_hang
    }

    /// The twin of [`did_not_hang`](Self::did_not_hang).
    ///
    /// # Errors
    ///
    /// If it was ended at the timeout.
    pub fn try_did_not_hang(self) -> Result<Self, AssertionError> {
        let timeout = self.outcome.facts().job.timeout();
        self.check(
            !self.outcome.hung(),
            || format!("an end within {timeout:?}"),
            || "none".to_owned(),
            || {
                let waits = |exchange: &&Exchange| {
                    exchange.end.is_none() || exchange.end == Some(End::Stalled) || exchange.by == Some(By::Client)
                };
                let open = self.outcome.exchanges().last().filter(waits);
                let waiting = open.map(|exchange| {
                    format!("it was in attempt {}, which had got {} bytes", exchange.attempt, exchange.body_sent)
                });
                waiting.into_iter().collect()
            },
        )
    }

    /// For a success that did not come: why it may have failed.
    fn what_it_did(self) -> Vec<String> {
        let retries = self.outcome.retries();
        let mut lines = Vec::new();
        if let Some(root) = self.outcome.chain().root_cause() {
            lines.push(format!("root cause: {}", root.text()));
        }
        if retries == 0 && self.outcome.attempts() > 0 {
            lines.push("it made one attempt, and no retry".to_owned());
        }
        lines
    }
}
