//! Downloaders that are run.

#[cfg(unix)]
mod environment;
mod functions;
#[cfg(target_os = "linux")]
mod leftovers;
#[cfg(unix)]
mod processes;

use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::Job;

/// So long that only a mistake takes longer, on however busy a machine.
const LONG: Duration = Duration::from_secs(120);

/// A job, and its folders for as long as it lives.
struct Place {
    job: Job,
    _removed_at_the_end: TempDir,
}

impl Place {
    fn new() -> Self {
        let root = TempDir::new().unwrap();
        for folder in ["work", "home", "tmp"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let job = Job::new("http://127.0.0.1:1".to_owned(), Some("/a.gz".to_owned()), root.path().to_owned());
        Self { job: job.limited(LONG, 1024), _removed_at_the_end: root }
    }

    /// With a time that is over soon.
    fn with_timeout(mut self, timeout: Duration) -> Self {
        self.job = self.job.limited(timeout, 1024);
        self
    }
}
