//! `Content-Range`.

/// Which bytes of the file a reply has (RFC 9110 §14.4).
///
/// # Examples
///
/// ```
/// use model_downloader::ContentRange;
///
/// let part = ContentRange::parse("bytes 1000-1999/5000");
/// assert_eq!(part, Some(ContentRange::Part { first: 1000, last: 1999, total: Some(5000) }));
/// assert_eq!(ContentRange::parse("bytes */5000"), Some(ContentRange::Unsatisfied { total: 5000 }));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ContentRange {
    /// Of a 206: from the first byte to the last.
    Part {
        /// The first byte.
        first: u64,
        /// The last byte.
        last: u64,
        /// How many bytes the file has, if the server knows.
        total: Option<u64>,
    },
    /// Of a 416: there is no such range in a file of this length.
    Unsatisfied {
        /// How many bytes the file has.
        total: u64,
    },
}

impl ContentRange {
    /// Reads the value; `None` if it is not in bytes, or does not make sense.
    pub fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.trim().split_once(' ')?;
        if !unit.eq_ignore_ascii_case("bytes") {
            return None;
        }
        let (range, total) = rest.trim().split_once('/')?;
        let total = if total == "*" { None } else { Some(number(total)?) };
        if range == "*" {
            return Some(Self::Unsatisfied { total: total? });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let makes_sense = first <= last && total.is_none_or(|total| last < total);
        makes_sense.then_some(Self::Part { first, last, total })
    }
}

/// Digits and nothing else: `u64::from_str` takes a `+` as well.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn part(value: &str, first: u64, last: u64, total: Option<u64>) {
        assert_eq!(ContentRange::parse(value), Some(ContentRange::Part { first, last, total }));
    }

    #[test]
    fn parts() {
        part("bytes 0-0/1", 0, 0, Some(1));
        part("bytes 42-1233/1234", 42, 1233, Some(1234));
        part("Bytes 42-1233/*", 42, 1233, None);
        part(" bytes 1-2/3 ", 1, 2, Some(3));
    }

    #[test]
    fn the_length_in_a_416() {
        assert_eq!(ContentRange::parse("bytes */0"), Some(ContentRange::Unsatisfied { total: 0 }));
    }

    #[test]
    fn rubbish_is_nothing() {
        for value in [
            "",
            "bytes",
            "bytes */*",
            "bytes 1-2",
            "bytes 2-1/3",
            "bytes 1-3/3",
            "bytes -1/3",
            "bytes 1-/3",
            "bytes +1-2/3",
            "bytes 1-2/-3",
            "lines 1-2/3",
            "bytes=1-2/3",
            "bytes 1-2/99999999999999999999999",
        ] {
            assert_eq!(ContentRange::parse(value), None, "{value}");
        }
    }
}
