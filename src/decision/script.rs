//! What happens on the 1st, 2nd, 3rd ... attempt.

use std::{fmt, ops::Range, str::FromStr, sync::Arc};

use super::{
    entry::{Entry, words},
    error::ParseError,
    fault::Fault,
};
use crate::units::quoted;

/// What happens on the 1st, 2nd, 3rd ... attempt. After the last entry all is well.
///
/// Entries are separated by commas, the terms of an entry by spaces; `x3` at its end repeats an entry, `x*` repeats
/// it for ever.
///
/// # Examples
///
/// ```
/// use flaky_server::Script;
///
/// let script: Script = "reset-after=1MB x2, status=503 retry-after=2s, ok".parse()?;
/// assert_eq!(script.get(2).map(|entry| entry.as_str()), Some("reset-after=1MB"));
/// assert_eq!(script.get(3).map(|entry| entry.as_str()), Some("status=503 retry-after=2s"));
/// assert!(script.get(5).is_none());
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Script {
    /// Shared: many rules may play the same.
    entries: Arc<[(Entry, Repeat)]>,
}

/// How often an entry is played.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Repeat {
    /// For ever.
    Forever,
    /// So many times, at least once.
    Times(u64),
}

/// What the entries of a script are about.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Subject {
    Both,
    Connections,
    Requests,
}

impl Script {
    /// The script that plays this entry on every attempt.
    pub fn forever(entry: Entry) -> Self {
        Self { entries: [(entry, Repeat::Forever)].into() }
    }

    /// The entries in order, each with how often it is played.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&Entry, Repeat)> {
        self.entries.iter().map(|(entry, repeat)| (entry, *repeat))
    }

    /// What is played the `n`th time, counted from 1; `None` behind the last entry, where all is well.
    pub fn get(&self, n: u64) -> Option<&Entry> {
        let mut left = n.checked_sub(1)?;
        for (entry, repeat) in &*self.entries {
            match repeat {
                Repeat::Forever => return Some(entry),
                Repeat::Times(times) if left < *times => return Some(entry),
                Repeat::Times(times) => left -= times,
            }
        }
        None
    }

    /// Whether it is over after one attempt.
    pub(super) fn is_single(&self) -> bool {
        matches!(self.entries[..], [(_, Repeat::Times(1))])
    }

    /// Whether [an entry of it](Entry::is_order_dependent) depends on more than the attempt that it decides.
    pub fn is_order_dependent(&self) -> bool {
        self.entries.iter().any(|(entry, _)| entry.is_order_dependent())
    }

    /// What it is about.
    pub(super) fn subject(&self) -> Subject {
        let connections = self.entries.iter().filter(|(entry, _)| entry.is_connection_level()).count();
        match connections {
            0 => Subject::Requests,
            n if n == self.entries.len() => Subject::Connections,
            _ => Subject::Both,
        }
    }

    /// The first term of it that is about connections.
    pub(super) fn connection_term(&self) -> Option<&Fault> {
        self.entries.iter().find_map(|(entry, _)| entry.connection_term())
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (entry, repeat)) in self.entries.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{entry}")?;
            match repeat {
                Repeat::Forever => f.write_str(" x*")?,
                Repeat::Times(1) => {}
                Repeat::Times(n) => write!(f, " x{n}")?,
            }
        }
        Ok(())
    }
}

impl FromStr for Script {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let mut entries: Vec<(Entry, Repeat)> = Vec::new();
        let mut start = 0;
        for part in text.split(',') {
            let span = start..start + part.len();
            start = span.end + 1;
            let before = entries.last().and_then(|(entry, _)| entry.terms().last());
            let parsed = parse_entry(text, span.clone());
            let (entry, repeat) = parsed.map_err(|error| match before.filter(|term| is_cut(term, part)) {
                Some(term) => {
                    let near = error.help().filter(|help| help.starts_with("did you mean"));
                    let comma = format!("a comma ends an entry: in the value of `{}` it is `%2C`", term.spec().name());
                    let help = near.map_or_else(|| comma.clone(), |near| format!("{near} ({comma})"));
                    error.with_help(help)
                }
                None => error,
            })?;
            if let Some((endless, Repeat::Forever)) = entries.last() {
                let message = format!("{} is never reached", quoted(entry.as_str()));
                return Err(ParseError::new(text, trimmed(text, span), message)
                    .with_help(format!("{} before it goes on for ever", quoted(&format!("{endless} x*")))));
            }
            entries.push((entry, repeat));
        }
        Ok(Self { entries: entries.into() })
    }
}

