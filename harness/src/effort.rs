//! Skipped, exhausted, exceeded: what a downloader did about its retries.

use std::fmt;

use crate::Exit;
use crate::claim::Count;
use crate::wire::Group;

/// What a downloader did about its retries, held against the budget that it declares.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Effort, Trial, function};
///
/// let full = function("finds the disk full", |_job| Err::<(), _>(std::io::Error::other("no space left on device")));
/// let outcome = Trial::with("reset x*").run(&full);
/// assert_eq!(outcome.effort(3), Effort::Unprovoked); // whatever it says, the network did nothing to it
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Effort {
    /// What went wrong last was nothing to repeat: a 404, say, or wrong bytes.
    Declined,
    /// More attempts than the budget allows.
    Exceeded {
        /// How many attempts there were.
        attempts: u64,
        /// How many retries were declared.
        budget: u64,
        /// How the number may have come about.
        multiplied: Option<Multiplied>,
    },
    /// It failed when its budget was used up: what a good downloader does when nothing helps.
    Exhausted,
    /// It had not ended at the timeout. What it would have made of its retries, nobody knows.
    Hung,
    /// It succeeded after this many retries, within its budget.
    Recovered(u64),
    /// It failed after one attempt at what should be retried: its error was not recognised as transient.
    Skipped,
    /// It failed after some retries, with some left.
    StoppedShort {
        /// How many attempts there were.
        attempts: u64,
        /// How many retries were declared.
        budget: u64,
    },
    /// It succeeded at once.
    Unneeded,
    /// It failed, and on the wire nothing was wrong: the cause lies elsewhere.
    Unprovoked,
}

/// How loops of retries, one inside the other, come to a number of attempts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Multiplied {
    attempts: u64,
    /// The attempts of the inner loop.
    inner: u64,
    /// How many inner loops ran; a power of `inner` if there are several loops alike.
    outer: u64,
    /// How many loops there are, if all are alike.
    loops: Option<u32>,
}

impl Effort {
    /// Each group is held against the budget by itself. Where it is in doubt how many retries there were, whoever is
    /// judged gets the benefit of it.
    pub(crate) fn judge(groups: &[Group], exit: Exit, budget: u64) -> Self {
        let least = groups.iter().map(|group| group.retries.least).max().unwrap_or_default();
        if least > budget {
            let attempts = least.saturating_add(1);
            return Self::Exceeded { attempts, budget, multiplied: Multiplied::explain(attempts, budget) };
        }
        if exit == Exit::TimedOut {
            return Self::Hung;
        }
        if exit.is_success() {
            return if least == 0 { Self::Unneeded } else { Self::Recovered(least) };
        }
        // What was mended by a later attempt is not why it failed.
        let failing: Vec<_> = groups.iter().filter_map(|group| Some((group.retries, group.failure?))).collect();
        let transient = failing.iter().any(|(_, failure)| failure.is_transient());
        match failing.as_slice() {
            [] => Self::Unprovoked,
            _ if least == 0 && !transient => Self::Declined,
            _ if failing.iter().any(|(retries, _)| retries.contains(budget)) => Self::Exhausted,
            _ if !transient => Self::Declined,
            _ if least == 0 => Self::Skipped,
            _ => Self::StoppedShort { attempts: least + 1, budget },
        }
    }
}

impl Multiplied {
    /// How nested loops with this budget, or around one with it, come to this number; `None` if they do not.
    pub(crate) fn explain(attempts: u64, budget: u64) -> Option<Self> {
        let inner = budget.checked_add(1).filter(|inner| *inner >= 2)?;
        if attempts <= inner || !attempts.is_multiple_of(inner) {
            return None;
        }
        let loops = attempts.ilog(inner);
        let alike = inner.checked_pow(loops) == Some(attempts);
        Some(Self { attempts, inner, outer: attempts / inner, loops: alike.then_some(loops) })
    }
}

impl fmt::Display for Multiplied {
    /// The arithmetic: `16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the other`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attempts, inner, outer, loops } = *self;
        let retries = inner - 1;
        let factor = format!("({retries} + 1)");
        match loops {
            Some(loops) => {
                let product = vec![factor; loops as usize].join(" × ");
                let number = if loops == 2 { "two".to_owned() } else { loops.to_string() };
                let each = Count::Retries(retries);
                write!(f, "{attempts} = {product}: {number} loops of {each}, one inside the other")
            }
            None => {
                let around = outer - 1;
                let outer = Count::Retries(around);
                write!(f, "{attempts} = ({around} + 1) × {factor}: a loop of {outer} around one of {retries}")
            }
        }
    }
}

impl fmt::Display for Effort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Declined => f.write_str("declined: what went wrong last is not transient, and it was not retried"),
            Self::Exceeded { attempts, budget, multiplied } => {
                write!(f, "exceeded: {}", beside(*attempts, *budget))?;
                multiplied.as_ref().map_or(Ok(()), |multiplied| write!(f, " ({multiplied})"))
            }
            Self::Exhausted => f.write_str("exhausted: it failed when its budget of retries was used up"),
            Self::Hung => f.write_str("hung: it had not ended at the timeout"),
            Self::Recovered(retries) => write!(f, "recovered: it succeeded after {}", Count::Retries(*retries)),
            Self::Skipped => {
                f.write_str("skipped: one attempt at what should be retried; the error was not taken for transient")
            }
            Self::StoppedShort { attempts, budget } => {
                write!(f, "stopped short: {}", beside(*attempts, *budget))
            }
            Self::Unneeded => f.write_str("unneeded: it succeeded at once"),
            Self::Unprovoked => f.write_str("unprovoked: it failed, and nothing was wrong on the wire"),
        }
    }
}

/// So many attempts, and what the budget allows.
pub(crate) fn beside(attempts: u64, budget: u64) -> String {
    let allow = if budget == 1 { "allows" } else { "allow" };
    format!("{}, where {} {allow} {}", Count::Attempts(attempts), Count::Retries(budget), budget.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(attempts: u64, budget: u64, expected: Option<&str>) {
        let text = Multiplied::explain(attempts, budget).map(|it| it.to_string());
        assert_eq!(text.as_deref(), expected);
    }

    #[test]
    fn the_arithmetic_of_nested_loops() {
        check(16, 3, Some("16 = (3 + 1) × (3 + 1): two loops of 3 retries, one inside the other"));
        check(64, 3, Some("64 = (3 + 1) × (3 + 1) × (3 + 1): 3 loops of 3 retries, one inside the other"));
        check(4, 1, Some("4 = (1 + 1) × (1 + 1): two loops of 1 retry, one inside the other"));
        check(12, 3, Some("12 = (2 + 1) × (3 + 1): a loop of 2 retries around one of 3"));
        check(8, 3, Some("8 = (1 + 1) × (3 + 1): a loop of 1 retry around one of 3"));
        check(4, 3, None);
        check(5, 3, None);
        check(15, 3, None);
        check(7, 0, None);
        check(u64::MAX, u64::MAX, None);
    }
}
