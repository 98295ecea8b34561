//! The `Range` header field (RFC 9110 §14).

use http::{HeaderMap, header};

/// What part of a fixture a request asks for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Selected {
    /// From `start` up to, not including, `end`; never empty.
    Part {
        /// The first byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// A range that the fixture has not.
    Unsatisfiable,
    /// All of it: no range was asked for, or none that is understood.
    Whole,
}

/// What `headers` select of a fixture of `len` bytes.
///
/// Other units, several ranges and what is malformed are ignored (§14.2).
pub(super) fn select(headers: &HeaderMap, len: u64) -> Selected {
    let mut lines = headers.get_all(header::RANGE).iter();
    // `Range` is no list: two lines of it are malformed (§5.3).
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Selected::Whole;
    };
    parse(line.as_bytes()).map_or(Selected::Whole, |spec| spec.resolve(len))
}

/// One range, as it was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Spec {
    /// `first-last`, or `first-`: then `last` is the greatest number.
    Int { first: u64, last: u64 },
    /// `-length`.
    Suffix(u64),
}

impl Spec {
    /// §14.1.2: which ranges are satisfiable, and how far they reach.
    fn resolve(self, len: u64) -> Selected {
        match self {
            Self::Int { first, .. } if first >= len => Selected::Unsatisfiable,
            Self::Int { first, last } => Selected::Part { start: first, end: len.min(last.saturating_add(1)) },
            Self::Suffix(0) => Selected::Unsatisfiable,
            // Satisfiable, but a `Content-Range` cannot say so: the header may be ignored instead
            // (§14.2).
            Self::Suffix(_) if len == 0 => Selected::Whole,
            Self::Suffix(length) => Selected::Part { start: len.saturating_sub(length), end: len },
        }
    }
}

/// The one range of a `Range: bytes=` field; `None` for anything else.
fn parse(value: &[u8]) -> Option<Spec> {
    let equals = value.iter().position(|&byte| byte == b'=')?;
    // Range units are case-insensitive (§14.1).
    if !value[..equals].eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    // A list may have empty elements, and white space around its commas (§5.6.1).
    let elements = value[equals + 1..].split(|&byte| byte == b',').map(trim);
    let mut specs = elements.filter(|element| !element.is_empty());
    let (Some(spec), None) = (specs.next(), specs.next()) else {
        return None;
    };
    let dash = spec.iter().position(|&byte| byte == b'-')?;
    match (&spec[..dash], &spec[dash + 1..]) {
        (b"", length) => Some(Spec::Suffix(number(length)?)),
        (first, b"") => Some(Spec::Int { first: number(first)?, last: u64::MAX }),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            // A range that ends before it begins is invalid (§14.1.1).
            (first <= last).then_some(Spec::Int { first, last })
        }
    }
}

