//! Durations such as `1m30s`.

use std::time::Duration;

use super::{
    decimal::Decimal,
    error::{UnitError, quoted},
};

/// From the largest to the smallest, in nanoseconds.
const UNITS: [(&str, u64); 7] = [
    ("d", 86_400_000_000_000),
    ("h", 3_600_000_000_000),
    ("m", 60_000_000_000),
    ("s", 1_000_000_000),
    ("ms", 1_000_000),
    ("us", 1_000),
    ("ns", 1),
];

/// Reads `250ms`, `2s`, `1.5s`, `1m30s`: numbers with one of the units `d`, `h`, `m`, `s`, `ms`, `us` and `ns`,
/// from the largest to the smallest, without spaces.
///
/// # Errors
///
/// Says what is wrong, and what would be right: a bare number has no unit, a month no exact length.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use flaky_server::units::{display_duration, parse_duration};
///
/// assert_eq!(parse_duration("1m30s")?, Duration::from_secs(90));
/// assert_eq!(display_duration(Duration::from_millis(1500)), "1s500ms");
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
pub fn parse_duration(text: &str) -> Result<Duration, UnitError> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(UnitError::new(
            format!("{} has no unit", quoted(text)),
            format!("did you mean `{text}s` or `{text}ms`? (as in `2s` and `250ms`)"),
        ));
    }
    let mut total = Duration::ZERO;
    let mut rest = text;
    let mut units = &UNITS[..];
    loop {
        let number = take_while(&mut rest, |c| c.is_ascii_digit() || c == '.');
        let name = take_while(&mut rest, |c| !c.is_ascii_digit() && c != '.');
        let decimal = Decimal::parse(number).map_err(|_| not_a_duration(text))?;
        let Some(place) = units.iter().position(|(unit, _)| *unit == name) else {
            return Err(wrong_unit(text, name));
        };
        let nanos = decimal.nanos(units[place].1).ok_or_else(|| out_of_range(text))?;
        total = total.checked_add(nanos).ok_or_else(|| out_of_range(text))?;
        units = &units[place + 1..];
        if rest.is_empty() {
            return Ok(total);
        }
    }
}

/// The text that [`parse_duration`] reads as this duration: whole numbers, the largest units first.
pub fn display_duration(duration: Duration) -> String {
    let mut nanos = duration.as_nanos();
    if nanos == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (name, unit) in UNITS {
        let count = nanos / u128::from(unit);
        nanos %= u128::from(unit);
        if count > 0 {
            text.push_str(&format!("{count}{name}"));
        }
    }
    text
}

impl Decimal {
    fn nanos(self, unit: u64) -> Option<Duration> {
        // Whole seconds and the rest apart, for a `u64` of nanoseconds ends after 584 years.
        const SECOND: u64 = 1_000_000_000;
        match self.times(unit) {
            Ok(nanos) => Some(Duration::from_nanos(nanos)),
            Err(_) if unit >= SECOND => self.times(unit / SECOND).ok().map(Duration::from_secs),
            Err(_) => None,
        }
    }
}

fn take_while<'a>(rest: &mut &'a str, wanted: impl Fn(char) -> bool) -> &'a str {
    let split = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
    let (taken, left) = rest.split_at(split);
    *rest = left;
    taken
}

fn not_a_duration(text: &str) -> UnitError {
    UnitError::new(
        format!("{} is not a duration", quoted(text)),
        "a duration is a number with a unit, such as `250ms`, `2s` or `1m30s`",
    )
}

fn out_of_range(text: &str) -> UnitError {
    UnitError::new(
        format!("{} is out of range", quoted(text)),
        "a duration is a whole number of nanoseconds, at most 18446744073709551615s",
    )
}

fn wrong_unit(text: &str, name: &str) -> UnitError {
    if text.contains(char::is_whitespace) {
        let joined: String = text.split_whitespace().collect();
        if parse_duration(&joined).is_ok() {
            return UnitError::new(format!("{} has a space in it", quoted(text)), format!("write `{joined}`"));
        }
    }
    if UNITS.iter().any(|(unit, _)| *unit == name) {
        return UnitError::new(
            format!("{} has its units out of order", quoted(text)),
            "the largest comes first and each only once, as in `1m30s`",
        );
    }
    let meant = match name {
        "sec" | "secs" | "second" | "seconds" | "S" => "s",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" | "H" => "h",
        "msec" | "millis" | "MS" | "Ms" => "ms",
        "usec" | "µs" | "μs" => "us",
        "nsec" => "ns",
        "day" | "days" => "d",
        _ => "",
    };
    let help = match meant {
        "" => "the units are d, h, m, s, ms, us and ns".to_owned(),
        meant => format!("did you mean `{meant}`?"),
    };
    UnitError::new(format!("unknown unit {} in {}", quoted(name), quoted(text)), help)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_parse_and_display() {
        for (text, expected, shown) in [
            ("250ms", Duration::from_millis(250), "250ms"),
            ("90s", Duration::from_secs(90), "1m30s"),
            ("1m30s", Duration::from_secs(90), "1m30s"),
            ("0.5s", Duration::from_millis(500), "500ms"),
            ("0s", Duration::ZERO, "0s"),
            ("1d2h", Duration::from_secs(26 * 3600), "1d2h"),
            ("18446744073709551615s", Duration::from_secs(u64::MAX), "213503982334601d7h15s"),
        ] {
            let duration = parse_duration(text).unwrap();
            assert_eq!((duration, display_duration(duration).as_str()), (expected, shown));
        }
    }

    #[test]
    fn wrong_durations_say_what_is_right() {
        for (text, expected) in [
            ("2", "`2` has no unit: did you mean `2s` or `2ms`? (as in `2s` and `250ms`)"),
            ("1m 30s", "`1m 30s` has a space in it: write `1m30s`"),
            ("2sec", "unknown unit `sec` in `2sec`: did you mean `s`?"),
            ("2M", "unknown unit `M` in `2M`: the units are d, h, m, s, ms, us and ns"),
            ("1s1m", "`1s1m` has its units out of order: the largest comes first and each only once, as in `1m30s`"),
            (
                "1.5ns",
                "`1.5ns` is out of range: a duration is a whole number of nanoseconds, at most 18446744073709551615s",
            ),
            ("soon", "`soon` is not a duration: a duration is a number with a unit, such as `250ms`, `2s` or `1m30s`"),
            ("", "`` is not a duration: a duration is a number with a unit, such as `250ms`, `2s` or `1m30s`"),
        ] {
            assert_eq!(parse_duration(text).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn the_largest_durations_do_not_overflow() {
        assert!(parse_duration("18446744073709551615s1000ms").is_err());
        assert!(parse_duration("99999999999999999999d").is_err());
        assert_eq!(parse_duration(&display_duration(Duration::MAX)), Ok(Duration::MAX));
    }

    proptest! {
        #[test]
        fn display_is_the_inverse_of_parse(secs in any::<u64>(), nanos in 0u32..1_000_000_000, shift in 0u32..64) {
            let duration = Duration::new(secs >> shift, nanos);
            prop_assert_eq!(parse_duration(&display_duration(duration)), Ok(duration));
        }

        #[test]
        fn no_text_panics(text in "\\PC*", near in "([0-9.]{0,22}[a-zA-Zµ ]{0,2}){0,4}") {
            _ = parse_duration(&text);
            _ = parse_duration(&near);
        }
    }
}
