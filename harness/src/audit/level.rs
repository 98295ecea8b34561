//! How binding something is.

use std::fmt;

/// How binding it is what a finding is about.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The tool's own promise: its budget, its limits in time, what it says.
    Policy,
    /// What a standard recommends, or every user expects.
    Should,
    /// What a standard demands.
    Must,
}

impl fmt::Display for Level {
    /// `MUST`, as in RFC 2119.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Policy => "POLICY",
            Self::Should => "SHOULD",
            Self::Must => "MUST",
        })
    }
}
