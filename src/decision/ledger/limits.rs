//! How much the ledger remembers.

/// How much the ledger remembers. It never grows further.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Limits {
    targets: usize,
    runs: usize,
}

impl Limits {
    /// How many distinct targets are counted apart. New ones beyond that share one count, and no recorded schedule.
    ///
    /// The default is 65,536.
    #[must_use]
    pub fn targets(mut self, targets: usize) -> Self {
        self.targets = targets;
        self
    }

    /// How many runs of equal entries are remembered for the played schedule, over all targets. Beyond that it says
    /// that it is incomplete.
    ///
    /// The default is 262,144.
    #[must_use]
    pub fn runs(mut self, runs: usize) -> Self {
        self.runs = runs;
        self
    }

    pub(super) fn max_targets(&self) -> usize {
        self.targets
    }

    pub(super) fn max_runs(&self) -> usize {
        self.runs
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { targets: 1 << 16, runs: 1 << 18 }
    }
}
