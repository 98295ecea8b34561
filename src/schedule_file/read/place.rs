//! Values in their places, and what is wrong with them there.

use std::ops::Range;

use super::Reader;
use crate::decision::ParseError;
use crate::schedule_file::at::At;
use crate::units::{UnitError, quoted};

impl Reader<'_> {
    pub(super) fn seed(self, seed: &At<impl AsRef<str>>) -> Result<u64, ParseError> {
        self.value(seed, |text| {
            text.parse().map_err(|_| {
                let message = format!("{} is not a seed", quoted(text));
                UnitError::new(message, format!("a seed is a whole number up to {}", u64::MAX))
            })
        })
    }

    pub(super) fn optional<T, S: AsRef<str>>(
        self,
        value: &Option<At<S>>,
        parse: impl FnOnce(&str) -> Result<T, UnitError>,
    ) -> Result<Option<T>, ParseError> {
        value.as_ref().map(|value| self.value(value, parse)).transpose()
    }

    pub(super) fn value<T>(
        self,
        value: &At<impl AsRef<str>>,
        parse: impl FnOnce(&str) -> Result<T, UnitError>,
    ) -> Result<T, ParseError> {
        parse(value.value.as_ref())
            .map_err(|error| self.wrong(&value.span, error.message().to_owned()).with_help(error.help()))
    }

    pub(super) fn wrong(self, span: &Range<usize>, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span.clone(), message)
    }

    /// An error in a text that stands here: at its place if the text stands here as it is, and at the whole text where
    /// something in it is escaped.
    pub(super) fn inside(self, at: At<&str>, error: ParseError) -> ParseError {
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

impl At<String> {
    pub(super) fn as_str(&self) -> At<&str> {
        At { span: self.span.clone(), value: &self.value }
    }
}
