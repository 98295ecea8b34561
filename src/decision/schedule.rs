//! The ordered rules plus the seed.

use std::fmt;

use super::{checked::Checked, error::ParseError, fault::Fault, mirror, rule::Rule};

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

impl Schedule {
    /// The schedule of these rules.
    ///
    /// # Errors
    ///
    /// If something that a rule was built from cannot be right: a pattern, a condition, faults that do not go together.
    pub fn new(rules: impl IntoIterator<Item = Rule>, seed: u64) -> Result<Self, ParseError> {
        Ok(Self { rules: Checked::all(rules, &[], 0)?, seed })
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
        self.rules.iter().map(Checked::rule)
    }

    /// What all draws depend on.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Whether any rule [depends](Rule::is_order_dependent) on when and in which order attempts come.
    pub fn is_order_dependent(&self) -> bool {
        self.rules().any(Rule::is_order_dependent)
    }

    /// The same, for a server without a second port.
    ///
    /// # Errors
    ///
    /// If a rule sends clients to it.
    pub(crate) fn check_without_mirror(&self) -> Result<(), ParseError> {
        let named = |rule: &&Checked| rule.entries().any(|entry| entry.terms().iter().any(Fault::needs_mirror));
        let Some(rule) = self.rules.iter().find(named) else { return Ok(()) };
        let text = rule.rule().to_string();
        Err(mirror::missing(&text, Rule::script_of(&text)).with_help("add a mirror, with `--mirror`"))
    }

    /// The rules, in order.
    pub(super) fn checked(&self) -> &[Checked] {
        &self.rules
    }

    /// Puts a rule in front of the others.
    pub(super) fn insert(&mut self, rule: Rule, id: u64) -> Result<(), ParseError> {
        let rule = Checked::all([rule], &self.rules, id)?;
        self.rules.splice(..0, rule);
        Ok(())
    }

    /// Keeps some of the rules, in front, and puts others in the place of all that are not kept. If one of them is
    /// wrong, all stays as it is.
    pub(super) fn replace(
        &mut self,
        keep: impl Fn(u64) -> bool,
        rules: impl IntoIterator<Item = Rule>,
        first_id: u64,
    ) -> Result<Vec<Checked>, ParseError> {
        let mut kept: Vec<_> = self.rules.iter().filter(|rule| keep(rule.id())).cloned().collect();
        kept.extend(Checked::all(rules, &kept, first_id)?);
        Ok(std::mem::replace(&mut self.rules, kept))
    }

    /// Takes a rule away, if it is there, and returns it.
    pub(super) fn remove(&mut self, id: u64) -> Option<Checked> {
        let place = self.rules.iter().position(|rule| rule.id() == id)?;
        Some(self.rules.remove(place))
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

    #[test]
    fn who_is_sent_to_no_mirror_is_shown_where() {
        for text in [
            "/{mirror}*: status=503 body={mirror}, status=302 location={mirror}/",
            "*: status=302 location={mirror}{path} x*",
        ] {
            let schedule = Schedule::new(Schedule::parse_rules(text).unwrap(), 0).unwrap();
            let error = schedule.check_without_mirror().unwrap_err();
            let place = text.rfind("{mirror}").unwrap();
            assert_eq!((error.input(), error.span()), (text, place..place + 8));
        }
        let built = Rule::any().fault(Fault::status(302)).modifier(Fault::location("{mirror}/"));
        let error = Schedule::new([built], 0).unwrap().check_without_mirror().unwrap_err();
        assert_eq!(&error.input()[error.span()], "{mirror}");
        let text = "/{mirror}: status=503 body={mirror}";
        assert!(Schedule::new([text.parse().unwrap()], 0).unwrap().check_without_mirror().is_ok());
    }

    fn identities(text: &str) -> Vec<u64> {
        let schedule = Schedule::new(Schedule::parse_rules(text).unwrap(), 0).unwrap();
        schedule.rules.iter().map(Checked::identity).collect()
    }

    #[test]
    fn inserting_a_rule_does_not_change_the_others() {
        let before = identities("*.gz: drop\n*.xz: drop\n*.gz: drop");
        let after = identities("/new: ok\n*.gz: drop\n/new: ok\n*.xz: drop\n*.gz: drop");
        assert_eq!([after[1], after[3], after[4]], before[..]);
        assert_ne!(before[0], before[2]);
    }

    #[test]
    fn a_rule_that_comes_back_is_the_same_to_the_generator() {
        let rule = || "*.gz: drop".parse::<Rule>().unwrap();
        let mut schedule = Schedule::new([rule(), rule()], 0).unwrap();
        let identities = |schedule: &Schedule| schedule.rules.iter().map(Checked::identity).collect::<Vec<_>>();
        let before = identities(&schedule);
        schedule.insert(rule(), 2).unwrap();
        let with = identities(&schedule);
        assert_eq!(with[1..], before);
        assert!(!before.contains(&with[0]));
        schedule.remove(2);
        schedule.insert(rule(), 3).unwrap();
        assert_eq!(identities(&schedule), with);
        schedule.remove(0);
        schedule.insert(rule(), 4).unwrap();
        assert_eq!(identities(&schedule)[0], before[0]);
    }
}
