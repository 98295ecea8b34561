//! Bytes per second.

use std::{fmt, num::NonZeroU64, str::FromStr};

use super::{
    ByteSize,
    error::{UnitError, quoted},
};

/// Bytes per second, more than none: `500kB/s`, `1MiB/s`, `1000B/s`.
///
/// # Examples
///
/// ```
/// use flaky_server::{ByteSize, Rate};
///
/// let rate: Rate = "500kB/s".parse()?;
/// assert_eq!(rate, Rate::try_new(ByteSize::kb(500))?);
/// assert_eq!(rate.bytes_per_second(), 500_000);
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Rate(NonZeroU64);

impl Rate {
    /// This much per second.
    ///
    /// # Errors
    ///
    /// If it is nothing at all: `stall-after=0` is what stops a body before its first byte.
    pub fn try_new(per_second: ByteSize) -> Result<Self, UnitError> {
        NonZeroU64::new(per_second.bytes()).map(Self).ok_or_else(|| {
            UnitError::new("a rate is more than 0", "the slowest is `1B/s`; `stall-after=0` sends nothing")
        })
    }

    /// The plain number.
    pub const fn bytes_per_second(self) -> u64 {
        self.0.get()
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = ByteSize::b(self.0.get()).to_string();
        let unit = if size.ends_with('B') { "" } else { "B" };
        write!(f, "{size}{unit}/s")
    }
}

impl FromStr for Rate {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let (size, per_second) = match text.strip_suffix("/s") {
            Some(size) => (size, true),
            None => (text, false),
        };
        if !size.is_empty() && size.bytes().all(|b| b == b'0') {
            return Self::try_new(ByteSize::b(0));
        }
        if !size.is_empty() && size.bytes().all(|b| b.is_ascii_digit()) {
            return Err(UnitError::new(format!("{} has no unit", quoted(text)), format!("did you mean `{size}B/s`?")));
        }
        if !per_second {
            let help = match size.parse::<ByteSize>() {
                Ok(_) => format!("did you mean `{size}/s`?"),
                Err(_) => "a rate is a size per second, such as `500kB/s` or `1MB/s`".to_owned(),
            };
            return Err(UnitError::new(format!("{} is not a rate", quoted(text)), help));
        }
        Self::try_new(size.parse().map_err(per_second_too)?)
    }
}

/// What is suggested for the size, as the rate that it is to be.
fn per_second_too(error: UnitError) -> UnitError {
    let help: Vec<&str> = error.help().split('`').collect();
    match help[..] {
        [before, size, after] => UnitError::new(error.message(), format!("{before}`{size}/s`{after}")),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rates_parse_and_display() {
        for (text, bytes) in [("1MB/s", 1_000_000), ("1000KiB/s", 1_024_000), ("999B/s", 999)] {
            let rate: Rate = text.parse().unwrap();
            assert_eq!((rate.bytes_per_second(), rate.to_string().as_str()), (bytes, text));
        }
    }

    #[test]
    fn wrong_rates_say_what_is_right() {
        for (text, expected) in [
            ("1000", "`1000` has no unit: did you mean `1000B/s`?"),
            ("1000/s", "`1000/s` has no unit: did you mean `1000B/s`?"),
            ("1MB", "`1MB` is not a rate: did you mean `1MB/s`?"),
            ("fast", "`fast` is not a rate: a rate is a size per second, such as `500kB/s` or `1MB/s`"),
            ("0kB/s", "a rate is more than 0: the slowest is `1B/s`; `stall-after=0` sends nothing"),
            ("0", "a rate is more than 0: the slowest is `1B/s`; `stall-after=0` sends nothing"),
            ("0/s", "a rate is more than 0: the slowest is `1B/s`; `stall-after=0` sends nothing"),
            ("1mb/s", "unknown unit `mb`: did you mean `1MB/s`?"),
            ("x/s", "`x` is not a size: a size is a number of bytes such as `1000`, `64kB`, `1.5MB` or `1MiB`"),
            ("1 MB/s", "`1 MB` has a space in it: write `1MB/s`"),
        ] {
            assert_eq!(text.parse::<Rate>().unwrap_err().to_string(), expected);
        }
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(n in 1u64.., shift in 0u32..63) {
            let rate = Rate::try_new(ByteSize::b((n >> shift).max(1))).unwrap();
            prop_assert_eq!(rate.to_string().parse(), Ok(rate));
        }
    }
}
