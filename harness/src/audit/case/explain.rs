//! A case for people.

use std::fmt::Write as _;

use super::{Case, Down, Expect, Play};

impl Case {
    /// All that there is to say of it: what happens on the wire, what a good downloader does, why it matters.
    pub fn explain(&self) -> String {
        let number = self.number.as_ref().map_or_else(String::new, |number| format!(", number {number}"));
        let mut text = format!("{} ({}{number}): {}\n", self.name, self.group, self.title);
        let mut section = |title: &str, body: &str| {
            if !body.is_empty() {
                let _ = write!(text, "\n{title}\n{}", crate::report::indented(body));
            }
        };
        section("on the wire", &self.wire);
        section("played", &self.played());
        section("a good downloader", &self.good);
        section("why it matters", &self.why);
        section(&format!("{}, after", self.level), &self.clauses.join(", "));
        section("seen in", &self.issues.join(", "));
        section("expected", self.expect.meaning());
        text
    }

    /// What a good downloader does, in the first sentence that there is about it.
    pub(crate) fn good_in_short(&self) -> Option<String> {
        let good = self.good.split_whitespace().collect::<Vec<_>>().join(" ");
        let end = good.find(". ").unwrap_or(good.len());
        Some(good[..end].trim_end_matches('.').to_owned()).filter(|good| !good.is_empty())
    }

    /// What is played, as text.
    pub(crate) fn played(&self) -> String {
        let mut text = match &self.play {
            Play::Entry { before, bad } => {
                let before = before.as_ref().map_or_else(String::new, |before| format!("{before}, "));
                let modes: Vec<_> = self.modes().iter().map(|mode| mode.name()).collect();
                format!("{before}{bad} ({})", modes.join(" and "))
            }
            Play::Script(script) => script.clone(),
            Play::Rules(rules) => rules.trim().to_owned(),
        };
        match &self.down {
            None => {}
            Some(Down::Always) => text += "\ndown always",
            Some(Down::For(time)) => drop(write!(text, "\ndown for {time:?}")),
        }
        if let Some(disk) = self.disk {
            let _ = write!(text, "\na file can have {disk}");
        }
        if let Some(crowd) = self.crowd {
            let _ = write!(text, "\n{crowd} at once");
        }
        text
    }
}

impl Expect {
    fn meaning(self) -> &'static str {
        match self {
            Self::Any => "to have the file, exact to the byte, and to fail are both right",
            Self::Complete => "success, and the file",
            Self::Final => "one attempt, and failure",
            Self::Reject => "failure or another attempt; never what was sent in the place of the file",
            Self::Retry => "another attempt, until the file is there or the budget is used up",
        }
    }
}
