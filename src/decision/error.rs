//! What is wrong with a script or a rule, and where.

use std::{fmt, ops::Range};

use crate::units::printable;

/// What is wrong with a text, where, and, if there is a guess, what was meant.
///
/// It prints the message, the line with carets below the place, and the help:
///
/// ```text
/// unknown fault `reset-afer`
///   delay=1s reset-afer=1MB x2
///            ^^^^^^^^^^
///   did you mean `reset-after`?
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ParseError {
    input: String,
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

/// How many characters of a long line are shown.
const WINDOW: usize = 100;
/// How many of them stand before the place.
const LEAD: usize = 30;

impl ParseError {
    /// `span` is in bytes of `input`; what lies beyond its end is cut off.
    pub(crate) fn new(input: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = floor_char_boundary(input, span.start);
        let end = floor_char_boundary(input, span.end).max(start);
        Self { input: input.to_owned(), span: start..end, message: message.into(), help: None }
    }

    pub(crate) fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same error, seen as part of a longer text that has this one at `offset`.
    pub(crate) fn within(self, whole: &str, offset: usize) -> Self {
        let span = self.span.start + offset..self.span.end + offset;
        Self { help: self.help, ..Self::new(whole, span, self.message) }
    }

    /// The same error, at a place in the text that this one was made from.
    #[cfg_attr(
        not(any(feature = "cli", feature = "schedule-file")),
        expect(dead_code, reason = "only flags and what stands in files are not what is parsed")
    )]
    pub(crate) fn seen_as(self, typed: &str, span: Range<usize>) -> Self {
        Self { help: self.help, ..Self::new(typed, span, self.message) }
    }

    /// The text that was to be read.
    pub fn input(&self) -> &str {
        &self.input
    }

    /// The bytes of the input that are wrong; empty where something is missing.
    pub fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// What is wrong.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What would be right.
    pub fn help(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let before = &self.input[..self.span.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = self.input[line_start..].split('\n').next().unwrap_or_default();
        if self.input.trim_end().contains('\n') {
            write!(f, "line {}: ", before.matches('\n').count() + 1)?;
        }
        let column = self.input[line_start..self.span.start].chars().count();
        let width = self.input[self.span.clone()].split('\n').next().unwrap_or_default();
        let (shown, column, room) = window(line, column);
        let carets = width.chars().count().clamp(1, room.max(1));
        write!(f, "{}\n  {shown}\n  {:column$}{:^<carets$}", self.message, "", "")?;
        match &self.help {
            Some(help) => write!(f, "\n  {help}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ParseError {}

/// The part of a line that is shown, the column in it, and how many characters of the line follow from there.
fn window(line: &str, column: usize) -> (String, usize, usize) {
    let line: Vec<char> = line.trim_end_matches('\r').chars().map(printable).collect();
    let from = if line.len() <= WINDOW { 0 } else { column.min(line.len()).saturating_sub(LEAD) };
    let to = line.len().min(from + WINDOW);
    let (head, tail) = (if from > 0 { "..." } else { "" }, if to < line.len() { "..." } else { "" });
    let shown: String = line[from..to].iter().collect();
    (format!("{head}{shown}{tail}"), column - from + head.len(), to.saturating_sub(column))
}

fn floor_char_boundary(text: &str, index: usize) -> usize {
    (0..=index.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_place_is_marked_by_characters() {
        let error = ParseError::new("ä öü x", 3..7, "wrong").with_help("did you mean `o`?");
        assert_eq!(error.to_string(), "wrong\n  ä öü x\n    ^^\n  did you mean `o`?");
    }

    #[test]
    fn a_missing_thing_has_one_caret() {
        let error = ParseError::new("ok,", 3..3, "missing");
        assert_eq!(error.to_string(), "missing\n  ok,\n     ^");
    }

    #[test]
    fn only_the_line_in_question_is_shown() {
        let error = ParseError::new("one\ntwo\nthree", 4..7, "wrong");
        assert_eq!(error.to_string(), "line 2: wrong\n  two\n  ^^^");
        let error = ParseError::new("one\ntwo\nthree", 5..13, "wrong");
        assert_eq!(error.to_string(), "line 2: wrong\n  two\n   ^^");
    }

    #[test]
    fn a_long_line_is_shown_in_part() {
        let input = format!("{}!{}", "a".repeat(200), "b".repeat(200));
        let text = ParseError::new(&input, 200..201, "wrong").to_string();
        let shown = format!("...{}!{}...", "a".repeat(30), "b".repeat(69));
        assert_eq!(text, format!("wrong\n  {shown}\n  {}^", " ".repeat(33)));
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let error = ParseError::new("a\x1b[2J\tb", 6..7, "wrong");
        assert_eq!(error.to_string(), "wrong\n  a\u{fffd}[2J\u{fffd}b\n        ^");
    }

    proptest! {
        #[test]
        fn no_span_panics(input in "(?s).{0,300}", a in 0usize..400, b in 0usize..400) {
            let text = ParseError::new(&input, a..b, "wrong").to_string();
            prop_assert!(text.contains('^'));
        }
    }
}
