//! What came of an audit.

#[cfg(feature = "cli")]
mod json;
mod markdown;
mod replay;
mod scorecard;
mod table;

use std::fmt;
use std::time::Duration;

pub use self::scorecard::scorecard;
pub use self::table::Paint;
use super::promises::{Budget, Promises};
use super::{Finding, Level, Record, Spent};

/// What came of an audit. It displays as the table and the findings.
///
/// # Examples
///
/// ```no_run
/// use flaky_harness::Command;
/// use flaky_harness::audit::{Audit, Verdict};
///
/// let report = Audit::of(Command::new("get").args(["{url}", "{out}"])).run()?;
/// let hung = report.findings().filter(|(_, finding)| finding.verdict == Verdict::Hung);
/// for (record, finding) in hung {
///     println!("{}: {}; {}", record.name(), finding.says, report.replay(record));
/// }
/// # Ok::<(), flaky_harness::audit::AuditError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Report {
    /// The downloader's command line, with its placeholders; `None` for a function.
    pub(super) downloader: Option<String>,
    /// The name of the client, and its version, if it is a known one.
    pub(super) client: Option<(String, String)>,
    /// What else stands on the line that plays a run again.
    pub(super) options: Vec<String>,
    /// No line plays it again: the test alone has all that it takes.
    pub(super) is_made: bool,
    /// Why it does not have the file where nothing goes wrong, if it has not.
    pub(super) broken: Option<String>,
    pub(super) budget: Budget,
    pub(super) promises: Promises,
    pub(super) timeout: Duration,
    pub(super) level: Level,
    pub(super) records: Vec<Record>,
    pub(super) spent: Spent,
    pub(super) took: Duration,
}

impl Report {
    /// The downloader's command line, with its placeholders; of a function, that it is one.
    pub fn downloader(&self) -> &str {
        self.downloader.as_deref().unwrap_or("a function")
    }

    /// The name of the client and its version, if it is one that is known by name.
    pub fn client(&self) -> Option<(&str, &str)> {
        self.client.as_ref().map(|(name, version)| (name.as_str(), version.as_str()))
    }

    /// Whether it has the file where nothing goes wrong. If not, all else says little.
    pub fn works(&self) -> bool {
        self.broken.is_none()
    }

    /// How many retries it has.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// The runs, in the order of the catalogue.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// What is held against the downloader, whatever its level, with the run in which it was seen.
    pub fn findings(&self) -> impl Iterator<Item = (&Record, &Finding)> {
        self.records.iter().flat_map(|record| record.findings().iter().map(move |finding| (record, finding)))
    }

    /// The runs in which the audit itself has failed.
    pub fn failures(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.error().is_some())
    }

    /// Whether nothing of the audit's level was found, where the downloader works at all and the audit has not failed itself.
    pub fn holds(&self) -> bool {
        self.works()
            && !self.findings().any(|(_, finding)| finding.level >= self.level)
            && self.failures().next().is_none()
    }

    /// What the time of all runs went to.
    pub fn spent(&self) -> Spent {
        self.spent
    }

    /// How long it took: less than what was spent, where several ran at the same time.
    pub fn took(&self) -> Duration {
        self.took
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table(&Paint::plain()))
    }
}