/// Whether what stands behind a comma may have been meant as a part of the value before it.
fn is_cut(before: &Fault, part: &str) -> bool {
    before.has_free_text() && part.starts_with(|c: char| !c.is_whitespace())
}

fn parse_entry(text: &str, span: Range<usize>) -> Result<(Entry, Repeat), ParseError> {
    let mut terms: Vec<_> = words(text, span.clone()).collect();
    let Some(last) = terms.last().cloned() else {
        let message = if text.trim().is_empty() { "the script is empty" } else { "there is an empty entry" };
        return Err(ParseError::new(text, trimmed(text, span), message).with_help("`ok` says that nothing goes wrong"));
    };
    let repeat = match repeat_digits(&text[last.clone()]) {
        Some(digits) => {
            terms.pop();
            parse_repeat(text, last, digits)?
        }
        None => Repeat::Times(1),
    };
    let misplaced = terms.iter().find(|word| repeat_digits(&text[(*word).clone()]).is_some());
    if let Some(word) = misplaced {
        let message = format!("{} is not at the end of its entry", quoted(&text[word.clone()]));
        return Err(ParseError::new(text, word.clone(), message)
            .with_help("a comma ends an entry, as in `reset-after=1MB x2, ok`"));
    }
    if let Some(word) = terms.iter().find(|word| is_miscounted(&text[(*word).clone()])) {
        let message = format!("{} is not a count", quoted(&text[word.clone()]));
        return Err(
            ParseError::new(text, word.clone(), message).with_help("`x3` plays its entry 3 times, `x*` for ever")
        );
    }
    if terms.is_empty() {
        return Err(ParseError::new(text, trimmed(text, span), "there is nothing to repeat")
            .with_help("the count follows its terms without a comma, as in `reset-after=1MB x2`"));
    }
    Ok((Entry::parse_words(text, &terms)?, repeat))
}

/// What follows the `x` of `x3` and `x*`.
fn repeat_digits(word: &str) -> Option<&str> {
    let count = word.strip_prefix('x')?;
    let digits = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    (digits || count == "*").then_some(count)
}

/// Whether a word that is no count may have been meant as one: `x-1`, `x`, `X2`, `2x`, `*`.
fn is_miscounted(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let count = word.strip_prefix(['x', 'X', '×', '*']);
    count.is_some_and(|count| !count.starts_with(|c: char| c.is_ascii_alphabetic()))
        || word.strip_suffix(['x', 'X', '×']).is_some_and(digits)
}

fn parse_repeat(text: &str, span: Range<usize>, digits: &str) -> Result<Repeat, ParseError> {
    if digits == "*" {
        return Ok(Repeat::Forever);
    }
    match digits.parse() {
        Ok(0) => Err(ParseError::new(text, span, "`x0` never plays its entry")
            .with_help("leave the entry out, or repeat it at least once")),
        Ok(n) => Ok(Repeat::Times(n)),
        Err(_) => Err(ParseError::new(text, span, "the count is too large").with_help("`x*` repeats for ever")),
    }
}

