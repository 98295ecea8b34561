//! The words of a rule's text.

use std::ops::Range;

use super::CONDITIONS;

/// The name and value of a condition.
pub(super) fn condition(word: &str) -> Option<(&str, &str)> {
    word.split_once('=').filter(|(name, _)| CONDITIONS.contains(name))
}

/// The place of the first colon with a space behind it; a `\` takes its meaning away.
pub(super) fn separator(text: &str) -> Option<usize> {
    let mut escaped = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let space = chars.peek().is_some_and(|(_, next)| next.is_whitespace());
        if c == ':' && !escaped && space {
            return Some(at);
        }
        escaped = c == '\\' && !escaped;
    }
    None
}

/// The places of the words; a `\` makes a space part of its word.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let mut words = Vec::new();
    let mut start = None;
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match start {
            Some(from) if c.is_whitespace() && !escaped => {
                words.push(from..at);
                start = None;
            }
            None if !c.is_whitespace() => start = Some(at),
            _ => {}
        }
        escaped = c == '\\' && !escaped;
    }
    words.extend(start.map(|from| from..text.len()));
    words
}
