//! What is held against a downloader.

use super::{Level, Verdict};

/// What is held against a downloader in one run.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// What it is.
    pub verdict: Verdict,
    /// How binding it is what it breaks.
    pub level: Level,
    /// What was seen.
    pub says: String,
}

/// What is said of one run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Judgement {
    /// How well it did, if nothing is held against it.
    pub(crate) otherwise: Verdict,
    /// The worst first.
    pub(crate) findings: Vec<Finding>,
}

impl Judgement {
    /// The worst of what is held against the downloader, or how well it did.
    pub(crate) fn verdict(&self) -> Verdict {
        self.findings.first().map_or(self.otherwise, |finding| finding.verdict)
    }

    /// With one more finding.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.findings.sort_by_key(|finding| finding.verdict);
    }
}
