//! What is played in a case.

use std::time::Duration;

use flaky_server::{Entry, ParseError, Rule, Schedule, Script, matchers};

use super::{Case, Expect};
use crate::audit::Mode;

/// What is played in a case.
#[derive(Clone, Debug)]
pub(crate) enum Play {
    /// An entry, again and again, possibly behind another one.
    Entry { before: Option<String>, bad: String },
    /// A script as it stands.
    Script(String),
    /// Several rules, with `{file}` for the path of the file under test.
    Rules(String),
}

impl Play {
    /// Whether this is written somewhere in it.
    pub(super) fn contains(&self, text: &str) -> bool {
        match self {
            Self::Entry { before, bad } => before.iter().chain([bad]).any(|entry| entry.contains(text)),
            Self::Script(all) | Self::Rules(all) => all.contains(text),
        }
    }
}

/// When the server is down.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Down {
    Always,
    /// From the beginning, for so long.
    For(Duration),
}

/// However large a budget is, no more attempts than that are broken before all is well.
const MOST_BROKEN: u64 = 2;

impl Case {
    /// How it is played.
    pub fn modes(&self) -> &'static [Mode] {
        match (&self.play, self.expect) {
            (Play::Entry { .. }, Expect::Reject | Expect::Retry) => &[Mode::Always, Mode::ThenGood],
            (Play::Entry { .. }, _) => &[Mode::Always],
            _ => &[Mode::Once],
        }
    }

    /// The rules that are played. `retries`: so many broken attempts a downloader gets over.
    pub(crate) fn rules(&self, mode: Mode, retries: u64, file: &str) -> Result<Vec<Rule>, ParseError> {
        let script = match &self.play {
            Play::Rules(rules) => return Schedule::parse_rules(&rules.replace("{file}", file)),
            Play::Script(script) => script.clone(),
            Play::Entry { before, bad } => entries(before.as_deref(), bad, mode, retries),
        };
        // What is about a connection happens before anybody knows what it will be asked for.
        let connections = script.parse::<Script>()?.entries().any(|(entry, _)| entry.is_connection_level());
        let rule = if connections { Rule::any() } else { Rule::when(matchers::path(file)) };
        Ok(vec![rule.script(&script)?])
    }

    /// Whether what it is about comes with the second attempt: who makes only one has not met it.
    pub(crate) fn is_later(&self) -> bool {
        self.later
            || self.resumes
            || match &self.play {
                Play::Entry { before, .. } => before.is_some(),
                Play::Script(script) => {
                    script.parse::<Script>().is_ok_and(|script| script.get(2).is_some_and(Entry::has_fault))
                        && !self.repeats()
                }
                Play::Rules(_) => false,
            }
    }

    /// Whether a script begins with the same entry twice: then it is about that.
    fn repeats(&self) -> bool {
        let Play::Script(script) = &self.play else { return false };
        script.parse::<Script>().is_ok_and(|script| script.get(1) == script.get(2))
    }

    /// How many attempts are broken before all is well, if ever it is.
    pub(crate) fn broken(&self, retries: u64) -> u64 {
        match &self.play {
            Play::Entry { before: Some(_), .. } => MOST_BROKEN,
            _ => retries.clamp(1, MOST_BROKEN),
        }
    }
}

fn entries(before: Option<&str>, bad: &str, mode: Mode, retries: u64) -> String {
    match (before, mode) {
        (None, Mode::ThenGood) => format!("{bad} x{}, ok", retries.clamp(1, MOST_BROKEN)),
        (Some(before), Mode::ThenGood) => format!("{before}, {bad}, ok"),
        (None, _) => format!("{bad} x*"),
        (Some(before), _) => format!("{before}, {bad} x*"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_becomes_two_scripts() {
        assert_eq!(entries(None, "drop", Mode::Always, 3), "drop x*");
        assert_eq!(entries(None, "drop", Mode::ThenGood, 3), "drop x2, ok");
        assert_eq!(entries(None, "drop", Mode::ThenGood, 1), "drop x1, ok");
        assert_eq!(entries(None, "drop", Mode::ThenGood, 0), "drop x1, ok");
        assert_eq!(entries(Some("reset"), "drop", Mode::ThenGood, 3), "reset, drop, ok");
        assert_eq!(entries(Some("reset"), "drop", Mode::Always, 3), "reset, drop x*");
    }
}
