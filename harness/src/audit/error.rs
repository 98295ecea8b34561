//! Why there is no audit.

use crate::TrialError;

/// Why there is no audit: nothing is known of the downloader then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// No case has such a name.
    #[error("no case is called `{pattern}`; {help}")]
    NoCase {
        /// What was asked for.
        pattern: String,
        /// What there is.
        help: String,
    },
    /// Of the cases that were asked for, all were left out.
    #[error("no case is left: what is left out is all that was asked for")]
    NothingLeft,
    /// The downloader cannot be run at all.
    #[error("the downloader cannot be audited")]
    Run(#[source] TrialError),
}
