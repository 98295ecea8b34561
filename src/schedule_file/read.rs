//! From what stands in a file to what it means. What cannot be right is found here, with its place.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use serde::Deserialize as _;

use super::at::At;
use super::document::{Document, FixtureTable, LimitsTable, RuleEntry, RuleTable, Template};
use super::fixture::{FileFixture, Source};
use super::limits::FileLimits;
use super::rule::FileRule;
use super::texts::Texts;
use super::{ScheduleFile, Syntax, json, toml};
use crate::content::Fixtures;
use crate::decision::{ParseError, did_you_mean, nearest};
use crate::units::{ByteSize, UnitError, parse_duration, quoted};
use crate::{Downtime, MAX_HEADERS, MountError, Rule, Script, matchers};

/// Each fixture is held against all others.
const MAX_FIXTURES: usize = 10_000;

/// Reads a file.
pub(super) fn read(text: &str, syntax: Syntax) -> Result<ScheduleFile, ParseError> {
    let tree = match syntax {
        Syntax::Json => json::parse(text)?,
        Syntax::Toml => toml::parse(text)?,
    };
    let document = Document::deserialize(&tree).map_err(|error| error.within(text))?;
    Reader { text }.file(document)
}

/// Knows the text that places are in.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn file(self, document: Document) -> Result<ScheduleFile, ParseError> {
        let mut matchers = BTreeMap::new();
        for (name, head) in &document.matchers {
            matchers.insert(name.clone(), self.head(head)?);
        }
        let mut scripts = BTreeMap::new();
        for (name, script) in &document.scripts {
            scripts.insert(name.clone(), self.script(script)?);
        }
        let names = Names { matchers: &matchers, scripts: &scripts };
        let rules = document.rules.iter().map(|rule| self.rule(rule, names)).collect::<Result<_, _>>()?;
        Ok(ScheduleFile {
            why: document.why.map(|why| why.trim().to_owned()).filter(|why| !why.is_empty()),
            seed: document.seed.map(|seed| self.seed(&seed)).transpose()?,
            downtimes: self.downtimes(document.down.as_ref(), document.mirror)?,
            mirror: document.mirror,
            hidden: document.hidden,
            listing: document.listing.unwrap_or(true),
            precompressed: document.precompressed,
            limits: self.limits(&document.limits)?,
            fixtures: self.fixtures(&document.fixtures)?,
            matchers,
            scripts,
            rules,
            ..ScheduleFile::default()
        })
    }

    fn head(self, head: &At<String>) -> Result<Rule, ParseError> {
        Rule::parse_head(&head.value).map_err(|error| self.inside(head.as_str(), error))
    }

    /// A script, or the entries of one.
    fn script(self, script: &At<Texts>) -> Result<Script, ParseError> {
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

    fn rule(self, rule: &At<RuleEntry>, names: Names<'_>) -> Result<FileRule, ParseError> {
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

    fn downtimes(self, down: Option<&At<Texts>>, mirrored: bool) -> Result<Vec<Downtime>, ParseError> {
        let mut downtimes = Vec::new();
        for text in down.iter().flat_map(|down| down.each()) {
            let downtime: Downtime = text.value.parse().map_err(|error| self.inside(text.clone(), error))?;
            downtime.clone().check(mirrored).map_err(|error| match error.seen_as(self.text, text.span) {
                error if mirrored => error,
                error => error.with_help("`mirror = true` adds one that stays up"),
            })?;
            downtimes.push(downtime);
        }
        Ok(downtimes)
    }

    fn fixtures(self, tables: &[At<FixtureTable>]) -> Result<Vec<FileFixture>, ParseError> {
        if let Some(table) = tables.get(MAX_FIXTURES) {
            return Err(self.wrong(&table.span, format!("there are more than {MAX_FIXTURES} fixtures")));
        }
        // Mounted for its errors.
        let mut mounted = Fixtures::new();
        let mut fixtures = Vec::new();
        for table in tables {
            let (fixture, source) = self.fixture(table)?;
            let mount = match (fixture.generated(), &fixture.path, &fixture.source) {
                (Some((path, generated)), ..) => mounted.generated(path, generated),
                (None, Some(path), Source::Text { .. } | Source::File { .. }) => mounted.memory(path, ""),
                (None, ..) => Ok(mounted),
            };
            mounted = mount.map_err(|error| {
                let path = table.value.path.as_ref().map_or(&table.span, |path| &path.span);
                let sized = matches!(error, MountError::TooLarge { .. } | MountError::TooSmall { .. });
                self.wrong(if sized { &source } else { path }, error.to_string())
            })?;
            fixtures.push(fixture);
        }
        Ok(fixtures)
    }

    /// A fixture, and the place of what it comes from.
    fn fixture(self, table: &At<FixtureTable>) -> Result<(FileFixture, Range<usize>), ParseError> {
        let FixtureTable { path, dir, file, generate, text, seed, template } = &table.value;
        let sources = [
            dir.as_ref().map(|dir| ("dir", &dir.span)),
            file.as_ref().map(|file| ("file", &file.span)),
            generate.as_ref().map(|generate| ("generate", &generate.span)),
            text.as_ref().map(|text| ("text", &text.span)),
        ];
        let mut sources = sources.into_iter().flatten();
        let Some((name, span)) = sources.next() else {
            let error = self.wrong(&table.span, "the fixture does not say what is served");
            return Err(error.with_help("it has one of `dir`, `file`, `generate` and `text`"));
        };
        if let Some((other, span)) = sources.next() {
            let error = self.wrong(span, format!("`{name}` and `{other}` cannot stand together"));
            return Err(error.with_help("a fixture has one of `dir`, `file`, `generate` and `text`"));
        }
        if let Some(seed) = seed.as_ref().filter(|_| generate.is_none()) {
            return Err(self.wrong(&seed.span, "only what is generated has a seed"));
        }
        match path {
            Some(path) if path.value.is_empty() => {
                return Err(self.wrong(&path.span, "the path is empty").with_help("it is one such as `/app.tar.gz`"));
            }
            Some(path) if dir.is_some() => {
                return Err(self.wrong(&path.span, "a directory is served under `/`: it has no `path`"));
            }
            None if generate.is_some() || text.is_some() => {
                let error = self.wrong(&table.span, "the fixture does not say where it is served");
                return Err(error.with_help("`path = \"/app.tar.gz\"` says it"));
            }
            _ => {}
        }
        for named in [dir, file].into_iter().flatten() {
            if named.value.is_empty() || named.value.contains('\0') {
                return Err(self.wrong(&named.span, "this is not the name of a file"));
            }
        }
        let (mut pattern, mut whole) = (None, false);
        if let Some(template) = template {
            match &template.value {
                Template::Pattern(glob) if dir.is_some() => {
                    let place = At { span: template.span.clone(), value: glob.as_str() };
                    matchers::path(glob).check().map_err(|error| self.inside(place, error))?;
                    pattern = Some(glob.clone());
                }
                Template::Whole(true) if file.is_some() || text.is_some() => whole = true,
                Template::Whole(false) => {}
                Template::Pattern(_) | Template::Whole(true) => {
                    let error = self.wrong(&template.span, format!("this is no template for a fixture with `{name}`"));
                    return Err(error.with_help(
                        "it is `true` beside `file` and `text`, and a pattern such as `\"*.html\"` beside `dir`",
                    ));
                }
            }
        }
        let source = match (dir, file, generate, text) {
            (Some(dir), ..) => Source::Dir { path: dir.value.clone(), template: pattern },
            (_, Some(file), ..) => Source::File { path: file.value.clone(), template: whole },
            (_, _, Some(size), _) => Source::Generate {
                size: self.value(size, str::parse)?,
                seed: seed.as_ref().map(|seed| self.seed(seed)).transpose()?,
            },
            _ => {
                Source::Text { text: text.as_ref().map(|text| text.value.clone()).unwrap_or_default(), template: whole }
            }
        };
        let path = path.as_ref().map(|path| match path.value.starts_with('/') {
            true => path.value.clone(),
            false => format!("/{}", path.value),
        });
        Ok((FileFixture { path, source }, span.clone()))
    }

    fn limits(self, table: &LimitsTable) -> Result<FileLimits, ParseError> {
        let LimitsTable {
            max_connections,
            max_head,
            max_headers,
            max_request_body,
            request_timeout,
            max_journal,
            max_cache,
            drain_deadline,
        } = table;
        Ok(FileLimits {
            connections: self.optional(max_connections, |text| number(text, 1..=usize::MAX))?,
            head: self.optional(max_head, some_bytes)?,
            headers: self.optional(max_headers, |text| number(text, 1..=MAX_HEADERS))?,
            request_body: self.optional(max_request_body, str::parse)?,
            request_timeout: self.optional(request_timeout, some_time)?,
            journal: self.optional(max_journal, |text| number(text, 0..=usize::MAX))?,
            cache: self.optional(max_cache, str::parse)?,
            drain_deadline: self.optional(drain_deadline, parse_duration)?,
        })
    }

    fn seed(self, seed: &At<impl AsRef<str>>) -> Result<u64, ParseError> {
        self.value(seed, |text| {
            text.parse().map_err(|_| {
                let message = format!("{} is not a seed", quoted(text));
                UnitError::new(message, format!("a seed is a whole number up to {}", u64::MAX))
            })
        })
    }

    fn optional<T, S: AsRef<str>>(
        self,
        value: &Option<At<S>>,
        parse: impl FnOnce(&str) -> Result<T, UnitError>,
    ) -> Result<Option<T>, ParseError> {
        value.as_ref().map(|value| self.value(value, parse)).transpose()
    }

    fn value<T>(
        self,
        value: &At<impl AsRef<str>>,
        parse: impl FnOnce(&str) -> Result<T, UnitError>,
    ) -> Result<T, ParseError> {
        parse(value.value.as_ref())
            .map_err(|error| self.wrong(&value.span, error.message().to_owned()).with_help(error.help()))
    }

    fn wrong(self, span: &Range<usize>, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span.clone(), message)
    }

    /// An error in a text that stands here: at its place if the text stands here as it is, and at the whole text where
    /// something in it is escaped.
    fn inside(self, at: At<&str>, error: ParseError) -> ParseError {
        let span = match self.content(&at) {
            Some(start) => start + error.span().start..start + error.span().end,
            None => at.span,
        };
        error.seen_as(self.text, span)
    }

    /// Where the text begins within its quotes.
    fn content(self, at: &At<&str>) -> Option<usize> {
        let token = self.text.get(at.span.clone())?;
        if token == at.value {
            return Some(at.span.start);
        }
        let (quote, inner) = ["\"\"\"", "'''", "\"", "'"]
            .into_iter()
            .find_map(|quote| Some((quote, token.strip_prefix(quote)?.strip_suffix(quote)?)))?;
        // A line end behind three quotes is not part of the text.
        let skipped = match quote.len() {
            3 if inner.starts_with("\r\n") => 2,
            3 if inner.starts_with('\n') => 1,
            _ => 0,
        };
        (&inner[skipped..] == at.value).then(|| at.span.start + quote.len() + skipped)
    }
}

