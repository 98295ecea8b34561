//! What happens on one attempt.

use std::{fmt, ops::Range, str::FromStr, sync::Arc};

use super::{
    error::ParseError,
    fault::{Fault, Spec, TermKind, check},
};
use crate::units::quoted;

/// What happens on one attempt: one or more terms that go together. Cheap to clone.
///
/// # Examples
///
/// ```
/// use flaky_server::{ByteSize, Entry, Fault};
///
/// let entry: Entry = "delay=200ms reset-after=1MB".parse()?;
/// assert_eq!(entry.terms()[1], Fault::reset_after(ByteSize::mb(1)));
/// assert_eq!(entry.to_string(), "delay=200ms reset-after=1MB");
/// assert!("drop hang".parse::<Entry>().is_err());
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    terms: Arc<[Fault]>,
    text: Arc<str>,
}

impl Entry {
    /// The entry of these terms.
    ///
    /// # Errors
    ///
    /// If there are none, if they do not go together, or if a value is out of its range.
    pub fn new(terms: impl IntoIterator<Item = Fault>) -> Result<Self, ParseError> {
        // Reading them back checks what the constructors let through.
        join(terms).parse()
    }

    /// `ok`: nothing goes wrong.
    pub fn ok() -> Self {
        Self { terms: [Fault::ok()].into(), text: "ok".into() }
    }

    /// `accept`: the connection is as it should be.
    pub(super) fn accept() -> Self {
        Self { terms: [Fault::accept()].into(), text: "accept".into() }
    }

    /// The terms in the order in which they were written.
    pub fn terms(&self) -> &[Fault] {
        &self.terms
    }

    /// The terms with spaces between them.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Whether something goes wrong: it has a fault other than `ok`.
    pub fn has_fault(&self) -> bool {
        self.terms.iter().any(is_fault)
    }

    /// Whether chance has to do with what a term of it does.
    pub(super) fn takes_chance(&self) -> bool {
        self.terms.iter().any(Fault::takes_chance)
    }

    /// Whether all is as it would be without a schedule.
    pub(super) fn is_plain(&self) -> bool {
        *self.terms == [Fault::ok()]
    }

    /// Whether a term of it depends on more than the attempt that it decides: on what earlier ones did, or on which
    /// connection is the next.
    pub fn is_order_dependent(&self) -> bool {
        self.terms.iter().any(|t| is_order_dependent(t.spec()))
    }

    /// Whether it happens to a connection before there is a request: it is consumed by the next new connection.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Entry;
    ///
    /// assert!("delay=1s reset-on-accept".parse::<Entry>()?.is_connection_level());
    /// assert!(!"delay=1s reset".parse::<Entry>()?.is_connection_level());
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn is_connection_level(&self) -> bool {
        self.connection_term().is_some()
    }

    /// The term that makes it so.
    pub(super) fn connection_term(&self) -> Option<&Fault> {
        self.terms.iter().find(|term| term.spec().is_connection_level())
    }

    /// What is left of it when it decides a request: only what takes time.
    pub(super) fn on_request(&self) -> Self {
        let terms: Vec<Fault> = self.terms.iter().filter(|t| !t.spec().is_connection_level()).cloned().collect();
        Self::new(terms).unwrap_or_else(|_| Self::ok())
    }

    /// Whether the connection is as it would be without a schedule.
    pub(super) fn is_plain_accept(&self) -> bool {
        *self.terms == [Fault::accept()]
    }

    /// Reads the words at these places of `input`; there is at least one.
    pub(super) fn parse_words(input: &str, words: &[Range<usize>]) -> Result<Self, ParseError> {
        let mut terms = Vec::new();
        for (i, word) in words.iter().enumerate() {
            let term = Fault::parse_word(input, word.clone());
            terms.push(term.map_err(|error| split_value(input, words, i).unwrap_or(error))?);
        }
        check(&terms).map_err(|clash| ParseError::new(input, words[clash.term].clone(), clash.message))?;
        let text = join(terms.iter().cloned());
        Ok(Self { terms: terms.into(), text: text.into() })
    }
}

