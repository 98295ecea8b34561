//! The schedule that was played.

use std::{borrow::Cow, cmp::Reverse, collections::BTreeSet, fmt};

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
/// the same entries, whatever the seed. (Which bytes [`corrupt-bytes`](crate::decision::Fault::corrupt_bytes) inverts is a
/// matter of the seed: with the same one they are the same.)
///
/// In front of them is one for connections, if anything happened to one.
///
/// The rule of an exact path also matches the paths that decode to it. Longer paths come first for that reason, and a
/// target on which nothing happened has a rule if that of another would match it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Played {
    rules: Vec<String>,
    complete: bool,
    /// Whether a term that was played fires once.
    once: bool,
    connections: bool,
    chance: bool,
}

type Runs<'a> = &'a [(Entry, u64)];

impl Played {
    pub(super) fn new<'a>(
        connections: Runs<'_>,
        slots: impl Iterator<Item = (&'a Target, Runs<'a>)>,
        complete: bool,
    ) -> Self {
        let connections = happened(connections, Entry::is_plain_accept);
        let (eventful, calm): (Vec<_>, Vec<_>) =
            slots.partition(|(_, runs)| runs.iter().any(|(entry, _)| !entry.is_plain()));
        let once = eventful.iter().flat_map(|(_, runs)| *runs).any(|(entry, _)| entry.is_order_dependent());
        let chance = eventful.iter().flat_map(|(_, runs)| *runs).any(|(entry, _)| entry.takes_chance());
        let mut needed = eventful;
        let reach = Reach::of(needed.iter().map(|(target, _)| *target));
        needed.extend(calm.into_iter().filter(|(target, _)| reach.includes(target)));
        needed.sort_by_key(|(target, _)| (Reverse(target.path_and_query().len()), *target));
        // The head of a rule's text, with a script in the place of one that was read.
        let first = (!connections.is_empty()).then(|| Rule::any().text_with(&script(connections)));
        let rules = first.into_iter().chain(needed.iter().map(|(target, runs)| rule(target, runs))).collect();
        Self { rules, complete, once, connections: !connections.is_empty(), chance }
    }

    /// The rules, as their texts.
    pub fn rules(&self) -> impl ExactSizeIterator<Item = &str> {
        self.rules.iter().map(String::as_str)
    }

    /// Whether every attempt is in it. It is not if there were more targets or changes than the ledger remembers.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether a term that was played depends on what earlier attempts did, or happened to a connection, so that the same
    /// entries need not come to the same bytes.
    pub fn is_order_dependent(&self) -> bool {
        self.once || self.connections
    }

    /// Whether a term that was played depends on what earlier attempts received.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program is the one that tells"))]
    pub(crate) fn has_once_only(&self) -> bool {
        self.once
    }

    /// Whether what it comes to depends on the seed.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program is the one that tells"))]
    pub(crate) fn takes_chance(&self) -> bool {
        self.chance
    }

    /// Whether the first rule is about connections.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program is the one that tells"))]
    pub(crate) fn has_connections(&self) -> bool {
        self.connections
    }
}

impl fmt::Display for Played {
    /// One rule a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rules().try_for_each(|rule| writeln!(f, "{rule}"))
    }
}

/// Method, path and query.
type Parts<'a> = (&'a str, Cow<'a, [u8]>, Cow<'a, [u8]>);

/// Which targets the exact rules of others match.
struct Reach<'a> {
    targets: BTreeSet<Parts<'a>>,
    /// Targets without a `/`, as in `OPTIONS *`: their patterns are about the last segment.
    segments: Vec<&'a Target>,
}

impl<'a> Reach<'a> {
    fn of(targets: impl Iterator<Item = &'a Target>) -> Self {
        let mut reach = Self { targets: BTreeSet::new(), segments: Vec::new() };
        for target in targets {
            reach.targets.insert((target.method(), raw(target.path()), raw(query(target))));
            if !target.path().contains('/') {
                reach.segments.push(target);
            }
        }
        reach
    }

    fn includes(&self, target: &'a Target) -> bool {
        let paths = [raw(target.path()), decoded(target.path())];
        let queries = [raw(query(target)), decoded(query(target))];
        let request = Request::new(target.clone());
        paths.iter().any(|path| {
            let reached =
                |query: &Cow<'a, [u8]>| self.targets.contains(&(target.method(), path.clone(), query.clone()));
            queries.iter().any(reached)
        }) || self.segments.iter().any(|other| exact(other).matches(&request))
    }
}

fn raw(text: &str) -> Cow<'_, [u8]> {
    Cow::Borrowed(text.as_bytes())
}

fn query(target: &Target) -> &str {
    target.query().unwrap_or_default()
}

fn rule(target: &Target, runs: Runs<'_>) -> String {
    let happened = happened(runs, Entry::is_plain);
    let script = if happened.is_empty() { "ok".to_owned() } else { script(happened) };
    Rule::when(exact(target)).text_with(&script)
}

/// What happened up to the last entry that is not plain: after the last one of a script all is well.
fn happened(runs: Runs<'_>, is_plain: impl Fn(&Entry) -> bool) -> Runs<'_> {
    let happened = runs.iter().rposition(|(entry, _)| !is_plain(entry)).map_or(0, |last| last + 1);
    &runs[..happened]
}

fn script(runs: Runs<'_>) -> String {
    let entries = runs.iter().map(|(entry, times)| match times {
        1 => entry.to_string(),
        n => format!("{entry} x{n}"),
    });
    entries.collect::<Vec<_>>().join(", ")
}
