//! From what stands in a file to what it means. What cannot be right is found here, with its place.

mod first;
mod fixture;
mod limits;
mod mirror;
mod place;
mod rule;

use serde::Deserialize as _;

use self::first::First;
use self::rule::Names;
use super::aside::Aside;
use super::at::At;
use super::document::Document;
use super::texts::Texts;
use super::{ScheduleFile, Syntax, json, toml};
use crate::Downtime;
use crate::decision::ParseError;

/// Reads a file.
pub(super) fn read(text: &str, syntax: Syntax) -> Result<ScheduleFile, ParseError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let tree = match syntax {
        Syntax::Json => json::parse(text)?,
        Syntax::Toml => toml::parse(text)?,
    };
    let document = Document::deserialize(&tree).map_err(|error| error.within(text))?;
    Reader { text }.file(document)
}

/// What some editors begin a file with.
pub(super) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Knows the text that places are in.
#[derive(Clone, Copy)]
struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn file(self, document: Document) -> Result<ScheduleFile, ParseError> {
        let mut first = First::default();
        let matchers = first.all(document.matchers.iter().map(|(name, head)| Ok((name.clone(), self.head(head)?))));
        let scripts = first.all(document.scripts.iter().map(|(name, script)| Ok((name.clone(), self.script(script)?))));
        let names = Names { matchers: &matchers, scripts: &scripts };
        // Rules use what has a name, and would miss what is wrong.
        let rules = match first.0 {
            None => first.all(document.rules.iter().map(|rule| self.rule(rule, names))),
            Some(_) => Vec::new(),
        };
        let mut file = ScheduleFile {
            why: document.why.as_ref().map(|why| why.trim().to_owned()).filter(|why| !why.is_empty()),
            seed: first.of(document.seed.as_ref().map(|seed| self.seed(seed)).transpose()),
            downtimes: first.of(self.downtimes(document.down.as_ref(), document.mirror)),
            mirror: document.mirror,
            hidden: document.hidden,
            listing: document.listing.unwrap_or(true),
            precompressed: document.precompressed,
            limits: first.of(self.limits(&document.limits)),
            fixtures: first.of(self.fixtures(&document.fixtures)),
            matchers,
            scripts,
            rules,
            ..ScheduleFile::default()
        };
        match first.0 {
            None => {
                file.unmirrored = Aside(self.unmirrored(&document));
                Ok(file)
            }
            Some(error) => Err(error),
        }
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
}
