//! The ordered rules plus the seed.

use std::fmt;

use super::{checked::Checked, error::ParseError, fault::Fault, mirror, rule::Rule, script::Subject};

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

    /// The rules that never decide, each behind one that decides on everything: it has no condition, and is about the same,
    /// requests or connections. A script that has ended decides as well, that all is well.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Schedule;
    ///
    /// let rules = Schedule::parse_rules("*.whl: drop\n*: status=503 x2\n*.gz: drop x*")?;
    /// let schedule = Schedule::new(rules, 0)?;
    /// let unreached: Vec<_> = schedule.unreached().map(|(rule, before)| (rule.to_string(), before.to_string())).collect();
    /// assert_eq!(unreached, [("*.gz: drop x*".to_owned(), "*: status=503 x2".to_owned())]);
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn unreached(&self) -> impl Iterator<Item = (&Rule, &Rule)> {
        let (mut requests, mut connections) = (None, None);
        self.rules.iter().filter_map(move |checked| {
            let before = match checked.subject() {
                Subject::Connections => &mut connections,
                Subject::Requests => &mut requests,
                // What one of them passes over is the other's, and it may be reached by either.
                Subject::Both => return None,
            };
            let rule = checked.rule();
            match *before {
                None => {
                    *before = rule.decides_all().then_some(rule);
                    None
                }
                Some(before) => Some((rule, before)),
            }
        })
    }

    /// Checks that no rule sends clients to a second port, for a server that has none.
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
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;
    use crate::decision::{Fault, Ledger, Limits, Request, Target};

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

    #[track_caller]
    fn check_unreached(text: &str, expected: &[&str]) {
        let schedule = Schedule::new(Schedule::parse_rules(text).unwrap(), 0).unwrap();
        let unreached: Vec<_> = schedule.unreached().map(|(rule, before)| format!("{rule} | {before}")).collect();
        assert_eq!(unreached, expected, "{text}");
    }

    #[test]
    fn behind_a_rule_about_everything_nothing_is_reached() {
        check_unreached("*.gz: drop\n*: ok", &[]);
        check_unreached("*: ok\n*.gz: drop\n*: hang", &["*.gz: drop | *: ok", "*: hang | *: ok"]);
        check_unreached("* per=path: drop\n*: ok", &["*: ok | * per=path: drop"]);
        for condition in [
            "first=2",
            "nth=1",
            "every=2",
            "attempts=2..",
            "probability=0.5",
            "path=/a",
            "method=GET",
            "query=a",
            "header=a",
            "range=no",
            "connection=fresh",
            "resend=no",
            "from=1s",
            "for=1s",
        ] {
            check_unreached(&format!("* {condition}: ok x*\n*.gz: drop"), &[]);
        }
        check_unreached("/*: ok\n*.gz: drop", &[]);
        // Connections and requests are decided on apart; a script about both passes some of either over.
        check_unreached("*: reset-on-accept\n*.gz: drop", &[]);
        check_unreached("*: ok\n*: reset-on-accept", &[]);
        check_unreached("*: accept, ok\n*.gz: drop\n*: reset-on-accept", &[]);
        check_unreached("*: accept\n*: reset-on-accept x*", &["*: reset-on-accept x* | *: accept"]);
        let closures = [Rule::any().decide(|_| None), Rule::any().fault(Fault::drop())];
        assert_eq!(Schedule::new(closures, 0).unwrap().unreached().count(), 1);
        let closures = [Rule::when(|_: &Request| true).fault(Fault::drop()), Rule::any().fault(Fault::drop())];
        assert_eq!(Schedule::new(closures, 0).unwrap().unreached().count(), 0);
    }

    proptest! {
        /// Taken away, they are not missed.
        #[test]
        fn what_is_never_reached_is_not_missed(
            rules in prop::collection::vec((prop::sample::select(HEADS), prop::sample::select(SCRIPTS)), 1..5),
            asked in prop::collection::vec((prop::sample::select(&["/a.gz", "/b"][..]), any::<bool>()), 0..12),
        ) {
            let rules = rules.iter().map(|(head, script)| format!("{head}: {script}").parse::<Rule>());
            // A head that is not about everything has no connections.
            let rules: Vec<Rule> = rules.filter_map(Result::ok).collect();
            let schedule = Schedule::new(rules, 7).unwrap();
            let unreached: Vec<_> = schedule.unreached().map(|(rule, _)| std::ptr::from_ref(rule)).collect();
            let reached = schedule.rules().filter(|rule| !unreached.contains(&std::ptr::from_ref(*rule))).cloned();
            let reached = Schedule::new(reached, 7).unwrap();
            let play = |schedule: &Schedule| {
                let mut ledger = Ledger::new(schedule.clone(), Limits::default());
                let decide = |(i, (path, connects)): (usize, &(&str, bool))| match connects {
                    true => ledger.decide_connection(i as u64 + 1, Duration::ZERO).map(|entry| entry.to_string()),
                    false => Some(ledger.decide(&Request::new(Target::new("GET", path))).entry().to_string()),
                };
                asked.iter().enumerate().map(decide).collect::<Vec<_>>()
            };
            prop_assert_eq!(play(&schedule), play(&reached));
        }
    }

    const HEADS: &[&str] = &["*", "*", "* first=1", "*.gz", "* per=rule", "* nth=2"];
    const SCRIPTS: &[&str] =
        &["drop", "hang x*", "ok, drop", "accept, reset-on-accept", "accept, drop x2", "reset-on-accept x*"];

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
