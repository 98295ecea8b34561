//! A schedule as it is written: one way for each.

use std::fmt;

use super::ScheduleFile;
use super::at::At;
use super::document::{Document, FixtureTable, LimitsTable, RuleEntry, RuleTable, Template};
use super::fixture::{FileFixture, Source};
use super::limits::FileLimits;
use super::rule::FileRule;
use super::scalar::{Amount, Chance, Connection, Count, Per, Seed, Size, Time, YesNo};
use super::texts::Texts;
use crate::decision::RuleParts;
use crate::units::display_duration;

impl fmt::Display for ScheduleFile {
    /// The canonical form, in TOML: what is read back is equal. Comments are not kept.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&toml::to_string_pretty(&document(self)).map_err(|_| fmt::Error)?)
    }
}

/// What stands in the file.
pub(super) fn document(file: &ScheduleFile) -> Document {
    Document {
        schema: None,
        // As a string of several lines, if it has several.
        why: file.why.as_ref().map(|why| if why.contains('\n') { format!("{why}\n") } else { why.clone() }),
        seed: file.seed.map(seed),
        down: Texts::of(file.downtimes.iter().map(ToString::to_string).collect()),
        mirror: file.mirror,
        hidden: file.hidden,
        listing: (!file.listing).then_some(false),
        precompressed: file.precompressed,
        limits: limits(&file.limits),
        matchers: file.matchers.iter().map(|(name, head)| (name.clone(), head.parts().head().into())).collect(),
        scripts: file.scripts.iter().map(|(name, script)| (name.clone(), one(script.to_string()))).collect(),
        fixtures: file.fixtures.iter().map(|each| fixture(each).into()).collect(),
        rules: file.rules.iter().map(|each| rule(each).into()).collect(),
    }
}

fn rule(rule: &FileRule) -> RuleEntry {
    let parts = rule.rule.parts();
    let mut table = match &rule.matcher {
        None => conditions(&parts),
        Some((_, beside)) => conditions(&beside.parts()),
    };
    match &rule.matcher {
        None => table.matches = Some(parts.pattern.into()),
        Some((name, _)) => table.use_matcher = Some(name.clone().into()),
    }
    match &rule.script {
        None => table.script = Some(one(parts.script)),
        Some(name) => table.use_script = Some(name.clone().into()),
    }
    RuleEntry::Table(Box::new(table))
}

/// Each condition under a key of its own.
fn conditions(parts: &RuleParts) -> RuleTable {
    let all = |name: &str| -> Vec<String> {
        parts.conditions.iter().filter(|(other, _)| *other == name).map(|(_, value)| value.clone()).collect()
    };
    let one = |name: &str| all(name).pop();
    let count = |name: &str| one(name).map(Count).map(At::from);
    RuleTable {
        first: count("first"),
        nth: count("nth"),
        every: count("every"),
        attempts: one("attempts").map(At::from),
        probability: one("probability").map(Chance).map(At::from),
        per: one("per").map(Per).map(At::from),
        path: Texts::of(all("path")),
        method: Texts::of(all("method")),
        query: Texts::of(all("query")),
        header: Texts::of(all("header")),
        range: one("range").map(YesNo).map(At::from),
        connection: one("connection").map(Connection).map(At::from),
        resend: one("resend").map(YesNo).map(At::from),
        from: one("from").map(Time).map(At::from),
        lasting: one("for").map(Time).map(At::from),
        ..RuleTable::default()
    }
}

fn fixture(fixture: &FileFixture) -> FixtureTable {
    let mut table = FixtureTable { path: fixture.path.clone().map(At::from), ..FixtureTable::default() };
    let whole = |template: bool| template.then(|| Template::Whole(true).into());
    match &fixture.source {
        Source::Dir { path, template } => {
            table.dir = Some(path.clone().into());
            table.template = template.clone().map(Template::Pattern).map(At::from);
        }
        Source::File { path, template } => {
            table.file = Some(path.clone().into());
            table.template = whole(*template);
        }
        Source::Generate { size: bytes, seed: of } => {
            table.generate = Some(Size(bytes.to_string()).into());
            table.seed = of.map(seed);
        }
        Source::Text { text, template } => {
            table.text = Some(text.clone().into());
            table.template = whole(*template);
        }
    }
    table
}

fn limits(limits: &FileLimits) -> LimitsTable {
    let size = |size: Option<crate::ByteSize>| size.map(|size| Size(size.to_string()).into());
    let count = |count: Option<usize>| count.map(|count| Count(count.to_string()).into());
    let time = |time: Option<std::time::Duration>| time.map(|time| Time(display_duration(time)).into());
    LimitsTable {
        max_connections: count(limits.connections),
        max_head: size(limits.head),
        max_headers: count(limits.headers),
        max_request_body: size(limits.request_body),
        request_timeout: time(limits.request_timeout),
        max_journal: limits.journal.map(|records| Amount(records.to_string()).into()),
        max_cache: size(limits.cache),
        drain_deadline: time(limits.drain_deadline),
    }
}

fn seed(seed: u64) -> At<Seed> {
    Seed(seed.to_string()).into()
}

fn one(text: String) -> At<Texts> {
    Texts::One(text).into()
}
