//! A rule with which nothing is wrong.

use std::{
    any::Any,
    collections::{BTreeMap, BTreeSet},
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::{
    entry::Entry,
    error::ParseError,
    request::Request,
    rng,
    rule::{Attempt, Play, Rule},
    script::{Script, Subject},
};

/// A rule with which nothing is wrong, as part of a schedule.
#[derive(Clone, Debug)]
pub(crate) struct Checked {
    rule: Rule,
    play: Play,
    subject: Subject,
    /// What it is to the generator.
    identity: u64,
    id: u64,
}

impl Checked {
    /// Checks rules. Those that stand beside `others` with the same texts draw different numbers; their ids count up
    /// from `id`.
    pub(super) fn all(
        rules: impl IntoIterator<Item = Rule>,
        others: &[Self],
        mut id: u64,
    ) -> Result<Vec<Self>, ParseError> {
        let taken: BTreeSet<u64> = others.iter().map(|other| other.identity).collect();
        let mut ordinals: BTreeMap<String, u64> = BTreeMap::new();
        let mut checked = Vec::new();
        for rule in rules {
            let play = rule.check()?;
            let text = rule.to_string();
            let ordinal = ordinals.entry(text.clone()).or_default();
            let mut next = || {
                *ordinal += 1;
                rng::rule_identity(&text, *ordinal - 1)
            };
            let mut identity = next();
            while taken.contains(&identity) {
                identity = next();
            }
            let subject = match &play {
                Play::Closure(_) => Subject::Requests,
                Play::Script(script) => script.subject(),
            };
            checked.push(Self { rule, play, subject, identity, id });
            id += 1;
        }
        Ok(checked)
    }

    /// The rule itself.
    pub(super) fn rule(&self) -> &Rule {
        &self.rule
    }

    #[cfg(test)]
    pub(super) fn identity(&self) -> u64 {
        self.identity
    }

    /// What tells it from all other rules that its ledger has, or had.
    pub(super) fn id(&self) -> u64 {
        self.id
    }

    /// What its script is about.
    pub(super) fn subject(&self) -> Subject {
        self.subject
    }

    /// Whether it decides on the `seen`th connection.
    pub(super) fn decides_connection(&self, seed: u64, seen: u64) -> bool {
        self.rule.decides(seen, || rng::draw(seed, self.identity, rng::CONNECTIONS, seen))
    }

    /// The entry at this place of its script, counted from 1; `None` behind the last one.
    pub(super) fn entry_at(&self, place: u64) -> Option<&Entry> {
        match &self.play {
            Play::Closure(_) => None,
            Play::Script(script) => script.get(place),
        }
    }

    /// The entries that it may play, as far as they are known.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let script = match &self.play {
            Play::Closure(_) => None,
            Play::Script(script) => Some(script),
        };
        script.into_iter().flat_map(Script::entries).map(|(entry, _)| entry)
    }

    /// Whether it is about this request; what a closure said that panicked.
    pub(super) fn matches(&self, request: &Request) -> Result<bool, String> {
        match self.rule.matches_but_for_closures(request) {
            true if self.rule.has_closure_matcher() => self.catch(|| self.rule.closures_match(request)),
            matches => Ok(matches),
        }
    }

    /// Whether it decides on the `seen`th attempt for the target of this request.
    pub(super) fn decides(&self, seed: u64, request: &Request, seen: u64) -> bool {
        self.rule.decides(seen, || {
            let target = rng::target_identity(request.target());
            rng::draw(seed, self.identity, target, seen)
        })
    }

    /// What it plays on this attempt, `None` if all is well; what a closure said that panicked.
    pub(super) fn entry(&self, attempt: &Attempt<'_>) -> Result<Option<Entry>, String> {
        match &self.play {
            Play::Closure(_) => self.catch(|| self.play.entry(attempt)),
            Play::Script(_) => Ok(self.play.entry(attempt)),
        }
    }

    /// Nothing of the core is changed while a closure runs, so that nothing is left half done if it panics.
    fn catch<T>(&self, closure: impl FnOnce() -> T) -> Result<T, String> {
        catch_unwind(AssertUnwindSafe(closure))
            .map_err(|panic| format!("a closure of the rule `{}` panicked: {}", self.rule, words(&*panic)))
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("without a word")
}
