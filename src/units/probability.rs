//! How likely something is.

use std::{fmt, str::FromStr};

use super::{
    decimal,
    decimal::Decimal,
    error::{UnitError, quoted},
};

/// How likely something is, from 0 to 1: `0.3`, or `30%`.
///
/// Held as a whole number of parts per billion, so that a decision is a comparison of integers and the same on
/// every machine.
///
/// # Examples
///
/// ```
/// use flaky_server::Probability;
///
/// assert_eq!("30%".parse::<Probability>()?, Probability::try_new(0.3)?);
/// assert_eq!("30%".parse::<Probability>()?.to_string(), "0.3");
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Probability(u32);

const BILLION: u32 = 1_000_000_000;

impl Probability {
    /// Always.
    pub const ONE: Self = Self(BILLION);
    /// Never.
    pub const ZERO: Self = Self(0);

    /// The nearest whole number of parts per billion.
    ///
    /// # Errors
    ///
    /// If `p` does not lie between 0 and 1.
    pub fn try_new(p: f64) -> Result<Self, UnitError> {
        if !(0.0..=1.0).contains(&p) {
            return Err(not_a_probability(&p.to_string()));
        }
        // Between 0 and 10^9: the cast cuts nothing off.
        Ok(Self((p * f64::from(BILLION)).round() as u32))
    }

    /// From 0 to 1,000,000,000.
    pub const fn parts_per_billion(self) -> u32 {
        self.0
    }

    /// Whether it holds for a uniformly drawn number.
    ///
    /// The map is fixed for ever: the draw is scaled to parts per billion, rounded down, and must be smaller.
    pub(crate) fn holds(self, draw: u64) -> bool {
        let scaled = (u128::from(draw) * u128::from(BILLION)) >> 64;
        scaled < u128::from(self.0)
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal::display(self.0.into(), BILLION.into()))
    }
}

impl FromStr for Probability {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (number, unit) = match text.strip_suffix('%') {
            Some(number) => (number, BILLION / 100),
            None => (text, BILLION),
        };
        let parts = Decimal::parse(number).ok().and_then(|d| d.times(unit.into()).ok());
        match parts.and_then(|p| u32::try_from(p).ok()) {
            Some(parts) if parts <= BILLION => Ok(Self(parts)),
            _ => Err(not_a_probability(text)),
        }
    }
}

fn not_a_probability(text: &str) -> UnitError {
    UnitError::new(
        format!("{} is not a probability", quoted(text)),
        "it goes from `0` to `1` with at most 9 decimal places, or from `0%` to `100%`",
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn probabilities_parse_and_display() {
        for (text, parts, shown) in [
            ("0", 0, "0"),
            ("1", BILLION, "1"),
            ("0.3", 300_000_000, "0.3"),
            ("0.30", 300_000_000, "0.3"),
            ("12.5%", 125_000_000, "0.125"),
            ("0.000000001", 1, "0.000000001"),
        ] {
            let p: Probability = text.parse().unwrap();
            assert_eq!((p.parts_per_billion(), p.to_string().as_str()), (parts, shown));
        }
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in ["", "1.1", "101%", "-0.1", "0.0000000001", "often", "1e-3", "NaN"] {
            let message = text.parse::<Probability>().unwrap_err().message().to_owned();
            assert_eq!(message, format!("`{text}` is not a probability"));
        }
        for p in [-0.1, 1.1, f64::NAN, f64::INFINITY] {
            assert!(Probability::try_new(p).is_err(), "{p}");
        }
        assert_eq!(Probability::try_new(0.3).unwrap().parts_per_billion(), 300_000_000);
    }

    #[test]
    fn draws_are_compared_exactly() {
        assert!(!Probability::ZERO.holds(0));
        assert!(Probability::ONE.holds(u64::MAX));
        let half: Probability = "0.5".parse().unwrap();
        assert!(half.holds((1 << 63) - 1));
        assert!(!half.holds(1 << 63));
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(parts in 0..=BILLION) {
            prop_assert_eq!(Probability(parts).to_string().parse(), Ok(Probability(parts)));
        }
    }
}
