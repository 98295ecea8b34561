//! What is said to be the length of a body.

use std::{fmt, str::FromStr, sync::Arc};

use crate::units::{ByteSize, Offset, UnitError, quoted};

/// What a `Content-Length` says: something about the body (`end`, `50%`, `end-1`, `end+1kB`, `1MB`), or digits, with a sign
/// or without, that are sent as they are (`-1`, `99999999999999999999`).
///
/// # Examples
///
/// ```
/// use flaky_server::{Fault, Length, Offset};
///
/// let half = Fault::content_length(Offset::percent(50));
/// assert_eq!(half.to_string(), "content-length=50%");
/// assert_eq!(Fault::content_length("-1".parse::<Length>()?).to_string(), "content-length=-1");
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Length(Kind);

#[derive(Clone, Debug, Eq, PartialEq)]
enum Kind {
    At(Offset),
    Beyond(ByteSize),
    Digits(Arc<str>),
}

/// The most digits: many more than a number has that any program can hold.
const MOST: usize = 1000;

impl Length {
    /// So many bytes more than the body has.
    pub fn beyond_end(size: ByteSize) -> Self {
        Self(Kind::Beyond(size))
    }

    /// A number of bytes may be written in digits alone, and those have one meaning.
    fn at(offset: Offset) -> Self {
        let shown = offset.to_string();
        let digits = shown.bytes().all(|b| b.is_ascii_digit());
        Self(if digits { Kind::Digits(shown.into()) } else { Kind::At(offset) })
    }

    /// What it comes to for a body of this length.
    pub(in crate::decision) fn resolve(&self, len: u64) -> Arc<str> {
        match &self.0 {
            Kind::At(offset) => offset.resolve(len).unwrap_or_default().to_string().into(),
            Kind::Beyond(size) => (u128::from(len) + u128::from(size.bytes())).to_string().into(),
            Kind::Digits(digits) => Arc::clone(digits),
        }
    }
}

impl From<Offset> for Length {
    fn from(offset: Offset) -> Self {
        Self::at(offset)
    }
}

impl From<ByteSize> for Length {
    fn from(size: ByteSize) -> Self {
        Offset::from(size).into()
    }
}

impl From<u64> for Length {
    fn from(bytes: u64) -> Self {
        Offset::from(bytes).into()
    }
}

impl FromStr for Length {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !unsigned.is_empty() && unsigned.bytes().all(|b| b.is_ascii_digit()) {
            if text.len() > MOST {
                let message = format!("{} has too many digits", quoted(text));
                return Err(UnitError::new(message, format!("{MOST} are the most")));
            }
            return Ok(Self(Kind::Digits(text.into())));
        }
        if let Some(size) = text.strip_prefix("end+") {
            return Ok(Self(Kind::Beyond(size.parse()?)));
        }
        text.parse().map(Self::at).map_err(|_| {
            let help = "a place in the body (`50%`, `end-1`, `1kB`), one behind it (`end+1kB`), or digits (`0`, `-1`)";
            UnitError::new(format!("{} is not a length", quoted(text)), help)
        })
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::At(offset) => offset.fmt(f),
            Kind::Beyond(size) => write!(f, "end+{size}"),
            Kind::Digits(digits) => f.write_str(digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_a_body_and_digits() {
        for (text, resolved) in [
            ("end", "1000"),
            ("50%", "500"),
            ("end-1", "999"),
            ("end-2kB", "0"),
            ("end+1kB", "2000"),
            ("1MB", "1000000"),
            ("0", "0"),
            ("-1", "-1"),
            ("+0007", "+0007"),
            ("99999999999999999999", "99999999999999999999"),
        ] {
            let length: Length = text.parse().unwrap();
            assert_eq!((&*length.to_string(), &*length.resolve(1000)), (text, resolved));
        }
        assert_eq!(Length::from(7), "7".parse().unwrap());
        assert_eq!("7B".parse::<Length>().unwrap(), "7".parse().unwrap());
        assert_eq!(Length::from(ByteSize::kb(1)), "1kB".parse().unwrap());
        assert_eq!(Length::beyond_end(ByteSize::b(u64::MAX)).resolve(1).as_ref(), "18446744073709551616");
        for text in ["", "-", "+", "--1", "abc", "0x10", "end+", "1e3"] {
            assert!(text.parse::<Length>().is_err(), "{text}");
        }
        assert!("9".repeat(1001).parse::<Length>().is_err());
    }
}
