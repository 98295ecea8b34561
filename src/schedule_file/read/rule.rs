//! Rules, and what they use by name.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Reader;
use crate::decision::{ParseError, did_you_mean, nearest};
use crate::schedule_file::at::At;
use crate::schedule_file::document::{RuleEntry, RuleTable};
use crate::schedule_file::rule::FileRule;
use crate::schedule_file::texts::Texts;
use crate::units::quoted;
use crate::{Rule, Script};

/// What a rule may use by its name.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) matchers: &'a BTreeMap<String, Rule>,
    pub(super) scripts: &'a BTreeMap<String, Script>,
}

impl Reader<'_> {
    pub(super) fn head(self, head: &At<String>) -> Result<Rule, ParseError> {
        Rule::parse_head(&head.value).map_err(|error| self.inside(head.as_str(), error))
    }

    /// A script, or the entries of one.
    pub(super) fn script(self, script: &At<Texts>) -> Result<Script, ParseError> {
        let texts: Vec<_> = script.each().collect();
        for text in &texts {
            text.value.parse::<Script>().map_err(|error| self.inside(text.clone(), error))?;
        }
        let joined = texts.iter().map(|text| text.value).collect::<Vec<_>>().join(",");
        joined.parse().map_err(|error: ParseError| {
            // Each may be right, and not all of them together.
            let mut ends = texts.iter().scan(0, |end, text| {
                *end += text.value.len() + 1;
                Some((*end, text))
            });
            let span = ends.find(|(end, _)| error.span().start < *end).map_or(&script.span, |(_, text)| &text.span);
            error.seen_as(self.text, span.clone())
        })
    }

    pub(super) fn rule(self, rule: &At<RuleEntry>, names: Names<'_>) -> Result<FileRule, ParseError> {
        match &rule.value {
            RuleEntry::Table(table) => self.rule_of_table(&rule.span, table, names),
            RuleEntry::Text(text) => {
                let place = At { span: rule.span.clone(), value: text.as_str() };
                text.parse().map(|rule: Rule| rule.into()).map_err(|error| self.inside(place, error))
            }
        }
    }

    fn rule_of_table(self, span: &Range<usize>, table: &RuleTable, names: Names<'_>) -> Result<FileRule, ParseError> {
        let (mut rule, used) = match (&table.matches, &table.use_matcher) {
            (None, None) => (Rule::any(), None),
            (Some(head), None) => (self.match_of(head, names)?, None),
            (None, Some(name)) => (self.used("matcher", name, names.matchers)?, Some(&name.value)),
            (Some(_), Some(name)) => return Err(self.wrong(&name.span, "`match` and `use-matcher` say the same thing")),
        };
        let mut beside = Rule::any();
        for (name, value) in conditions(table) {
            if rule.has_condition(name) {
                return Err(self.wrong(&value.span, format!("the rule has the condition `{name}` already")));
            }
            for rule in [&mut beside, &mut rule] {
                rule.add_condition(name, value.value).map_err(|error| self.inside(value.clone(), error))?;
            }
            if let Some(defect) = rule.head_defect() {
                return Err(defect.seen_as(self.text, value.span));
            }
        }
        let (script, place) = match (&table.script, &table.use_script) {
            (Some(script), None) => (self.script_of(script, names)?, &script.span),
            (None, Some(name)) => (self.used("script", name, names.scripts)?, &name.span),
            (Some(_), Some(name)) => return Err(self.wrong(&name.span, "`script` and `use-script` say the same thing")),
            (None, None) => {
                let error = self.wrong(span, "the rule does not say what happens");
                return Err(error.with_help("`script = \"ok\"` lets all be well"));
            }
        };
        Ok(FileRule {
            rule: rule.plays(script).map_err(|error| error.seen_as(self.text, place.clone()))?,
            matcher: used.map(|name| (name.clone(), beside)),
            script: table.use_script.as_ref().map(|name| name.value.clone()),
        })
    }

    /// What `match` says, unless it is a name.
    fn match_of(self, head: &At<String>, names: Names<'_>) -> Result<Rule, ParseError> {
        let name = head.value.trim();
        if names.matchers.contains_key(name) {
            let message = format!("{} is the name of a matcher, and `match` takes a pattern", quoted(name));
            return Err(self.wrong(&head.span, message).with_help(format!(
                "write `use-matcher = \"{name}\"`, or `match = \"**/{name}\"` if it is a pattern"
            )));
        }
        self.head(head)
    }

    /// What `script` says; whoever wrote a name there is told so.
    fn script_of(self, script: &At<Texts>, names: Names<'_>) -> Result<Script, ParseError> {
        self.script(script).map_err(|error| match &script.value {
            Texts::One(name) if names.scripts.contains_key(name.trim()) => {
                error.with_help(format!("there is a script of this name: `use-script = \"{}\"`", name.trim()))
            }
            _ => error,
        })
    }

    /// What has this name.
    fn used<T: Clone>(self, what: &str, name: &At<String>, named: &BTreeMap<String, T>) -> Result<T, ParseError> {
        named.get(&name.value).cloned().ok_or_else(|| {
            let error = self.wrong(&name.span, format!("there is no {what} {}", quoted(&name.value)));
            let near = did_you_mean(&nearest(&name.value, named.keys().map(String::as_str)));
            error.with_help(near.unwrap_or_else(|| format!("it is one of the table `{what}s`, by its name")))
        })
    }
}

/// The conditions that a rule has as keys; what counts comes first.
fn conditions(table: &RuleTable) -> impl Iterator<Item = (&'static str, At<&str>)> {
    fn one<'a, S: AsRef<str>>(name: &'static str, value: &'a Option<At<S>>) -> Option<(&'static str, At<&'a str>)> {
        let At { span, value } = value.as_ref()?;
        Some((name, At { span: span.clone(), value: value.as_ref() }))
    }

    fn many<'a>(
        name: &'static str,
        values: &'a Option<At<Texts>>,
    ) -> impl Iterator<Item = (&'static str, At<&'a str>)> {
        values.iter().flat_map(At::each).map(move |value| (name, value))
    }

    let RuleTable {
        matches: _,
        use_matcher: _,
        first,
        nth,
        every,
        attempts,
        probability,
        per,
        path,
        method,
        query,
        header,
        range,
        connection,
        resend,
        from,
        lasting,
        script: _,
        use_script: _,
    } = table;
    let counting = [
        one("first", first),
        one("nth", nth),
        one("every", every),
        one("attempts", attempts),
        one("probability", probability),
        one("per", per),
    ];
    let facts = [
        one("range", range),
        one("connection", connection),
        one("resend", resend),
        one("from", from),
        one("for", lasting),
    ];
    counting
        .into_iter()
        .flatten()
        .chain(many("path", path))
        .chain(many("method", method))
        .chain(many("query", query))
        .chain(many("header", header))
        .chain(facts.into_iter().flatten())
}
