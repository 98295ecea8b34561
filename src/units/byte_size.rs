//! A number of bytes.

use std::{fmt, str::FromStr};

use super::{
    decimal::{Decimal, Inexact, NotDecimal},
    error::{UnitError, quoted},
};

/// A number of bytes: `1000`, `64kB`, `1.5MB`, `1MiB`.
///
/// # Examples
///
/// ```
/// use flaky_server::ByteSize;
///
/// assert_eq!("1.5MB".parse::<ByteSize>()?, ByteSize::kb(1500));
/// assert_eq!(ByteSize::mib(1).bytes(), 1_048_576);
/// assert_eq!(ByteSize::b(64_000).to_string(), "64kB");
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ByteSize(u64);

/// From the largest to the smallest, which is the order in which [`fmt::Display`] tries them.
const UNITS: [(&str, u64); 9] = [
    ("TiB", 1 << 40),
    ("TB", 1_000_000_000_000),
    ("GiB", 1 << 30),
    ("GB", 1_000_000_000),
    ("MiB", 1 << 20),
    ("MB", 1_000_000),
    ("KiB", 1 << 10),
    ("kB", 1_000),
    ("B", 1),
];

impl ByteSize {
    /// This many bytes.
    pub const fn b(n: u64) -> Self {
        Self(n)
    }

    /// This many times 1,000 bytes; the largest size if that overflows.
    pub const fn kb(n: u64) -> Self {
        Self(n.saturating_mul(1_000))
    }

    /// This many times 1,000,000 bytes; the largest size if that overflows.
    pub const fn mb(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000))
    }

    /// This many times 1,000,000,000 bytes; the largest size if that overflows.
    pub const fn gb(n: u64) -> Self {
        Self(n.saturating_mul(1_000_000_000))
    }

    /// This many times 1,024 bytes; the largest size if that overflows.
    pub const fn kib(n: u64) -> Self {
        Self(n.saturating_mul(1 << 10))
    }

    /// This many times 1,048,576 bytes; the largest size if that overflows.
    pub const fn mib(n: u64) -> Self {
        Self(n.saturating_mul(1 << 20))
    }

    /// This many times 1,073,741,824 bytes; the largest size if that overflows.
    pub const fn gib(n: u64) -> Self {
        Self(n.saturating_mul(1 << 30))
    }

    /// The plain number.
    pub const fn bytes(self) -> u64 {
        self.0
    }
}

impl From<u64> for ByteSize {
    fn from(bytes: u64) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = UNITS.iter().find(|(_, unit)| self.0 != 0 && self.0.is_multiple_of(*unit));
        match unit {
            Some((name, unit)) if *unit > 1 => write!(f, "{}{name}", self.0 / unit),
            _ => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for ByteSize {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (number, suffix) = text.split_at(split);
        let decimal = Decimal::parse(number).map_err(|e| match e {
            NotDecimal::Malformed => not_a_size(text),
            NotDecimal::TooLarge => too_large(text),
        })?;
        let Some(unit) = unit(suffix) else {
            return Err(wrong_unit(text, number, suffix));
        };
        decimal.times(unit).map(Self).map_err(|e| match e {
            Inexact::TooLarge => too_large(text),
            Inexact::NotWhole => UnitError::new(
                format!("{} is not a whole number of bytes", quoted(text)),
                "use a smaller unit, or fewer decimal places",
            ),
        })
    }
}

fn unit(suffix: &str) -> Option<u64> {
    match suffix {
        "" => Some(1),
        "KB" => Some(1_000),
        _ => UNITS.iter().find(|(name, _)| *name == suffix).map(|(_, unit)| *unit),
    }
}

fn not_a_size(text: &str) -> UnitError {
    UnitError::new(
        format!("{} is not a size", quoted(text)),
        "a size is a number of bytes such as `1000`, `64kB`, `1.5MB` or `1MiB`",
    )
}

fn too_large(text: &str) -> UnitError {
    UnitError::new(format!("{} is too large", quoted(text)), format!("the largest size is {} bytes", u64::MAX))
}

/// Says what the unit was probably meant to be.
fn wrong_unit(text: &str, number: &str, suffix: &str) -> UnitError {
    let trimmed = suffix.trim();
    if trimmed != suffix && unit(trimmed).is_some() {
        return UnitError::new(format!("{} has a space in it", quoted(text)), format!("write `{number}{trimmed}`"));
    }
    let upper = trimmed.to_ascii_uppercase();
    if let "K" | "M" | "G" | "T" = upper.as_str() {
        let decimal = if upper == "K" { "kB".to_owned() } else { format!("{upper}B") };
        let bytes = |name: &str| grouped(unit(name).unwrap_or(1));
        let binary = format!("{upper}iB");
        return UnitError::new(
            format!("{} is ambiguous", quoted(text)),
            format!("1{decimal} is {} bytes, 1{binary} is {}", bytes(&decimal), bytes(&binary)),
        );
    }
    match UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(&upper)) {
        Some((name, _)) => {
            UnitError::new(format!("unknown unit {}", quoted(suffix)), format!("did you mean `{number}{name}`?"))
        }
        None => UnitError::new(
            format!("unknown unit {}", quoted(suffix)),
            "the units are B, kB, MB, GB, TB, KiB, MiB, GiB and TiB",
        ),
    }
}

