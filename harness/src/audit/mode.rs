//! How a case is played.

use std::fmt;

/// How a case is played.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Mode {
    /// Every attempt is broken.
    Always,
    /// As its script says, which has an end.
    Once,
    /// The first attempts are broken, as many as the budget allows and no more than two; then all is well.
    ThenGood,
}

impl Mode {
    /// As it stands behind the name of a case: `reset-mid-body:then-good`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Once => "once",
            Self::ThenGood => "then-good",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
