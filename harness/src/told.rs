//! Whether a downloader says what the wire saw.

use std::fmt;

use crate::effort::{Multiplied, plural};
use crate::wire::Places;

/// Whether a downloader says what the wire saw of its retries.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Told {
    /// It said nothing about retries. Where there were none, there was nothing to say.
    Nothing {
        /// How many retries there were.
        saw: u64,
    },
    /// It said how many there were.
    Truth {
        /// How many retries it said, and there were.
        retries: u64,
    },
    /// It said another number.
    Untruth {
        /// How many retries it said.
        said: u64,
        /// How many the wire saw.
        saw: u64,
        /// How many the wire saw without those that an HTTP stack may have made silently.
        without_resends: u64,
        /// How the number may have come about.
        explanation: Option<String>,
    },
}

impl Told {
    /// Holds what was said against what was seen; neither count of retries may fit for an accusation.
    pub(crate) fn judge(said: Option<u64>, saw: u64, resends: u64, places: &Places) -> Self {
        let without_resends = saw.saturating_sub(resends);
        match said {
            None => Self::Nothing { saw: without_resends },
            Some(said) if said == saw || said == without_resends => Self::Truth { retries: said },
            Some(said) => {
                Self::Untruth { said, saw, without_resends, explanation: explain(said, without_resends, places) }
            }
        }
    }

    /// Whether it told the truth, or had nothing to tell.
    pub fn is_true(&self) -> bool {
        matches!(self, Self::Truth { .. } | Self::Nothing { saw: 0 })
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
            Self::Nothing { saw: 0 } => f.write_str("said nothing about retries, and there were none"),
            Self::Nothing { saw } => write!(f, "said nothing of {saw} {}", plural(*saw)),
            Self::Truth { retries } => write!(f, "told the truth: {retries} {}", plural(*retries)),
            Self::Untruth { said, saw, without_resends, explanation } => {
                write!(f, "said {said} {}, where the wire saw {saw}", plural(*said))?;
                if saw != without_resends {
                    write!(f, ", or {without_resends} without resends")?;
                }
                explanation.as_ref().map_or(Ok(()), |explanation| write!(f, " ({explanation})"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(said: Option<u64>, saw: u64, resends: u64, places: Places, expected: &str) {
        assert_eq!(Told::judge(said, saw, resends, &places).to_string(), expected);
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
    fn either_count_is_the_truth() {
        check(Some(3), 4, 1, in_body(4), "told the truth: 3 retries");
        check(Some(4), 4, 1, in_body(4), "told the truth: 4 retries");
        check(None, 1, 1, in_body(1), "said nothing about retries, and there were none");
        check(
            Some(2),
            4,
            1,
            in_body(4),
            "said 2 retries, where the wire saw 4, or 3 without resends (one is left out)",
        );
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
}
