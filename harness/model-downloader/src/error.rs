//! Why a download failed.

use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::digest::Sha256Sum;
use crate::http::Refused;
use crate::policy::Retrying;

/// Why a download failed: what was to be done, how often it was tried, and the causes down to the root.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct DownloadError {
    what: String,
    #[source]
    cause: Option<Box<dyn Error + Send + Sync>>,
}

/// The second line of an error after retries. It is one link of the chain, so that all the causes below it stay.
#[derive(Debug, thiserror::Error)]
#[error("Request failed after {retries} {} in {:.1}s", if *retries == 1 { "retry" } else { "retries" }, took.as_secs_f64())]
struct Retried {
    retries: u32,
    took: Duration,
    #[source]
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl DownloadError {
    /// `cause` is that of the last attempt.
    pub(crate) fn new(what: String, retries: u32, took: Duration, cause: Option<AttemptError>) -> Self {
        let cause = cause.map(|cause| Box::new(cause) as Box<dyn Error + Send + Sync>);
        match retries {
            0 => Self { what, cause },
            retries => Self { what, cause: Some(Box::new(Retried { retries, took, cause })) },
        }
    }

    /// Its text, and those of all its causes, the outermost first.
    pub fn chain(&self) -> Vec<String> {
        std::iter::successors(Some(self as &dyn Error), |&error| error.source()).map(ToString::to_string).collect()
    }
}

/// Why one attempt failed.
///
/// None of these is `#[error(transparent)]`: such an error goes on with the source of what it wraps, and the wrapped error
/// itself is never seen by whoever walks the chain. So each says something of its own.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AttemptError {
    #[error("The SHA-256 of the file is {got}, and should be {expected}")]
    Digest { expected: Sha256Sum, got: Sha256Sum, again: bool },
    #[error("Failed to extract archive: {name}")]
    Extract { name: String, source: io::Error },
    #[error("{what}")]
    Local { what: String, source: io::Error },
    #[error("Failed to read {name}")]
    Read { name: String, source: io::Error },
    #[error("Failed to resume {name}")]
    Resume { name: String, source: Refused },
    #[error("Failed to fetch {name}")]
    Send { name: String, source: Box<dyn Error + Send + Sync> },
    #[error("The server answered {status}, which is no file")]
    Status { status: u16 },
    #[error("The file has {have} bytes, where {total} were announced")]
    WrongLength { have: u64, total: u64 },
}

impl AttemptError {
    /// Whether another attempt may mend it.
    pub(crate) fn is_transient(&self, policy: &Retrying) -> bool {
        match self {
            // A seam between parts may be at fault, or an end that came too early and looked in order.
            Self::Digest { again, .. } => *again,
            Self::Local { .. } => policy.transient.local,
            Self::Extract { source, .. } | Self::Read { source, .. } => {
                policy.in_body && policy.transient.is_transient(source)
            }
            Self::Send { source, .. } => policy.transient.is_transient(&**source),
            Self::Status { .. } => false,
            Self::Resume { .. } | Self::WrongLength { .. } => true,
        }
    }
}

/// A failure of our own at this path.
pub(crate) fn local(verb: &str, path: &Path) -> impl FnOnce(io::Error) -> AttemptError {
    let what = format!("Failed to {verb} `{}`", path.display());
    move |source| AttemptError::Local { what, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reset() -> AttemptError {
        AttemptError::Read { name: "app".to_owned(), source: io::ErrorKind::ConnectionReset.into() }
    }

    #[track_caller]
    fn check(retries: u32, cause: Option<AttemptError>, expected: &[&str]) {
        let error =
            DownloadError::new("Failed to download app".to_owned(), retries, Duration::from_millis(1_234), cause);
        assert_eq!(error.chain(), expected);
    }

    #[test]
    fn retries_stand_second_and_causes_stay() {
        check(0, Some(reset()), &["Failed to download app", "Failed to read app", "connection reset"]);
        let retried = "Request failed after 3 retries in 1.2s";
        check(3, Some(reset()), &["Failed to download app", retried, "Failed to read app", "connection reset"]);
        check(1, None, &["Failed to download app", "Request failed after 1 retry in 1.2s"]);
    }
}