/// `1048576` as `1,048,576`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, bytes: u64, shown: &str) {
        let size: ByteSize = text.parse().unwrap();
        assert_eq!((size.bytes(), size.to_string().as_str()), (bytes, shown));
    }

    #[track_caller]
    fn check_error(text: &str, expected: &str) {
        assert_eq!(text.parse::<ByteSize>().unwrap_err().to_string(), expected);
    }

    #[test]
    fn sizes_parse_and_display() {
        check("0", 0, "0");
        check("0GiB", 0, "0");
        check("1", 1, "1");
        check("999", 999, "999");
        check("1000", 1_000, "1kB");
        check("1000B", 1_000, "1kB");
        check("1KB", 1_000, "1kB");
        check("1024", 1_024, "1KiB");
        check("1.5MB", 1_500_000, "1500kB");
        check("1.25KiB", 1_280, "1280");
        check("1MiB", 1_048_576, "1MiB");
        check("2TiB", 2 << 40, "2TiB");
        check("18446744073709551615", u64::MAX, "18446744073709551615");
    }

    #[test]
    fn near_misses_are_told_the_right_spelling() {
        check_error("1mb", "unknown unit `mb`: did you mean `1MB`?");
        check_error("1mib", "unknown unit `mib`: did you mean `1MiB`?");
        check_error("2kb", "unknown unit `kb`: did you mean `2kB`?");
        check_error("1M", "`1M` is ambiguous: 1MB is 1,000,000 bytes, 1MiB is 1,048,576");
        check_error("1k", "`1k` is ambiguous: 1kB is 1,000 bytes, 1KiB is 1,024");
        check_error("1 MB", "`1 MB` has a space in it: write `1MB`");
        check_error("1XB", "unknown unit `XB`: the units are B, kB, MB, GB, TB, KiB, MiB, GiB and TiB");
        check_error(
            "1.0005kB",
            "`1.0005kB` is not a whole number of bytes: use a smaller unit, or fewer decimal places",
        );
        check_error("20000000TB", "`20000000TB` is too large: the largest size is 18446744073709551615 bytes");
        check_error("-1", "`-1` is not a size: a size is a number of bytes such as `1000`, `64kB`, `1.5MB` or `1MiB`");
    }

    #[test]
    fn constructors_saturate() {
        assert_eq!(ByteSize::gib(u64::MAX).bytes(), u64::MAX);
        assert_eq!(ByteSize::gb(2), ByteSize::mb(2_000));
        assert_eq!(ByteSize::mib(3), ByteSize::kib(3 * 1_024));
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(n in any::<u64>(), shift in 0u32..64, zeros in 0u32..15) {
            for bytes in [n >> shift, (n >> 50) * 10u64.pow(zeros)] {
                prop_assert_eq!(ByteSize(bytes).to_string().parse(), Ok(ByteSize(bytes)));
            }
        }

        #[test]
        fn no_text_panics(text in "\\PC*", digits in "[0-9.]{0,50}[A-Za-z %]{0,4}") {
            _ = text.parse::<ByteSize>();
            _ = digits.parse::<ByteSize>();
        }
    }
}