/// Digits only. A number beyond 64 bits is the greatest one: no fixture reaches it.
fn number(digits: &[u8]) -> Option<u64> {
    let valid = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    valid.then(|| {
        digits.iter().fold(0_u64, |number, digit| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}

/// Without optional white space around it (§5.6.3).
pub(super) fn trim(value: &[u8]) -> &[u8] {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t');
    let start = value.iter().position(|byte| !is_space(byte)).unwrap_or(value.len());
    let end = value.iter().rposition(|byte| !is_space(byte)).map_or(start, |last| last + 1);
    &value[start..end]
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};
    use proptest::prelude::*;

    use super::{Selected, select};

    fn selected(range: &str, len: u64) -> Selected {
        select(&HeaderMap::from_iter([(header::RANGE, HeaderValue::from_str(range).unwrap())]), len)
    }

    #[track_caller]
    fn check(range: &str, len: u64, expected: impl Into<Option<(u64, u64)>>) {
        let expected = expected.into().map_or(Selected::Whole, |(start, end)| Selected::Part { start, end });
        assert_eq!(selected(range, len), expected, "{range} of {len}");
    }

    #[track_caller]
    fn unsatisfiable(range: &str, len: u64) {
        assert_eq!(selected(range, len), Selected::Unsatisfiable, "{range} of {len}");
    }

    #[test]
    fn one_range() {
        check("bytes=0-0", 1000, (0, 1));
        check("bytes=0-499", 1000, (0, 500));
        check("bytes=500-", 1000, (500, 1000));
        check("bytes=999-", 1000, (999, 1000));
        check("bytes=0-", 1000, (0, 1000));
        check("bytes=0-998", 1000, (0, 999));
        check("bytes=0-999", 1000, (0, 1000));
        check("bytes=0-1000", 1000, (0, 1000));
        check("bytes=-500", 1000, (500, 1000));
        check("bytes=-1", 1000, (999, 1000));
        check("bytes=-1000", 1000, (0, 1000));
        check("bytes=-1001", 1000, (0, 1000));
        check("BYTES=007-0010", 1000, (7, 11));
        check("bytes= , 1-2 ,\t", 1000, (1, 3));
    }

    #[test]
    fn not_there() {
        unsatisfiable("bytes=1000-", 1000);
        unsatisfiable("bytes=1000-1000", 1000);
        unsatisfiable("bytes=-0", 1000);
        unsatisfiable("bytes=0-", 0);
        unsatisfiable("bytes=0-0", 0);
        unsatisfiable("bytes=-0", 0);
        check("bytes=-1", 0, None);
    }

    #[test]
    fn beyond_64_bits() {
        check("bytes=1-18446744073709551615", 1000, (1, 1000));
        check("bytes=1-99999999999999999999999", 1000, (1, 1000));
        check("bytes=-99999999999999999999999", 1000, (0, 1000));
        unsatisfiable("bytes=99999999999999999999999-", 1000);
        unsatisfiable("bytes=18446744073709551615-", 1000);
        check("bytes=18446744073709551614-", u64::MAX, (u64::MAX - 1, u64::MAX));
    }

    #[test]
    fn ignored() {
        for range in [
            "",
            "bytes",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=--1",
            "bytes=5-4",
            "bytes=a-",
            "bytes=0-b",
            "bytes=+1-2",
            "bytes=1 -2",
            "bytes=1- 2",
            "bytes =1-2",
            "bytes=1",
            "bytes=0x1-2",
            "bytes=1-2-3",
            "bytes=1.0-2",
            "items=0-1",
            "bytes=0-0,2-3",
            "bytes=0-,-1",
            "bytes=0-0;1-1",
            "byte=0-1",
            "=0-1",
            "bytes:0-1",
        ] {
            check(range, 1000, None);
        }
        assert_eq!(select(&HeaderMap::new(), 1000), Selected::Whole);
    }

    #[test]
    fn two_lines_are_ignored() {
        let line = (header::RANGE, HeaderValue::from_static("bytes=0-1"));
        let headers = HeaderMap::from_iter([line.clone(), line]);
        assert_eq!(select(&headers, 1000), Selected::Whole);
    }

    /// Which of the bytes 0 to `len` are in the range, one by one.
    fn model(first: Option<u64>, last: Option<u64>, len: u64) -> Vec<u64> {
        (0..len)
            .filter(|&byte| match (first, last) {
                (Some(first), last) => first <= byte && last.is_none_or(|last| byte <= last),
                (None, Some(length)) => len - byte <= length,
                (None, None) => unreachable!("not a range"),
            })
            .collect()
    }

    proptest! {
        #[test]
        fn selects_what_the_model_selects(
            len in 0_u64..40,
            first in prop::option::of(0_u64..50),
            last in 0_u64..50,
            open: bool,
        ) {
            let last = (first.is_none() || !open).then_some(last);
            let text = |end: Option<u64>| end.map(|end| end.to_string()).unwrap_or_default();
            let range = format!("bytes={}-{}", text(first), text(last));
            let invalid = first.zip(last).is_some_and(|(first, last)| last < first);
            let bytes = match selected(&range, len) {
                Selected::Whole => {
                    let inexpressible = len == 0 && first.is_none() && last != Some(0);
                    prop_assert!(invalid || inexpressible, "{}", range);
                    return Ok(());
                }
                Selected::Unsatisfiable => Vec::new(),
                Selected::Part { start, end } => {
                    prop_assert!(start < end && end <= len);
                    (start..end).collect()
                }
            };
            prop_assert!(!invalid);
            prop_assert_eq!(bytes, model(first, last, len), "{}", range);
        }

        #[test]
        fn any_text_selects_something(range in "(bytes=)?[-0-9, a]{0,30}", len: u64) {
            if let Selected::Part { start, end } = selected(&range, len) {
                prop_assert!(start < end && end <= len);
            }
        }
    }
}