/// The place without the spaces around it; its end if there is nothing else.
fn trimmed(text: &str, span: Range<usize>) -> Range<usize> {
    let part = &text[span.clone()];
    let start = span.end - part.trim_start().len();
    start..start.max(span.start + part.trim_end().len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::testing::any_script;

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<Script>().unwrap_err().to_string(), expected);
    }

    #[track_caller]
    fn played(text: &str, n: u64) -> Vec<String> {
        let script: Script = text.parse().unwrap();
        (1..=n).map(|i| script.get(i).map_or_else(|| "-".to_owned(), Entry::to_string)).collect()
    }

    #[test]
    fn entries_are_played_in_order() {
        assert_eq!(played("drop x2, hang, ok", 5), ["drop", "drop", "hang", "ok", "-"]);
        assert_eq!(played("drop, hang x*", 3), ["drop", "hang", "hang"]);
        assert_eq!(played("drop x1", 2), ["drop", "-"]);
        assert_eq!("drop".parse::<Script>().unwrap().get(0), None);
        let script: Script = "drop x18446744073709551615, hang x2, reset x*".parse().unwrap();
        assert_eq!(script.get(u64::MAX).unwrap().as_str(), "drop");
    }

    #[test]
    fn a_clone_is_no_copy() {
        let script: Script = "drop x2, hang, ok".parse().unwrap();
        assert!(Arc::ptr_eq(&script.entries, &script.clone().entries));
    }

    #[test]
    fn spaces_do_not_matter() {
        let script: Script = "  delay=200ms   reset-after=50%\tx2 ,ok,ok x003".parse().unwrap();
        assert_eq!(script.to_string(), "delay=200ms reset-after=50% x2, ok, ok x3");
    }

    #[test]
    fn errors_point_at_what_is_wrong() {
        check_error(
            "ok, reset-afer=1MB x2",
            "unknown fault `reset-afer`\n  ok, reset-afer=1MB x2\n      ^^^^^^^^^^\n  did you mean `reset-after`?",
        );
        check_error(
            "drop x*, ok",
            "`ok` is never reached\n  drop x*, ok\n           ^^\n  `drop x*` before it goes on for ever",
        );
        check_error(
            "drop x0",
            "`x0` never plays its entry\n  drop x0\n       ^^\n  leave the entry out, or repeat it at least once",
        );
        check_error(
            "drop, , ok",
            "there is an empty entry\n  drop, , ok\n        ^\n  `ok` says that nothing goes wrong",
        );
        check_error("ok,", "there is an empty entry\n  ok,\n     ^\n  `ok` says that nothing goes wrong");
        check_error("", "the script is empty\n  \n  ^\n  `ok` says that nothing goes wrong");
        check_error(
            "ok, x2",
            "there is nothing to repeat\n  ok, x2\n      ^^\n  the count follows its terms without a comma, as in `reset-after=1MB x2`",
        );
        check_error(
            "drop x2 delay=1s",
            "`x2` is not at the end of its entry\n  drop x2 delay=1s\n       ^^\n  a comma ends an entry, as in `reset-after=1MB x2, ok`",
        );
        for count in ["x-1", "x+1", "x1.5", "x", "X2", "2x", "*", "x**", "×2"] {
            let text = format!("drop {count}, ok");
            let carets = "^".repeat(count.chars().count());
            check_error(
                &text,
                &format!(
                    "`{count}` is not a count\n  {text}\n       {carets}\n  `x3` plays its entry 3 times, `x*` for ever"
                ),
            );
        }
        check_error(
            "status=503 body={a,b}",
            "unknown fault `b}`\n  status=503 body={a,b}\n                     ^^\n  a comma ends an entry: in the value of `body` it is `%2C`",
        );
        check_error(
            "status=302 location=/a,dorp",
            "unknown fault `dorp`\n  status=302 location=/a,dorp\n                         ^^^^\n  did you mean `drop`? (a comma ends an entry: in the value of `location` it is `%2C`)",
        );
        check_error(
            "drop x99999999999999999999",
            "the count is too large\n  drop x99999999999999999999\n       ^^^^^^^^^^^^^^^^^^^^^\n  `x*` repeats for ever",
        );
        check_error(
            "delay=1s drop status=503",
            "`drop` and `status` cannot stand together: `drop` sends no reply\n  delay=1s drop status=503\n                ^^^^^^^^^^",
        );
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(script in any_script()) {
            let text = script.to_string();
            prop_assert_eq!(text.parse::<Script>(), Ok(script));
        }

        #[test]
        fn no_text_panics(text in "(?s).{0,80}", near in "([a-z-]{0,9}(=[0-9.%µa-zA-Z/]{0,9})?[ ,]{0,2}(x[0-9*]{0,21})?){0,5}") {
            for text in [text, near] {
                if let Err(error) = text.parse::<Script>() {
                    prop_assert!(error.to_string().contains('^'));
                    prop_assert!(text.get(error.span()).is_some());
                }
            }
        }
    }
}
