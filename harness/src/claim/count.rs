//! Attempts, or retries.

use std::fmt;

/// How many attempts were made, or how many of them were retries.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Count {
    /// So many attempts, the first one among them.
    Attempts(u64),
    /// So many retries, after the first attempt.
    Retries(u64),
}

impl Count {
    /// How many retries these are: one less than attempts, never below 0.
    pub fn retries(self) -> u64 {
        match self {
            Self::Attempts(attempts) => attempts.saturating_sub(1),
            Self::Retries(retries) => retries,
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attempts(1) => f.write_str("1 attempt"),
            Self::Attempts(attempts) => write!(f, "{attempts} attempts"),
            Self::Retries(1) => f.write_str("1 retry"),
            Self::Retries(retries) => write!(f, "{retries} retries"),
        }
    }
}
