//! From what stands in a file to what it means. What cannot be right is found here, with its place.

mod fixture;
mod limits;
mod place;
mod rule;

use std::collections::BTreeMap;

use serde::Deserialize as _;

#[cfg(feature = "cli")]
pub(crate) use self::limits::{some_bytes, some_time};
use self::rule::Names;
use super::at::At;
use super::document::Document;
use super::texts::Texts;
use super::{ScheduleFile, Syntax, json, toml};
use crate::Downtime;
use crate::decision::ParseError;

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
