//! A place in a text that is read.

use std::ops::Range;

use crate::ParseError;

/// Reads a text from its start to its end.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Where it stands, in bytes.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Whether a step may end here.
    pub(super) fn is_between(&self) -> bool {
        self.rest().chars().next().is_none_or(char::is_whitespace)
    }

    /// Skips white space; whether there is something behind it.
    pub(super) fn skip_space(&mut self) -> bool {
        self.at = self.text.len() - self.rest().trim_start().len();
        self.at < self.text.len()
    }

    /// Takes this text if it stands here.
    pub(super) fn take(&mut self, expected: &str) -> bool {
        let is_here = self.rest().starts_with(expected);
        if is_here {
            self.at += expected.len();
        }
        is_here
    }

    /// Takes the next character.
    pub(super) fn next(&mut self) -> Option<char> {
        let next = self.rest().chars().next()?;
        self.at += next.len_utf8();
        Some(next)
    }

    /// Takes all characters that are so.
    pub(super) fn take_while(&mut self, is_so: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !is_so(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Takes a word: a name of the notation.
    pub(super) fn word(&mut self) -> &'a str {
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '-')
    }

    pub(super) fn error(&self, span: Range<usize>, message: impl Into<String>) -> ParseError {
        ParseError::new(self.text, span, message)
    }

    /// An error about what has been read since this place.
    pub(super) fn error_since(&self, start: usize, message: impl Into<String>) -> ParseError {
        self.error(start..self.at, message)
    }

    /// An error about the next character, or its absence.
    pub(super) fn error_here(&self, message: impl Into<String>) -> ParseError {
        let width = self.rest().chars().next().map_or(0, char::len_utf8);
        self.error(self.at..self.at + width, message)
    }
}
