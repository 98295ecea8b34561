//! Patterns of users.

use regex::{Captures, Regex};

use super::{Claim, Count};

const ATTEMPTS: &str = "attempts";
const RETRIES: &str = "retries";

/// A regular expression for what a downloader says about its retries, with a group `retries` or `attempts` that is the
/// number.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Chain, ClaimPattern, Claims};
///
/// let pattern = ClaimPattern::new(r"tried (?<attempts>\d+) times")?;
/// let claims = Claims::read(b"tried 3 times, no luck", &Chain::default(), &[pattern]);
/// assert_eq!(claims.retries(), Some(2));
/// assert!(ClaimPattern::new(r"tried (\d+) times").is_err());
/// # Ok::<(), flaky_harness::ClaimPatternError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ClaimPattern(Regex);

/// Why a [`ClaimPattern`] is none.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClaimPatternError {
    /// No group says what the number is.
    #[error("`{pattern}` has no group `(?<retries>\\d+)` or `(?<attempts>\\d+)`, which would be the number")]
    NoCount {
        /// As it was written.
        pattern: String,
    },
    /// It is not a regular expression.
    #[error("`{pattern}` is not a regular expression")]
    Syntax {
        /// As it was written.
        pattern: String,
        /// Why not.
        source: regex::Error,
    },
    /// Both groups are there.
    #[error("`{pattern}` has a group `retries` and a group `attempts`; one of them would be the number")]
    TwoCounts {
        /// As it was written.
        pattern: String,
    },
}

impl ClaimPattern {
    /// The pattern of this regular expression.
    ///
    /// # Errors
    ///
    /// If it is none, or if it does not have exactly one of the groups `retries` and `attempts`.
    pub fn new(pattern: &str) -> Result<Self, ClaimPatternError> {
        let regex =
            Regex::new(pattern).map_err(|source| ClaimPatternError::Syntax { pattern: pattern.to_owned(), source })?;
        let counts = regex.capture_names().flatten().filter(|name| [ATTEMPTS, RETRIES].contains(name)).count();
        match counts {
            0 => Err(ClaimPatternError::NoCount { pattern: pattern.to_owned() }),
            1 => Ok(Self(regex)),
            _ => Err(ClaimPatternError::TwoCounts { pattern: pattern.to_owned() }),
        }
    }
}

/// The last match of the first of these that has one.
pub(super) fn last(text: &str, patterns: &[ClaimPattern]) -> Option<Claim> {
    patterns.iter().find_map(|pattern| pattern.0.captures_iter(text).filter_map(|found| claim(&found)).last())
}

fn claim(found: &Captures<'_>) -> Option<Claim> {
    Some(Claim { count: count(found)?, text: found.get_match().as_str().to_owned() })
}

/// The number in one of the groups. `None` if it is too large.
pub(super) fn count(found: &Captures<'_>) -> Option<Count> {
    let number = |name| found.name(name)?.as_str().parse().ok();
    number(ATTEMPTS).map(Count::Attempts).or_else(|| number(RETRIES).map(Count::Retries))
}