/// Says that the value of this word, or of the one before it, has a space in it, if it is right without.
fn split_value(input: &str, words: &[Range<usize>], i: usize) -> Option<ParseError> {
    [i.checked_sub(1), Some(i)].into_iter().flatten().find_map(|first| {
        let (first, second) = (words.get(first)?, words.get(first + 1)?);
        let (name, value) = input[first.clone()].split_once('=')?;
        let join = |between| format!("{value}{between}{}", &input[second.clone()]);
        // In a text a space is one of its bytes; in a size it has no place.
        let [text, joined] = ["%20", ""].map(join);
        let reads = |joined: &str| format!("{name}={joined}").parse::<Fault>();
        let joined = if reads(&text).is_ok_and(|fault| fault.is_text()) { text } else { joined };
        reads(&joined).ok()?;
        let span = first.start + name.len() + 1..second.end;
        let message = format!("{} has a space in it", quoted(&input[span.clone()]));
        Some(ParseError::new(input, span, message).with_help(format!("write `{joined}`")))
    })
}

pub(super) fn is_order_dependent(spec: &Spec) -> bool {
    spec.is_once_only() || spec.is_connection_level()
}

pub(super) fn is_fault(term: &Fault) -> bool {
    term.spec().kind() == TermKind::Fault && *term != Fault::ok()
}

/// The terms with spaces between them.
pub(super) fn join(terms: impl IntoIterator<Item = Fault>) -> String {
    let terms: Vec<String> = terms.into_iter().map(|t| t.to_string()).collect();
    terms.join(" ")
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Entry {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        let words: Vec<_> = words(text, 0..text.len()).collect();
        if words.is_empty() {
            return Err(ParseError::new(text, 0..text.len(), "there is no fault here")
                .with_help("`ok` says that nothing goes wrong"));
        }
        Self::parse_words(text, &words)
    }
}

/// The places of the words within a part of a text; spaces are between them.
pub(super) fn words(text: &str, part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let offset = part.start;
    let part = &text[part];
    part.split_whitespace().map(move |word| {
        let start = offset + (word.as_ptr() as usize - part.as_ptr() as usize);
        start..start + word.len()
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_constructors_let_through_is_checked() {
        let entry = Entry::new([Fault::status(503), Fault::retry_after(Duration::from_secs(2))]);
        assert_eq!(entry.unwrap().as_str(), "status=503 retry-after=2s");
        for (terms, message) in [
            (vec![], "there is no fault here"),
            (vec![Fault::status(700)], "`700` is not the status of a reply"),
            (vec![Fault::drop(), Fault::drop()], "`drop` stands here twice"),
        ] {
            assert_eq!(Entry::new(terms).unwrap_err().message(), message);
        }
    }

    #[test]
    fn a_space_in_a_value_is_pointed_at() {
        for (text, value, right) in [
            ("drop reset-after=1 MB", "1 MB", "1MB"),
            ("delay=200 ms drop", "200 ms", "200ms"),
            ("delay=1m 30s", "1m 30s", "1m30s"),
            ("throttle=1 MB/s", "1 MB/s", "1MB/s"),
            ("delay=1s reset-after=5 0% drop", "5 0%", "50%"),
            ("header-line=X-A: b", "X-A: b", "X-A:%20b"),
        ] {
            let error = text.parse::<Entry>().unwrap_err();
            assert_eq!((&text[error.span()], error.message()), (value, &*format!("`{value}` has a space in it")));
            assert_eq!(error.help(), Some(&*format!("write `{right}`")));
        }
        assert_eq!("reset-after=1 MX".parse::<Entry>().unwrap_err().message(), "unknown fault `MX`");
    }

    #[test]
    fn a_modifier_is_no_fault() {
        for (text, faulty) in [("ok", false), ("framing=close", false), ("delay=1s", true)] {
            assert_eq!(text.parse::<Entry>().unwrap().has_fault(), faulty, "{text}");
        }
    }

    #[test]
    fn terms_that_fire_once_or_are_about_connections_depend_on_the_order() {
        for (text, dependent) in
            [("reset-after=1", false), ("delay=1s corrupt-at=1", true), ("delay=1s accept", true), ("drop", false)]
        {
            assert_eq!(text.parse::<Entry>().unwrap().is_order_dependent(), dependent, "{text}");
        }
    }

    #[test]
    fn to_a_request_happens_only_what_takes_time() {
        for (text, left) in [("hang-on-accept", "ok"), ("delay=1s hang-on-accept", "delay=1s"), ("accept", "ok")] {
            assert_eq!(text.parse::<Entry>().unwrap().on_request().as_str(), left, "{text}");
        }
    }

    #[test]
    fn words_are_found_where_they_are() {
        let text = "a,  ä b\t, c";
        let found: Vec<_> = words(text, 2..9).map(|word| &text[word]).collect();
        assert_eq!(found, ["ä", "b"]);
    }
}
