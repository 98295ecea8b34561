//! Whether a downloader says what the wire saw.

use std::fmt;

use crate::claim::Count;
use crate::effort::Multiplied;
use crate::wire::{Places, Span};

/// Whether a downloader says what the wire saw of its retries.
///
/// How many there were may be in doubt, as [resends](crate::Wire::resends) and requests after a complete response may be
/// no retries: then each number from `at_least` to `saw` is the truth.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Told {
    /// It said nothing about retries. Where there were none, there was nothing to say.
    Nothing {
        /// How many retries the wire saw at most.
        saw: u64,
        /// How many at least.
        at_least: u64,
    },
    /// It said how many there were.
    Truth {
        /// How many retries it said, and there were.
        retries: u64,
    },
    /// It printed more than was kept, and nothing of what was kept tells of retries.
    Unheard,
    /// It said another number.
    Untruth {
        /// How many retries it said.
        said: u64,
        /// How many the wire saw at most.
        saw: u64,
        /// How many at least.
        at_least: u64,
        /// How the number may have come about.
        explanation: Option<String>,
    },
}

impl Told {
    /// Holds what was said against what was seen: of the file under test, and of what else it may have meant.
    pub(crate) fn judge(said: Option<u64>, seen: Span, meant: &[Span], places: &Places) -> Self {
        let Span { least: at_least, most: saw } = seen;
        match said {
            None => Self::Nothing { saw, at_least },
            Some(said) if seen.contains(said) || meant.iter().any(|span| span.contains(said)) => {
                Self::Truth { retries: said }
            }
            Some(said) => Self::Untruth { said, saw, at_least, explanation: explain(said, at_least, places) },
        }
    }

    /// Whether it told the truth, or had nothing to tell.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Truth { .. } | Self::Nothing { at_least: 0, .. })
    }
}

/// How somebody comes to say this number where the wire saw that one.
fn explain(said: u64, saw: u64, places: &Places) -> Option<String> {
    if said == saw + 1 {
        return Some("that is the number of attempts: retries are one less".to_owned());
    }
    if said > saw {
        return None;
    }
    let named = places.named();
    if named.len() > 1 {
        let (known, silent): (Vec<_>, Vec<_>) = named.into_iter().partition(|(count, _)| *count == said);
        // Otherwise the number could be that of either.
        if let ([(_, place)], false) = (known.as_slice(), silent.is_empty()) {
            let silent: Vec<_> = silent.iter().map(|(count, place)| format!("{count} {place}")).collect();
            return Some(format!("those {place} alone; it leaves out {}", silent.join(" and ")));
        }
    }
    if let Some(multiplied) = Multiplied::explain(saw + 1, said) {
        return Some(format!("{multiplied}, of which it knows one"));
    }
    (said + 1 == saw).then(|| "one is left out".to_owned())
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nothing { at_least: 0, .. } => f.write_str("said nothing about retries, and there were none"),
            Self::Nothing { saw, at_least } => {
                write!(f, "said nothing of {} {}", Range(*at_least, *saw), if *saw == 1 { "retry" } else { "retries" })
            }
            Self::Truth { retries } => write!(f, "told the truth: {}", Count::Retries(*retries)),
            Self::Unheard => f.write_str("said more than was kept, and what it said of retries may be lost"),
            Self::Untruth { said, saw, at_least, explanation } => {
                write!(f, "said {}, where the wire saw {}", Count::Retries(*said), Range(*at_least, *saw))?;
                explanation.as_ref().map_or(Ok(()), |explanation| write!(f, " ({explanation})"))
            }
        }
    }
}

/// From one number to another, which may be the same.
pub(crate) struct Range(pub(crate) u64, pub(crate) u64);

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(from, to) = self;
        if from == to { write!(f, "{from}") } else { write!(f, "{from} to {to}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: Option<u64>, saw: u64, doubtful: u64, places: Places, expected: &str) {
        let seen = Span { least: saw - doubtful, most: saw };
        assert_eq!(Told::judge(said, seen, &[], &places).to_string(), expected);
    }

    fn in_body(in_body: u64) -> Places {
        Places { in_body, ..Places::default() }
    }

    #[test]
    fn truth_and_silence() {
        check(Some(3), 3, 0, in_body(3), "told the truth: 3 retries");
        check(Some(0), 0, 0, in_body(0), "told the truth: 0 retries");
        check(None, 3, 0, in_body(3), "said nothing of 3 retries");
        check(None, 0, 0, in_body(0), "said nothing about retries, and there were none");
    }

    #[test]
    fn every_count_is_the_truth() {
        check(Some(3), 4, 1, in_body(4), "told the truth: 3 retries");
        check(Some(4), 4, 1, in_body(4), "told the truth: 4 retries");
        check(None, 1, 1, in_body(1), "said nothing about retries, and there were none");
        check(Some(3), 5, 3, in_body(5), "told the truth: 3 retries");
        check(Some(2), 4, 1, in_body(4), "said 2 retries, where the wire saw 3 to 4 (one is left out)");
        check(None, 4, 1, in_body(4), "said nothing of 3 to 4 retries");
    }

    #[test]
    fn untruths_are_explained() {
        check(
            Some(4),
            3,
            0,
            in_body(3),
            "said 4 retries, where the wire saw 3 (that is the number of attempts: retries are one less)",
        );
        check(
            Some(3),
            15,
            0,
            in_body(15),
            "said 3 retries, where the wire saw 15 (16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the \
             other, of which it knows one)",
        );
        let both = Places { before_head: 2, in_body: 1, ..Places::default() };
        check(
            Some(1),
            3,
            0,
            both,
            "said 1 retry, where the wire saw 3 (those in mid body alone; it leaves out 2 before the head of a response)",
        );
        check(Some(9), 3, 0, in_body(3), "said 9 retries, where the wire saw 3");
        check(Some(1), 6, 0, in_body(6), "said 1 retry, where the wire saw 6");
    }

    #[test]
    fn it_may_have_meant_something_else() {
        let (seen, other) = (Span::default(), Span { least: 5, most: 5 });
        assert_eq!(Told::judge(Some(5), seen, &[other], &Places::default()), Told::Truth { retries: 5 });
        assert!(!Told::judge(Some(4), seen, &[other], &Places::default()).is_true());
    }
}
