//! What came of a trial.

mod content;
mod leftovers;
mod scope;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use flaky_server::{Exchange, Table};

pub use self::content::Content;
#[cfg(feature = "audit")]
pub(crate) use self::content::digest;
pub(crate) use self::leftovers::{below, shown};
use self::scope::Scope;
use crate::claim::Claims;
use crate::folder::Folder;
use crate::redact::Redactions;
use crate::told::Told;
use crate::wire::Wire;
use crate::{Captured, Chain, Effort, Exit, Job, Ran};

/// What came of a trial: what the wire saw, what the downloader did, and what it said.
///
/// Counts are about the file under test if there is one, and otherwise about all targets; [`target`](Self::target)
/// narrows to another one. The folder of the trial is removed when the last clone of its outcome is dropped.
#[derive(Clone, Debug)]
pub struct Outcome {
    facts: Arc<Facts>,
    scope: Scope,
    wire: Wire,
}

/// What is the same however an outcome is narrowed.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) folder: Arc<Folder>,
    /// Whether an earlier trial ran in that folder.
    pub(crate) continues: bool,
    pub(crate) job: Job,
    pub(crate) downloader: String,
    pub(crate) ran: Ran,
    pub(crate) took: Duration,
    pub(crate) exchanges: Vec<Exchange>,
    pub(crate) dropped: u64,
    pub(crate) rules: String,
    pub(crate) seed: u64,
    /// A line that plays it again, or says why there is none.
    pub(crate) replay: String,
    pub(crate) chain: Chain,
    pub(crate) claims: Claims,
    pub(crate) content: Option<Content>,
    pub(crate) leftovers: Vec<PathBuf>,
    pub(crate) redactions: Redactions,
}

impl Outcome {
    pub(crate) fn new(facts: Facts) -> Self {
        let scope = facts.job.file().map_or(Scope::All, Scope::file);
        Self::scoped(Arc::new(facts), scope)
    }

    fn scoped(facts: Arc<Facts>, scope: Scope) -> Self {
        let exchanges = facts.exchanges.iter().filter(|exchange| scope.includes(exchange)).cloned().collect();
        let wire = Wire::new(exchanges, scope.is_file());
        Self { facts, scope, wire }
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.facts
    }

    /// What the counts are about.
    pub(crate) fn scope_name(&self) -> String {
        self.scope.to_string()
    }

    /// The same, with counts that are about this target alone: a path with its query, possibly with a method before it
    /// (`HEAD /app.tar.gz`).
    #[must_use]
    pub fn target(&self, target: &str) -> Self {
        Self::scoped(Arc::clone(&self.facts), Scope::target(target))
    }

    /// The same, with counts that are about all targets.
    #[must_use]
    pub fn all_targets(&self) -> Self {
        Self::scoped(Arc::clone(&self.facts), Scope::All)
    }

    /// What the wire saw.
    pub fn wire(&self) -> &Wire {
        &self.wire
    }

    /// The exchanges that counts are about, in order of arrival.
    pub fn exchanges(&self) -> &[Exchange] {
        self.wire.exchanges()
    }

    /// How many attempts there were, resends included.
    pub fn attempts(&self) -> u64 {
        self.wire.attempts()
    }

    /// How many retries there were, resends included.
    pub fn retries(&self) -> u64 {
        self.wire.retries()
    }

    /// How the downloader ended.
    pub fn exit(&self) -> Exit {
        self.facts.ran.exit()
    }

    /// Whether the downloader says that all is well.
    pub fn succeeded(&self) -> bool {
        self.exit().is_success()
    }

    /// Whether it had not ended at the timeout.
    pub fn hung(&self) -> bool {
        self.exit() == Exit::TimedOut
    }

    /// How long it took.
    pub fn wall_time(&self) -> Duration {
        self.facts.took
    }

    /// What it wrote to stdout.
    pub fn stdout(&self) -> &Captured {
        &self.facts.ran.stdout
    }

    /// What it wrote to stderr; of a function, the message of its panic.
    pub fn stderr(&self) -> &Captured {
        &self.facts.ran.stderr
    }

    /// What else there is to say, such as that it left processes behind.
    pub fn notes(&self) -> &[String] {
        &self.facts.ran.notes
    }

    /// What it says went wrong. Empty if it succeeded, or said nothing.
    pub fn chain(&self) -> &Chain {
        &self.facts.chain
    }

    /// What it says about its retries.
    pub fn claims(&self) -> &Claims {
        &self.facts.claims
    }

    /// Whether it says what the wire saw of its retries.
    ///
    /// A downloader speaks of all that it did, and counts are about the file under test: what fits all targets, or one of
    /// them, is the truth as well. A connection that ended before it had said what it was for may have been for any of
    /// them.
    pub fn told(&self) -> Told {
        let said = self.claims();
        let cut = self.stdout().omitted() > 0 || self.stderr().omitted() > 0;
        if cut && said.total().is_none() {
            return Told::Unheard;
        }
        let all = self.all_targets();
        let mut meant: Vec<_> = all.wire.groups().iter().map(|group| group.retries).collect();
        meant.push(all.wire.span());
        meant.push(self.wire.span().widened(all.wire.nameless(), all.attempts()));
        Told::judge(said.retries(), self.wire.span(), &meant, &self.wire.places())
    }

    /// What it did about its retries, held against a budget of this many for each target.
    pub fn effort(&self, budget: u64) -> Effort {
        Effort::judge(&self.wire.groups(), self.exit(), budget)
    }

    /// The file that it made, held against the fixture; `None` if the trial has no file under test.
    pub fn content(&self) -> Option<&Content> {
        self.facts.content.as_ref()
    }

    /// The folder that it worked in.
    pub fn dir(&self) -> PathBuf {
        self.facts.job.dir()
    }

    /// What it left in its folder and in that for temporary files, sorted: partial files, lock files. A file under the
    /// name of the result is among them unless it is the fixture, whole and right.
    pub fn leftovers(&self) -> &[PathBuf] {
        &self.facts.leftovers
    }

    /// The table of exchanges, as the journal prints it.
    pub fn table(&self) -> Table {
        self.facts.exchanges.iter().cloned().collect()
    }

    /// The error chain without what differs from run to run, one link a line: for snapshots.
    pub fn redacted_chain(&self) -> String {
        self.redacted_links().to_string()
    }

    /// The table of exchanges without what differs from run to run, and without the blanks that align it: for snapshots.
    /// Ports are numbered from 1, as they came to be asked.
    pub fn redacted_table(&self) -> String {
        let mut exchanges = self.facts.exchanges.clone();
        let mut ports = Vec::new();
        for exchange in &mut exchanges {
            if !ports.contains(&exchange.port) {
                ports.push(exchange.port);
            }
            let number = ports.iter().take_while(|port| **port != exchange.port).count() + 1;
            exchange.port = u16::try_from(number).unwrap_or(u16::MAX);
        }
        let table = self.redact(&exchanges.into_iter().collect::<Table>().to_string());
        // Columns are as wide as what is in them.
        let rows = table.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        rows.map(|row| row + "\n").collect()
    }

    /// Stdout, or any other text, without what differs from run to run.
    pub fn redact(&self, text: &str) -> String {
        self.facts.redactions.apply(text)
    }

    pub(crate) fn redacted_links(&self) -> Chain {
        self.chain().map_text(|text| self.redact(text))
    }

    pub(crate) fn folder(&self) -> &Arc<Folder> {
        &self.facts.folder
    }

    pub(crate) fn root(&self) -> &Path {
        self.facts.folder.root()
    }
}
