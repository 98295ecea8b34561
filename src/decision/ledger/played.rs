//! The schedule that was played.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use crate::decision::{
    entry::Entry,
    matchers::exact,
    request::{Request, decoded},
    rule::Rule,
    target::Target,
};

/// The schedule that was played: what happened on each attempt for each target, as rules.
///
/// It has one rule for each target on which something happened. Read back with
/// [`Schedule::parse_rules`](crate::decision::Schedule::parse_rules), and asked for the same targets as often, it plays
/// the same entries, whatever the seed.
///
/// The rule of an exact path also matches the paths that decode to it. Longer paths come first for that reason, and a
/// target on which nothing happened has a rule if that of another would match it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Played {
    rules: Vec<String>,
    complete: bool,
    order_dependent: bool,
}

type Runs<'a> = &'a [(Entry, u64)];

impl Played {
    pub(super) fn new<'a>(slots: impl Iterator<Item = (&'a Target, Runs<'a>)>, complete: bool) -> Self {
        let (eventful, calm): (Vec<_>, Vec<_>) =
            slots.partition(|(_, runs)| runs.iter().any(|(entry, _)| !entry.is_plain()));
        let order_dependent = eventful.iter().flat_map(|(_, runs)| *runs).any(|(entry, _)| entry.is_order_dependent());
        let mut needed = eventful;
        let reach = Reach::of(needed.iter().map(|(target, _)| *target));
        needed.extend(calm.into_iter().filter(|(target, _)| reach.includes(target)));
        needed.sort_by_key(|(target, _)| (Reverse(target.path_and_query().len()), *target));
        Self { rules: needed.iter().map(|(target, runs)| rule(target, runs)).collect(), complete, order_dependent }
    }

    /// The rules, as their texts.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &str> {
        self.rules.iter().map(String::as_str)
    }

    /// Whether every attempt is in it. It is not if there were more targets or changes than the ledger remembers.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether a term that was played depends on what earlier attempts did, so that the same entries need not come to
    /// the same bytes.
    pub fn is_order_dependent(&self) -> bool {
        self.order_dependent
    }
}

impl fmt::Display for Played {
    /// One rule a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules().try_for_each(|rule| writeln!(f, "{rule}"))
    }
}

/// Which targets the exact rules of others may match.
struct Reach<'a> {
    by_decoded_path: BTreeMap<Vec<u8>, BTreeSet<&'a str>>,
    /// Paths without a `/`, as in `OPTIONS *`: patterns of the last segment.
    segments: Vec<&'a Target>,
}

impl<'a> Reach<'a> {
    fn of(targets: impl Iterator<Item = &'a Target>) -> Self {
        let mut reach = Self { by_decoded_path: BTreeMap::new(), segments: Vec::new() };
        for target in targets {
            let methods = reach.by_decoded_path.entry(target.path().into()).or_default();
            methods.insert(target.method());
            if !target.path().contains('/') {
                reach.segments.push(target);
            }
        }
        reach
    }

    /// Errs on the side of a rule too many, which does no harm.
    fn includes(&self, target: &Target) -> bool {
        let reached =
            |path: &[u8]| self.by_decoded_path.get(path).is_some_and(|methods| methods.contains(target.method()));
        let request = Request::new(target.clone());
        reached(target.path().as_bytes())
            || reached(&decoded(target.path()))
            || self.segments.iter().any(|other| exact(other).matches(&request))
    }
}

fn rule(target: &Target, runs: Runs<'_>) -> String {
    let happened = runs.iter().rposition(|(entry, _)| !entry.is_plain()).map_or(0, |last| last + 1);
    let entries: Vec<String> = runs[..happened]
        .iter()
        .map(|(entry, times)| match times {
            1 => entry.to_string(),
            n => format!("{entry} x{n}"),
        })
        .collect();
    let script = if entries.is_empty() { "ok".to_owned() } else { entries.join(", ") };
    // The head of the rule's text, with this script in the place of one that was read.
    Rule::when(exact(target)).text_with(&script)
}
