//! What a schedule can be given as.

use flaky_server::{ParseError, Rule, Schedule, Script};

/// What a trial can be given as its schedule.
///
/// A script (`"reset-after=1MB x2, ok"`), which is about every file; a [`Rule`] or several; a [`Schedule`], which brings
/// its seed along.
pub trait IntoRules {
    /// The rules, and the seed if there is one.
    ///
    /// # Errors
    ///
    /// If the text cannot be read; the error shows the place.
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError>;
}

impl IntoRules for &str {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        Ok((vec![Rule::any().script(self)?], None))
    }
}

impl IntoRules for String {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        self.as_str().into_rules()
    }
}

impl IntoRules for Script {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        self.to_string().into_rules()
    }
}

impl IntoRules for Rule {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        Ok((vec![self], None))
    }
}

impl IntoRules for Vec<Rule> {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        Ok((self, None))
    }
}

impl<const N: usize> IntoRules for [Rule; N] {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        Ok((self.into(), None))
    }
}

impl IntoRules for Schedule {
    fn into_rules(self) -> Result<(Vec<Rule>, Option<u64>), ParseError> {
        Ok((self.rules().cloned().collect(), Some(self.seed())))
    }
}
