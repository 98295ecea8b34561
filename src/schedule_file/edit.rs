//! Files that are put together with what a command line says, and with what was played.

use std::path::Path;

use super::aside::Aside;
use super::{FileFixture, FileLimits, ScheduleFile, Source};
use crate::{Downtime, Request, Rule, Target, matchers};

/// What a command line says: each comes first, or wins, and what it says nothing of stays.
#[derive(Debug, Default)]
pub(crate) struct Beside {
    /// Rules that come before those of the file.
    pub(crate) rules: Vec<Rule>,
    /// What is served before what the file says.
    pub(crate) fixtures: Vec<FileFixture>,
    pub(crate) seed: Option<u64>,
    pub(crate) downtimes: Vec<Downtime>,
    pub(crate) mirror: bool,
    pub(crate) hidden: bool,
    pub(crate) no_listing: bool,
    pub(crate) precompressed: bool,
    pub(crate) limits: FileLimits,
}

impl ScheduleFile {
    /// Both together: what is said beside the file comes first, and wins.
    pub(crate) fn with(mut self, beside: Beside) -> Self {
        self.rules.splice(..0, beside.rules.into_iter().map(Into::into));
        self.fixtures.splice(..0, beside.fixtures);
        self.downtimes.splice(..0, beside.downtimes);
        self.seed = beside.seed.or(self.seed);
        self.mirror |= beside.mirror;
        self.hidden |= beside.hidden;
        self.listing &= !beside.no_listing;
        self.precompressed |= beside.precompressed;
        self.limits = beside.limits.or(self.limits);
        self
    }

    /// The same with these patterns of files in which `{base}` is replaced: they hold for all that is from disk, and each
    /// stands beside a directory.
    ///
    /// # Errors
    ///
    /// The first for which there is no directory left.
    pub(crate) fn with_templates(mut self, globs: &[String]) -> Result<Self, &str> {
        let is_said = |glob: &&String| {
            let said = |source: &Source| matches!(source, Source::Dir { template: Some(said), .. } if said == *glob);
            self.fixtures.iter().any(|fixture| said(&fixture.source))
        };
        let mut left: Vec<&String> = globs.iter().filter(|glob| !is_said(glob)).rev().collect();
        let mut is_anywhere = false;
        for fixture in &mut self.fixtures {
            if let Source::Dir { template, .. } = &mut fixture.source {
                is_anywhere = true;
                if template.is_none() {
                    *template = left.pop().cloned();
                }
            }
        }
        if is_anywhere {
            return left.pop().map_or(Ok(self), |glob| Err(glob));
        }
        for fixture in &mut self.fixtures {
            let served = fixture.served();
            if let (Source::File { template, .. }, Some(served)) = (&mut fixture.source, served) {
                let request = Request::new(Target::new("GET", &served));
                *template |= globs.iter().any(|glob| matchers::path(glob).matches(&request));
            }
        }
        Ok(self)
    }

    /// The same server with these rules and this seed, in a file that may lie anywhere: its paths are absolute.
    pub(crate) fn played(mut self, rules: Vec<Rule>, seed: u64) -> Self {
        for fixture in &mut self.fixtures {
            if let Source::Dir { path, .. } | Source::File { path, .. } = &mut fixture.source {
                // The name of a file is that under which it is served.
                if let Some(absolute) = absolute(&self.folder.join(&*path)) {
                    *path = absolute;
                }
            }
        }
        self.rules = rules.into_iter().map(Into::into).collect();
        self.seed = Some(seed);
        self.why = None;
        self.matchers.clear();
        self.scripts.clear();
        self.unmirrored = Aside::default();
        self
    }
}

/// This path from anywhere; `None` if it is no text.
pub(crate) fn absolute(path: &Path) -> Option<String> {
    std::path::absolute(path).ok()?.into_os_string().into_string().ok()
}
