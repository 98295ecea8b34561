//! What can be given where a number, or a set of them, is expected.

use std::fmt;
use std::ops::{Range, RangeFrom, RangeInclusive, RangeTo, RangeToInclusive};

/// How often something is to happen: `3`, `2..=4`, `1..`, `..=4`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Times {
    from: u64,
    /// The last, `u64::MAX` for no limit.
    to: u64,
}

impl Times {
    /// Whether one of the numbers between these is among them.
    pub(super) fn overlap(self, least: u64, most: u64) -> bool {
        self.from.max(least) <= self.to.min(most)
    }

    /// The number, if there is just one.
    pub(super) fn single(self) -> Option<u64> {
        (self.from == self.to).then_some(self.from)
    }
}

impl From<u64> for Times {
    fn from(n: u64) -> Self {
        Self { from: n, to: n }
    }
}

impl From<RangeInclusive<u64>> for Times {
    fn from(range: RangeInclusive<u64>) -> Self {
        Self { from: *range.start(), to: *range.end() }
    }
}

impl From<Range<u64>> for Times {
    fn from(range: Range<u64>) -> Self {
        // An empty range is one that nothing is in.
        match range.end.checked_sub(1) {
            Some(to) => Self { from: range.start, to },
            None => Self { from: 1, to: 0 },
        }
    }
}

impl From<RangeFrom<u64>> for Times {
    fn from(range: RangeFrom<u64>) -> Self {
        Self { from: range.start, to: u64::MAX }
    }
}

impl From<RangeToInclusive<u64>> for Times {
    fn from(range: RangeToInclusive<u64>) -> Self {
        Self { from: 0, to: range.end }
    }
}

impl From<RangeTo<u64>> for Times {
    fn from(range: RangeTo<u64>) -> Self {
        (0..range.end).into()
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.to) {
            (from, to) if from == to => write!(f, "{from}"),
            (from, u64::MAX) => write!(f, "at least {from}"),
            (0, to) => write!(f, "at most {to}"),
            (from, to) => write!(f, "{from} to {to}"),
        }
    }
}

/// Which exit statuses are right: `56`, `[18, 56]`. Versions of a program differ, so a set is often what is meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Codes(Vec<i32>);

impl Codes {
    pub(super) fn include(&self, code: i32) -> bool {
        self.0.contains(&code)
    }
}

impl From<i32> for Codes {
    fn from(code: i32) -> Self {
        Self(vec![code])
    }
}

impl<const N: usize> From<[i32; N]> for Codes {
    fn from(codes: [i32; N]) -> Self {
        Self(codes.into())
    }
}

impl From<Vec<i32>> for Codes {
    fn from(codes: Vec<i32>) -> Self {
        Self(codes)
    }
}

impl From<&[i32]> for Codes {
    fn from(codes: &[i32]) -> Self {
        Self(codes.to_vec())
    }
}

impl fmt::Display for Codes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, code) in self.0.iter().enumerate() {
            write!(f, "{}{code}", if i == 0 { "" } else { " or " })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(times: impl Into<Times>, included: &[u64], text: &str) {
        let times = times.into();
        assert_eq!((0..6).filter(|n| times.overlap(*n, *n)).collect::<Vec<_>>(), included);
        assert_eq!(times.to_string(), text);
    }

    #[test]
    fn numbers_and_ranges() {
        check(3, &[3], "3");
        check(2..=4, &[2, 3, 4], "2 to 4");
        check(2..4, &[2, 3], "2 to 3");
        check(2.., &[2, 3, 4, 5], "at least 2");
        check(..=2, &[0, 1, 2], "at most 2");
        check(..2, &[0, 1], "at most 1");
        assert!(!Times::from(0..0).overlap(0, 0));
        assert!(Times::from(3).overlap(2, 4) && !Times::from(3).overlap(4, 5) && !Times::from(3).overlap(1, 2));
    }

    #[test]
    fn sets_of_codes() {
        assert!(Codes::from([18, 56]).include(56) && !Codes::from(18).include(56));
        assert_eq!(Codes::from([18, 56]).to_string(), "18 or 56");
    }
}
