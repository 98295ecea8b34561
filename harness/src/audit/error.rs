//! Why there is no audit.

use super::CaseError;
use crate::TrialError;

/// Why there is no audit: nothing is known of the downloader then.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// A case of the user's cannot be read.
    #[error(transparent)]
    Case(#[from] CaseError),
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
    #[error("there is nothing to audit")]
    Run(#[source] TrialError),
}
