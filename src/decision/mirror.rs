//! Where a text sends clients to the second port.

use std::ops::Range;

use super::{entry::words, error::ParseError};

/// How a rule names the second port.
const MIRROR: &str = "{mirror}";
/// The term that sends clients there.
const TERM: &str = "location=";

/// Says that there is no second port, and that the script at this place of a text names one.
pub(crate) fn missing(text: &str, script: Range<usize>) -> ParseError {
    let span = named(text, script.clone()).unwrap_or(script);
    ParseError::new(text, span, "`{mirror}` is the second port, and there is none")
}

/// The first place in a script where the second port is named.
pub(crate) fn named(text: &str, script: Range<usize>) -> Option<Range<usize>> {
    let mut start = script.start;
    text.get(script)?.split(',').find_map(|entry| {
        let span = start..start + entry.len();
        start = span.end + 1;
        words(text, span).find_map(|word| {
            let value = text[word.clone()].strip_prefix(TERM)?;
            let at = word.start + TERM.len() + value.find(MIRROR)?;
            Some(at..at + MIRROR.len())
        })
    })
}
