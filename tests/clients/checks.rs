//! What was expected and did not come, all of it, with the evidence below.

use std::fmt::{Debug, Display, Write as _};

use serde_json::Value;

use crate::Result;
use crate::program::Journal;

#[derive(Default)]
pub(crate) struct Checks {
    failures: Vec<String>,
}

impl Checks {
    pub(crate) fn equal<T: PartialEq<E> + Debug, E: Debug>(&mut self, what: &str, got: &T, expected: &E) {
        if got != expected {
            self.failures.push(format!("{what}\n  expected: {expected:?}\n  got:      {got:?}"));
        }
    }

    /// What the attempts have under this key, in their order.
    pub(crate) fn column(&mut self, journal: &Journal, key: &str, expected: impl Into<Value>) {
        let (got, expected) = (journal.column(key), expected.into());
        if got != expected {
            self.failures.push(format!("`{key}` in the journal\n  expected: {expected}\n  got:      {got}"));
        }
    }

    /// For what is many lines long.
    pub(crate) fn equal_lines(&mut self, what: &str, got: &[String], expected: &[String]) {
        if got != expected {
            let mut text = format!("{what}: `-` was expected, `+` came");
            let common = got.iter().zip(expected).take_while(|(got, expected)| got == expected).count();
            for (sign, lines) in [(' ', &got[..common]), ('-', &expected[common..]), ('+', &got[common..])] {
                for line in lines {
                    write!(text, "\n  {sign} {line}").unwrap();
                }
            }
            self.failures.push(text);
        }
    }

    pub(crate) fn holds(&mut self, what: impl Display, it_does: bool) {
        if !it_does {
            self.failures.push(format!("does not hold: {what}"));
        }
    }

    /// Whether all is as expected.
    pub(crate) fn verdict(self, evidence: &[&dyn Display]) -> Result<()> {
        if self.failures.is_empty() {
            return Ok(());
        }
        let mut text = self.failures.join("\n");
        for piece in evidence {
            write!(text, "\n\n{piece}").unwrap();
        }
        Err(text.into())
    }
}
