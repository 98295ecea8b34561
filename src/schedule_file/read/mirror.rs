//! Rules that send clients to the second port.

use super::Reader;
use crate::Rule;
use crate::decision::{ParseError, mirror_missing, mirror_named};
use crate::schedule_file::at::At;
use crate::schedule_file::document::{Document, RuleEntry};

impl Reader<'_> {
    /// What is wrong if there is no second port: where one is named first, if one is.
    pub(super) fn unmirrored(self, document: &Document) -> Option<Box<ParseError>> {
        if document.mirror {
            return None;
        }
        document.rules.iter().find_map(|rule| {
            let texts: Vec<At<&str>> = match &rule.value {
                RuleEntry::Text(text) => vec![At { span: rule.span.clone(), value: text }],
                RuleEntry::Table(table) => {
                    let used = table.use_script.as_ref().and_then(|name| document.scripts.get(&name.value));
                    table.script.as_ref().or(used)?.each().collect()
                }
            };
            texts.into_iter().find_map(|text| {
                let script = match &rule.value {
                    RuleEntry::Text(_) => Rule::script_of(text.value),
                    RuleEntry::Table(_) => 0..text.value.len(),
                };
                mirror_named(text.value, script.clone())?;
                let error = self.inside(text.clone(), mirror_missing(text.value, script));
                Some(Box::new(error.with_help("`mirror = true` adds one")))
            })
        })
    }
}
