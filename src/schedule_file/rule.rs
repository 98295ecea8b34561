//! Rules, and the names that a file has for parts of them.

use crate::Rule;

/// A rule, and the names of what it uses, so that it is written as it was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FileRule {
    /// All that it says.
    pub(super) rule: Rule,
    /// The name of the matcher that it uses, and the conditions beside it.
    pub(super) matcher: Option<(String, Rule)>,
    /// The name of the script that it uses.
    pub(super) script: Option<String>,
}

impl From<Rule> for FileRule {
    fn from(rule: Rule) -> Self {
        Self { rule, matcher: None, script: None }
    }
}
