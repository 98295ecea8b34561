//! On which of a target's attempts a rule decides.

use std::{
    fmt,
    ops::{Bound, RangeBounds},
};

use crate::{
    decision::target::Target,
    units::{Probability, UnitError, quoted},
};

/// On which of the attempts that a rule sees of a target it decides: those that meet all conditions.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct When {
    pub(super) first: Option<u64>,
    pub(super) nth: Option<u64>,
    pub(super) every: Option<u64>,
    pub(super) attempts: Option<Attempts>,
    pub(super) probability: Option<Probability>,
    pub(super) per: Option<Per>,
}

/// What attempts are counted for, where it is not each target.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Per {
    /// Each method and path, whatever the query.
    Path,
    /// All that the rule is about, together.
    Rule,
}

impl When {
    /// Whether all conditions hold on the `seen`th attempt, counted from 1. `draw` is used only if one draws.
    pub(super) fn holds(&self, seen: u64, draw: impl FnOnce() -> u64) -> bool {
        self.first.is_none_or(|n| seen <= n)
            && self.nth.is_none_or(|n| seen == n)
            && self.every.is_none_or(|n| seen.is_multiple_of(n))
            && self.attempts.is_none_or(|attempts| attempts.contain(seen))
            && self.probability.is_none_or(|p| p.holds(draw()))
    }

    /// The name of a condition that may hold on more than one attempt, and is there for that.
    pub(super) fn repeats(&self) -> Option<&'static str> {
        let several = self.attempts.is_some_and(|attempts| attempts.last != Some(attempts.first));
        let conditions = [
            ("first", self.first.is_some_and(|n| n > 1)),
            ("every", self.every.is_some()),
            ("attempts", several),
            ("probability", self.probability.is_some()),
        ];
        let is_once = self.nth.is_some() || self.first == Some(1);
        conditions.into_iter().find(|(_, is_there)| *is_there && !is_once).map(|(name, _)| name)
    }

    /// Whether all hold on each attempt. What is counted together is no condition.
    pub(super) fn is_always(&self) -> bool {
        Self { per: None, ..*self } == Self::default()
    }

    /// Whether there is an attempt on which all conditions may hold.
    pub(super) fn is_possible(&self) -> bool {
        let (from, to) = self.attempts.map_or((1, None), |attempts| (attempts.first, attempts.last));
        let to = to.unwrap_or(u64::MAX).min(self.first.unwrap_or(u64::MAX));
        let every = self.every.unwrap_or(1);
        match self.nth {
            Some(n) => (from..=to).contains(&n) && n.is_multiple_of(every),
            None => from.div_ceil(every).checked_mul(every).is_some_and(|n| n <= to),
        }
    }

    /// Whether there is a condition of this name already.
    pub(super) fn has(&self, name: &str) -> bool {
        match name {
            "attempts" => self.attempts.is_some(),
            "every" => self.every.is_some(),
            "first" => self.first.is_some(),
            "nth" => self.nth.is_some(),
            "per" => self.per.is_some(),
            "probability" => self.probability.is_some(),
            _ => false,
        }
    }

    /// Sets the condition of this name: one that counts or draws.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), UnitError> {
        match name {
            "attempts" => self.attempts = Some(Attempts::parse(value)?),
            "every" => self.every = Some(parse_count(value)?),
            "first" => self.first = Some(parse_count(value)?),
            "nth" => self.nth = Some(parse_count(value)?),
            "per" => self.per = Some(Per::parse(value)?),
            _ => self.probability = Some(value.parse()?),
        }
        Ok(())
    }
}

impl fmt::Display for When {
    /// Each condition with a space before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, n) in [("first", self.first), ("nth", self.nth), ("every", self.every)] {
            if let Some(n) = n {
                write!(f, " {name}={n}")?;
            }
        }
        if let Some(attempts) = self.attempts {
            write!(f, " attempts={attempts}")?;
        }
        if let Some(p) = self.probability {
            write!(f, " probability={p}")?;
        }
        match self.per {
            Some(Per::Path) => f.write_str(" per=path"),
            Some(Per::Rule) => f.write_str(" per=rule"),
            None => Ok(()),
        }
    }
}

impl Per {
    /// What an attempt for this target is counted with.
    pub(super) fn group(self, target: &Target) -> Target {
        match self {
            Self::Path => target.without_query(),
            Self::Rule => Target::everything(),
        }
    }

    fn parse(text: &str) -> Result<Self, UnitError> {
        match text {
            "path" => Ok(Self::Path),
            "rule" => Ok(Self::Rule),
            _ => Err(UnitError::new(
                format!("attempts are not counted per {}", quoted(text)),
                "it is `path` or `rule`; without this they are counted for each method, path and query",
            )),
        }
    }
}

/// A range of attempts, counted from 1; never empty.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Attempts {
    first: u64,
    /// Included; `None` if there is no last one.
    last: Option<u64>,
}

impl Attempts {
    pub(super) fn try_new(range: impl RangeBounds<u64>) -> Result<Self, UnitError> {
        let first = match range.start_bound() {
            Bound::Included(&n) => Some(n),
            Bound::Excluded(&n) => n.checked_add(1),
            Bound::Unbounded => Some(1),
        };
        let (last, bounded) = match range.end_bound() {
            Bound::Included(&n) => (Some(n), true),
            Bound::Excluded(&n) => (n.checked_sub(1), true),
            Bound::Unbounded => (None, false),
        };
        match first {
            Some(0) => Err(UnitError::new("there is no attempt 0", "attempts are counted from 1")),
            Some(first) if !bounded || last.is_some_and(|last| first <= last) => Ok(Self { first, last }),
            _ => Err(UnitError::new("there is no attempt in this range", "the first two are `1..=2`, or `1..3`")),
        }
    }

