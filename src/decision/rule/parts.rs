//! What the text of a rule is made of.

use super::words::{condition, separator, words};
use super::{CONDITIONS, Rule};

/// What the text of a rule is made of.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct RuleParts {
    /// The method, if it stands before the pattern, and the pattern.
    pub(crate) pattern: String,
    /// The names and values of the conditions, as [`Rule::add_condition`] takes them.
    pub(crate) conditions: Vec<(&'static str, String)>,
    /// The script; empty if there is none.
    pub(crate) script: String,
    head: String,
}

impl RuleParts {
    /// What stands before the script.
    pub(crate) fn head(self) -> String {
        self.head
    }
}

/// The value of a condition without a `\` before each space, where it stands by itself and means the same.
fn unescaped(name: &str, value: &str) -> String {
    let (mut bare, mut chars) = (String::new(), value.chars().peekable());
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_whitespace() => {}
            Some(_) if c == '\\' => {
                bare.push(c);
                bare.extend(chars.next());
            }
            _ => bare.push(c),
        }
    }
    let read = |value: &str| {
        let mut rule = Rule::any();
        rule.add_condition(name, value).ok().map(|()| rule.to_string())
    };
    if bare != value && read(&bare) == read(value) { bare } else { value.to_owned() }
}

impl Rule {
    /// What its text is made of.
    pub(crate) fn parts(&self) -> RuleParts {
        let text = self.to_string();
        let colon = separator(&text).unwrap_or(text.len());
        let words = words(&text[..colon]);
        // The first word is a pattern or a method, whatever it looks like.
        let first = words.iter().skip(1).position(|word| condition(&text[word.clone()]).is_some());
        let (pattern, rest) = words.split_at(first.map_or(words.len(), |first| first + 1));
        let pattern: Vec<&str> = pattern.iter().map(|word| &text[word.clone()]).collect();
        let conditions = rest.iter().filter_map(|word| condition(&text[word.clone()]));
        let conditions = conditions.filter_map(|(name, value)| {
            let name = CONDITIONS.into_iter().find(|condition| *condition == name)?;
            Some((name, unescaped(name, value)))
        });
        RuleParts {
            pattern: pattern.join(" "),
            conditions: conditions.collect(),
            script: text.get(colon + 1..).unwrap_or_default().trim().to_owned(),
            head: text[..colon].to_owned(),
        }
    }
}
