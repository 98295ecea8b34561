//! A place in a body or a fixture.

use std::{fmt, str::FromStr};

use super::{
    ByteSize, decimal,
    decimal::Decimal,
    error::{UnitError, quoted},
};

/// A place in a body or a fixture: a size, a percentage of the length, `end`, or `end-SIZE`.
///
/// # Examples
///
/// ```
/// use flaky_server::{ByteSize, Offset};
///
/// assert_eq!("12.5%".parse::<Offset>()?.resolve(1001), Some(125));
/// assert_eq!(Offset::before_end(ByteSize::b(1)).resolve(1000), Some(999));
/// assert_eq!(Offset::END.resolve(1000), Some(1000));
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Offset(Kind);

#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
enum Kind {
    Bytes(ByteSize),
    /// In millionths of a percent, so that every accepted percentage is exact.
    Percent(u32),
    BeforeEnd(ByteSize),
}

const MILLIONTHS: u64 = 1_000_000;
const WHOLE: u32 = 100_000_000;

impl Offset {
    /// `end`: behind the last byte.
    pub const END: Self = Self(Kind::BeforeEnd(ByteSize::b(0)));

    /// This many bytes from the start.
    pub const fn bytes(n: u64) -> Self {
        Self(Kind::Bytes(ByteSize::b(n)))
    }

    /// `end-SIZE`: this far before the end.
    pub const fn before_end(size: ByteSize) -> Self {
        Self(Kind::BeforeEnd(size))
    }

    /// A whole percentage of the length; above 100 counts as 100. For `12.5%` parse the text.
    pub const fn percent(percent: u8) -> Self {
        let percent = if percent > 100 { 100 } else { percent };
        Self(Kind::Percent(percent as u32 * MILLIONTHS as u32))
    }

    /// The number of bytes from the start, given the length. Percentages are rounded down.
    ///
    /// A plain number is returned as it is, also beyond the end; `None` if `end-SIZE` lies before the start.
    pub fn resolve(self, len: u64) -> Option<u64> {
        match self.0 {
            Kind::Bytes(size) => Some(size.bytes()),
            Kind::Percent(millionths) => {
                let bytes = u128::from(len) * u128::from(millionths) / u128::from(WHOLE);
                u64::try_from(bytes).ok()
            }
            Kind::BeforeEnd(size) => len.checked_sub(size.bytes()),
        }
    }
}

impl From<u64> for Offset {
    fn from(bytes: u64) -> Self {
        Self::bytes(bytes)
    }
}

impl From<ByteSize> for Offset {
    fn from(size: ByteSize) -> Self {
        Self(Kind::Bytes(size))
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Kind::Bytes(size) => size.fmt(f),
            Kind::Percent(millionths) => {
                write!(f, "{}%", decimal::display(millionths.into(), MILLIONTHS))
            }
            Kind::BeforeEnd(size) if size.bytes() == 0 => f.write_str("end"),
            Kind::BeforeEnd(size) => write!(f, "end-{size}"),
        }
    }
}

impl FromStr for Offset {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        if text == "end" {
            return Ok(Self::END);
        }
        if let Some(size) = text.strip_prefix("end-") {
            return size.parse().map(Self::before_end);
        }
        if let Some(number) = text.strip_suffix('%') {
            let millionths = Decimal::parse(number).ok().and_then(|d| d.times(MILLIONTHS).ok());
            return match millionths.and_then(|m| u32::try_from(m).ok()) {
                Some(millionths) if millionths <= WHOLE => Ok(Self(Kind::Percent(millionths))),
                _ => Err(UnitError::new(
                    format!("{} is not a percentage of the length", quoted(text)),
                    "it goes from `0%` to `100%`, with at most 6 decimal places",
                )),
            };
        }
        if !text.starts_with(|c: char| c.is_ascii_digit()) {
            return Err(UnitError::new(
                format!("{} is not an offset", quoted(text)),
                "an offset is a size such as `1MB`, a percentage such as `50%`, `end`, or `end-1kB`",
            ));
        }
        text.parse().map(|size| Self(Kind::Bytes(size)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(text: &str, len: u64, resolved: Option<u64>) {
        let offset: Offset = text.parse().unwrap();
        assert_eq!(offset.to_string(), text);
        assert_eq!(offset.resolve(len), resolved);
    }

    #[test]
    fn offsets_resolve() {
        check("1kB", 10, Some(1_000));
        check("0%", 999, Some(0));
        check("50%", 999, Some(499));
        check("33.333333%", 3_000_000, Some(999_999));
        check("100%", u64::MAX, Some(u64::MAX));
        check("end", u64::MAX, Some(u64::MAX));
        check("end-1", 1, Some(0));
        check("end-2", 1, None);
        check("end-1MiB", 1 << 20, Some(0));
    }

    #[test]
    fn wrong_offsets_say_what_is_right() {
        for (text, message) in [
            ("101%", "`101%` is not a percentage of the length"),
            ("100.000001%", "`100.000001%` is not a percentage of the length"),
            ("0.0000001%", "`0.0000001%` is not a percentage of the length"),
            ("%", "`%` is not a percentage of the length"),
            ("half", "`half` is not an offset"),
            ("", "`` is not an offset"),
            ("end-", "`` is not a size"),
            ("1mb", "unknown unit `mb`"),
        ] {
            assert_eq!(text.parse::<Offset>().unwrap_err().message(), message);
        }
    }

    #[test]
    fn percent_is_clamped() {
        assert_eq!(Offset::percent(200), Offset::percent(100));
        assert_eq!(Offset::percent(50).to_string(), "50%");
    }

    pub(super) fn any_offset() -> impl Strategy<Value = Offset> {
        prop_oneof![
            any::<u64>().prop_map(Offset::bytes),
            (0..=WHOLE).prop_map(|m| Offset(Kind::Percent(m))),
            any::<u64>().prop_map(|n| Offset::before_end(ByteSize::b(n))),
        ]
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(offset in any_offset()) {
            prop_assert_eq!(offset.to_string().parse(), Ok(offset));
        }

        #[test]
        fn percentages_never_leave_the_body(m in 0..=WHOLE, len in any::<u64>()) {
            prop_assert!(Offset(Kind::Percent(m)).resolve(len).unwrap() <= len);
        }

        #[test]
        fn no_text_panics(text in "\\PC*", near in "(end-)?[0-9.]{0,30}%?") {
            _ = text.parse::<Offset>();
            _ = near.parse::<Offset>();
        }
    }
}
