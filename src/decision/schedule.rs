//! The ordered rules plus the seed.

use std::{collections::BTreeMap, fmt};

use super::{entry::Entry, error::ParseError, request::Request, rng, rule::Rule, script::Script};

/// The ordered rules plus the seed. The first rule that matches an attempt decides it.
///
/// # Examples
///
/// ```
/// use flaky_server::Schedule;
///
/// let rules = Schedule::parse_rules(
///     "# wheels are flaky
///      *.whl probability=0.3: reset-after=50% x*
///      GET /index.html: status=503 x2, ok",
/// )?;
/// let schedule = Schedule::new(rules, 42)?;
/// assert_eq!(schedule.rules().len(), 2);
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    rules: Vec<Checked>,
    seed: u64,
}

/// A rule with which nothing is wrong.
#[derive(Clone, Debug)]
struct Checked {
    rule: Rule,
    script: Script,
    identity: u64,
}

impl Schedule {
    /// The schedule of these rules.
    ///
    /// # Errors
    ///
    /// If something that a rule was built from cannot be right: a pattern, a condition, faults that do not go together.
    pub fn new(rules: impl IntoIterator<Item = Rule>, seed: u64) -> Result<Self, ParseError> {
        let mut ordinals: BTreeMap<String, u64> = BTreeMap::new();
        let mut checked = Vec::new();
        for rule in rules {
            let script = rule.check()?;
            let text = rule.to_string();
            let ordinal = ordinals.entry(text.clone()).or_default();
            let identity = rng::rule_identity(&text, *ordinal);
            *ordinal += 1;
            checked.push(Checked { rule, script, identity });
        }
        Ok(Self { rules: checked, seed })
    }

    /// Reads one rule a line. Blank lines, and lines that start with `#`, say nothing.
    ///
    /// # Errors
    ///
    /// Says what is wrong with the first line that cannot be read.
    pub fn parse_rules(text: &str) -> Result<Vec<Rule>, ParseError> {
        let mut rules = Vec::new();
        let mut offset = 0;
        for line in text.split('\n') {
            let start = offset + (line.len() - line.trim_start().len());
            offset += line.len() + 1;
            let line = line.trim();
            if !line.is_empty() && !line.starts_with('#') {
                rules.push(line.parse().map_err(|e: ParseError| e.within(text, start))?);
            }
        }
        Ok(rules)
    }

    /// The rules, in order.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &Rule> {
        self.rules.iter().map(|checked| &checked.rule)
    }

    /// What all draws depend on.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether any rule depends on what earlier attempts did.
    pub fn is_order_dependent(&self) -> bool {
        self.rules().any(Rule::is_order_dependent)
    }

    /// The positions of the rules that are about this request.
    pub(super) fn matching(&self, request: &Request) -> impl Iterator<Item = usize> {
        self.rules.iter().enumerate().filter(|(_, checked)| checked.rule.matches(request)).map(|(i, _)| i)
    }

    /// Whether a rule decides on the `seen`th attempt for the target of this request.
    pub(super) fn decides(&self, rule: usize, request: &Request, seen: u64) -> bool {
        let checked = &self.rules[rule];
        checked.rule.decides(seen, || {
            let target = rng::target_identity(request.target());
            rng::draw(self.seed, checked.identity, target, seen)
        })
    }

    /// What a rule plays the `fired`th time; `None` behind its script's end.
    pub(super) fn entry(&self, rule: usize, fired: u64) -> Option<&Entry> {
        self.rules[rule].script.get(fired)
    }
}

impl fmt::Display for Schedule {
    /// One rule a line, as [`parse_rules`](Self::parse_rules) reads them. The seed is not part of it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules().try_for_each(|rule| writeln!(f, "{rule}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::Fault;

    #[test]
    fn rules_are_read_line_by_line() {
        let text = "# a comment\r\n\n  *.gz: drop\r\n/a first=1: hang";
        let rules = Schedule::parse_rules(text).unwrap();
        let schedule = Schedule::new(rules, 1).unwrap();
        assert_eq!(schedule.to_string(), "*.gz: drop\n/a first=1: hang\n");
        assert_eq!(Schedule::parse_rules(&schedule.to_string()).unwrap().len(), 2);
    }

    #[test]
    fn errors_name_the_line() {
        let error = Schedule::parse_rules("*.gz: drop\n  /a: ok dorp\n").unwrap_err();
        assert_eq!(
            error.to_string(),
            "line 2: unknown fault `dorp`\n    /a: ok dorp\n           ^^^^\n  did you mean `drop`?"
        );
    }

    #[test]
    fn defects_are_reported() {
        let rules = [Rule::any().fault(Fault::drop()), Rule::any().fault(Fault::status(1))];
        assert!(Schedule::new(rules, 0).is_err());
    }

    fn identities(text: &str) -> Vec<u64> {
        let schedule = Schedule::new(Schedule::parse_rules(text).unwrap(), 0).unwrap();
        schedule.rules.iter().map(|checked| checked.identity).collect()
    }

    #[test]
    fn inserting_a_rule_does_not_change_the_others() {
        let before = identities("*.gz: drop\n*.xz: drop\n*.gz: drop");
        let after = identities("/new: ok\n*.gz: drop\n/new: ok\n*.xz: drop\n*.gz: drop");
        assert_eq!([after[1], after[3], after[4]], before[..]);
        assert_ne!(before[0], before[2]);
    }
}