/// What a rule may use by its name.
#[derive(Clone, Copy)]
struct Names<'a> {
    matchers: &'a BTreeMap<String, Rule>,
    scripts: &'a BTreeMap<String, Script>,
}

impl At<String> {
    fn as_str(&self) -> At<&str> {
        At { span: self.span.clone(), value: &self.value }
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

fn number(text: &str, range: std::ops::RangeInclusive<usize>) -> Result<usize, UnitError> {
    text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
        let help = match *range.end() {
            usize::MAX => format!("it is a whole number from {} on", range.start()),
            end => format!("it is a whole number from {} to {end}", range.start()),
        };
        UnitError::new(format!("{} is out of range", quoted(text)), help)
    })
}

/// The size of something without which nobody is served.
pub(crate) fn some_bytes(text: &str) -> Result<ByteSize, UnitError> {
    let size: ByteSize = text.parse()?;
    if size.bytes() == 0 { Err(serves_nobody("1")) } else { Ok(size) }
}

/// A time without which nobody is served.
pub(crate) fn some_time(text: &str) -> Result<Duration, UnitError> {
    let duration = parse_duration(text)?;
    if duration.is_zero() { Err(serves_nobody("1ms")) } else { Ok(duration) }
}

fn serves_nobody(example: &str) -> UnitError {
    UnitError::new("a limit of 0 would serve nobody", format!("it is at least something, such as `{example}`"))
}