    fn parse(text: &str) -> Result<Self, UnitError> {
        let malformed = || {
            UnitError::new(
                format!("{} is not a range of attempts", quoted(text)),
                "it is written as `1..=2`, `1..3`, `3..` or `..=2`",
            )
        };
        let (first, last) = text.split_once("..").ok_or_else(malformed)?;
        let (last, included) = match last.strip_prefix('=') {
            Some(last) => (last, true),
            None => (last, false),
        };
        let number = |digits: &str| match parse_digits(digits) {
            Some(n) => Ok(Some(n)),
            None if digits.is_empty() => Ok(None),
            None => Err(malformed()),
        };
        let first = number(first)?.map_or(Bound::Unbounded, Bound::Included);
        let last = match number(last)? {
            Some(n) if included => Bound::Included(n),
            Some(n) => Bound::Excluded(n),
            None if included => return Err(malformed()),
            None => Bound::Unbounded,
        };
        Self::try_new((first, last))
    }

    fn contain(self, attempt: u64) -> bool {
        self.first <= attempt && self.last.is_none_or(|last| attempt <= last)
    }
}

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.last {
            Some(last) => write!(f, "{}..={last}", self.first),
            None => write!(f, "{}..", self.first),
        }
    }
}

fn parse_digits(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

fn parse_count(text: &str) -> Result<u64, UnitError> {
    match parse_digits(text) {
        Some(n) => check_count(n),
        None => Err(UnitError::new(
            format!("{} is not a number of attempts", quoted(text)),
            "it is a whole number from 1 on",
        )),
    }
}

/// Attempts are counted from 1.
pub(super) fn check_count(n: u64) -> Result<u64, UnitError> {
    if n > 0 {
        return Ok(n);
    }
    Err(UnitError::new("there is no attempt 0", "attempts are counted from 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(conditions: &[(&str, &str)]) -> When {
        let mut when = When::default();
        for (name, value) in conditions {
            when.set(name, value).unwrap();
        }
        when
    }

    #[track_caller]
    fn check(conditions: &[(&str, &str)], holds_on: &[u64]) {
        let when = when(conditions);
        let held: Vec<u64> = (1..=6).filter(|&n| when.holds(n, || 0)).collect();
        assert_eq!(held, holds_on, "{when}");
    }

    #[test]
    fn conditions_hold_on_their_attempts() {
        check(&[], &[1, 2, 3, 4, 5, 6]);
        check(&[("first", "2")], &[1, 2]);
        check(&[("nth", "2")], &[2]);
        check(&[("every", "2")], &[2, 4, 6]);
        check(&[("attempts", "2..4")], &[2, 3]);
        check(&[("attempts", "2..=4")], &[2, 3, 4]);
        check(&[("attempts", "5..")], &[5, 6]);
        check(&[("attempts", "..=1")], &[1]);
        check(&[("probability", "0")], &[]);
        check(&[("every", "2"), ("first", "5"), ("probability", "1")], &[2, 4]);
    }

    #[test]
    fn conditions_that_never_hold_together_are_found() {
        for (conditions, possible) in [
            (&[("first", "2"), ("nth", "3")][..], false),
            (&[("first", "3"), ("nth", "3")], true),
            (&[("nth", "3"), ("every", "2")], false),
            (&[("nth", "4"), ("every", "2")], true),
            (&[("first", "2"), ("every", "3")], false),
            (&[("first", "2"), ("attempts", "3..")], false),
            (&[("attempts", "5..=7"), ("every", "4")], false),
            (&[("attempts", "5..=8"), ("every", "4")], true),
            (&[("attempts", "5.."), ("every", "4")], true),
            (&[("attempts", "5.."), ("every", "4"), ("first", "7")], false),
            (&[("attempts", "18446744073709551615.."), ("every", "2")], false),
            (&[("probability", "0")], true),
        ] {
            assert_eq!(when(conditions).is_possible(), possible, "{conditions:?}");
        }
    }

    #[test]
    fn a_number_is_drawn_only_where_one_is_used() {
        let undrawn = || panic!("drawn");
        assert!(when(&[("first", "1")]).holds(1, undrawn));
        assert!(!when(&[("first", "1"), ("probability", "1")]).holds(2, undrawn));
    }

    #[test]
    fn wrong_values_are_errors() {
        for (name, value) in [
            ("first", "0"),
            ("nth", ""),
            ("nth", "+1"),
            ("every", "99999999999999999999"),
            ("attempts", "2"),
            ("attempts", "3..3"),
            ("attempts", "3..=2"),
            ("attempts", "0..2"),
            ("attempts", "..0"),
            ("attempts", "1..="),
            ("attempts", "1..x"),
            ("probability", "2"),
            ("per", "query"),
            ("per", ""),
        ] {
            assert!(When::default().set(name, value).is_err(), "{name}={value}");
        }
        assert!(Attempts::try_new((Bound::Excluded(u64::MAX), Bound::Unbounded)).is_err());
    }
}
