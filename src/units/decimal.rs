//! Decimal numbers as exact integers.

/// `digits / 10^places`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Decimal {
    digits: u128,
    places: u32,
}

/// Why a text is not a [`Decimal`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum NotDecimal {
    Malformed,
    TooLarge,
}

impl Decimal {
    /// Digits, and possibly a point with further digits. No sign, no exponent, no separators.
    pub(super) fn parse(text: &str) -> Result<Self, NotDecimal> {
        let (whole, fraction) = match text.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(NotDecimal::Malformed),
            None => (text, ""),
        };
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
            return Err(NotDecimal::Malformed);
        }
        let fraction = fraction.trim_end_matches('0');
        let mut digits: u128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            digits = digits
                .checked_mul(10)
                .and_then(|d| d.checked_add(u128::from(digit - b'0')))
                .ok_or(NotDecimal::TooLarge)?;
        }
        let places = u32::try_from(fraction.len()).map_err(|_| NotDecimal::TooLarge)?;
        Ok(Self { digits, places })
    }

    /// This number of units, if it is a whole number: `1.5` times 1,000 is 1,500.
    pub(super) fn times(self, unit: u64) -> Result<u64, Inexact> {
        let product = self.digits.checked_mul(u128::from(unit)).ok_or(Inexact::TooLarge)?;
        let divisor = 10u128.checked_pow(self.places).ok_or(Inexact::NotWhole)?;
        if product % divisor != 0 {
            return Err(Inexact::NotWhole);
        }
        u64::try_from(product / divisor).map_err(|_| Inexact::TooLarge)
    }
}

/// Why a number of units is not an exact `u64`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Inexact {
    NotWhole,
    TooLarge,
}

/// `value / unit` with as many decimal places as it takes; `unit` is a power of ten.
pub(super) fn display(value: u64, unit: u64) -> String {
    let (whole, rest) = (value / unit, value % unit);
    if rest == 0 {
        return whole.to_string();
    }
    let places = unit.ilog10() as usize;
    let rest = format!("{rest:0places$}");
    format!("{whole}.{}", rest.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimals_parse() {
        for text in ["", ".", "1.", ".5", "-1", "+1", "1e3", "1_000", "1.2.3", "١"] {
            assert_eq!(Decimal::parse(text), Err(NotDecimal::Malformed), "{text}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(40)), Err(NotDecimal::TooLarge));
        assert_eq!(Decimal::parse("1.50"), Ok(Decimal { digits: 15, places: 1 }));
    }

    #[test]
    fn a_product_is_exact_or_an_error() {
        let times = |text, unit| Decimal::parse(text).unwrap().times(unit);
        assert_eq!(times("1.5", 1_000), Ok(1_500));
        assert_eq!(times("1.0005", 1_000), Err(Inexact::NotWhole));
        assert_eq!(times("18446744073709551615", 1), Ok(u64::MAX));
        assert_eq!(times("18446744073709551616", 1), Err(Inexact::TooLarge));
        assert_eq!(times(&format!("0.{}1", "0".repeat(60)), 1), Err(Inexact::NotWhole));
    }

    #[test]
    fn places_are_shown_without_trailing_zeros() {
        assert_eq!(display(12_500_000, 1_000_000), "12.5");
        assert_eq!(display(1, 1_000_000), "0.000001");
        assert_eq!(display(7_000_000, 1_000_000), "7");
    }
}
