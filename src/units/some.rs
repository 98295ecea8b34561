//! Limits that let somebody through.

use std::time::Duration;

use super::{ByteSize, UnitError, parse_duration};

/// The size of something without which nobody is served.
pub(crate) fn some_bytes(text: &str) -> Result<ByteSize, UnitError> {
    let size: ByteSize = text.parse()?;
    if size.bytes() == 0 { Err(serves_nobody("1")) } else { Ok(size) }
}

/// A time without which nobody is served.
pub(crate) fn some_time(text: &str) -> Result<Duration, UnitError> {
    let duration = parse_duration(text)?;
    if duration.is_zero() { Err(serves_nobody("1ms")) } else { Ok(duration) }
}

fn serves_nobody(example: &str) -> UnitError {
    UnitError::new("a limit of 0 would serve nobody", format!("it is at least something, such as `{example}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_not_something() {
        assert_eq!(some_bytes("1").unwrap(), ByteSize::b(1));
        assert_eq!(some_time("1ms").unwrap(), Duration::from_millis(1));
        for error in [some_bytes("0").unwrap_err(), some_time("0s").unwrap_err()] {
            assert_eq!(error.message(), "a limit of 0 would serve nobody");
        }
        assert!(some_bytes("x").is_err() && some_time("5").is_err());
    }
}
