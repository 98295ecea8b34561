//! Pieces with pauses between them.

use std::{fmt, str::FromStr, time::Duration};

use crate::units::{ByteSize, UnitError, display_duration, parse_duration, quoted};

/// So many bytes at once, and so long until the next: `1kB/50ms`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Drip {
    /// How much goes out at once: at least a byte.
    pub piece: ByteSize,
    /// How long it is from one piece to the next.
    pub every: Duration,
}

impl FromStr for Drip {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let Some((piece, every)) = text.split_once('/') else {
            let message = format!("{} does not say how often", quoted(text));
            return Err(UnitError::new(message, "a piece and an interval, as in `1kB/50ms`"));
        };
        let piece: ByteSize = piece.parse()?;
        if piece.bytes() == 0 {
            return Err(UnitError::new("nothing goes out in pieces of 0 bytes", "a piece has a byte at least"));
        }
        Ok(Self { piece, every: parse_duration(every)? })
    }
}

impl fmt::Display for Drip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.piece, display_duration(self.every))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_and_an_interval() {
        let drip: Drip = "64kB/1m30s".parse().unwrap();
        assert_eq!((drip.piece, drip.every), (ByteSize::kb(64), Duration::from_secs(90)));
        assert_eq!(drip.to_string(), "64kB/1m30s");
        for (text, message) in [
            ("1kB", "`1kB` does not say how often"),
            ("0/1s", "nothing goes out in pieces of 0 bytes"),
            ("1kB/s", "`s` is not a duration"),
        ] {
            assert_eq!(text.parse::<Drip>().unwrap_err().message(), message);
        }
    }
}
