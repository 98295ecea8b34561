//! The `Range` header field (RFC 9110 §14).

use std::ops::Range;

use http::{HeaderMap, header};

/// The most ranges of one request that are looked at. With more of them the field is ignored, as §14.2 permits where
/// there are many small ones: each costs a head in the reply.
const MAX_RANGES: usize = 64;

/// The longest fixture that is sent in parts: their heads are to have room in 64 bits, too.
pub(super) const MOST_IN_PARTS: u64 = u64::MAX / 2;

/// What part of a fixture a request asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Selected {
    /// From its start up to, not including, its end; never empty.
    Part(Range<u64>),
    /// Two parts or more, in the order in which they were asked for; together no longer than the fixture.
    Parts(Vec<Range<u64>>),
    /// No range that the fixture has.
    Unsatisfiable,
    /// All of it: no range was asked for, or none that is understood.
    Whole,
}

/// What `headers` select of a fixture of `len` bytes.
///
/// Other units and what is malformed are ignored (§14.2), and so are ranges that come to more bytes than there are:
/// they overlap, and a small request could ask for the same bytes again and again (§17.15).
pub(super) fn select(headers: &HeaderMap, len: u64) -> Selected {
    let mut lines = headers.get_all(header::RANGE).iter();
    // `Range` is no list: two lines of it are malformed (§5.3).
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return Selected::Whole;
    };
    parse(line.as_bytes()).map_or(Selected::Whole, |specs| resolve(&specs, len))
}

/// The set of ranges is satisfiable if one of them is (§14.1.2), and then the others are left out (§15.3.7.2).
fn resolve(specs: &[Spec], len: u64) -> Selected {
    // Satisfiable, but a `Content-Range` cannot say so: the field may be ignored instead (§14.2).
    if len == 0 && specs.iter().any(|spec| matches!(spec, Spec::Suffix(1..))) {
        return Selected::Whole;
    }
    let mut parts: Vec<_> = specs.iter().filter_map(|spec| spec.resolve(len)).collect();
    let sum: u128 = parts.iter().map(|part| u128::from(part.end - part.start)).sum();
    match parts.len() {
        0 => Selected::Unsatisfiable,
        1 => Selected::Part(parts.remove(0)),
        _ if sum > u128::from(len) || len > MOST_IN_PARTS => Selected::Whole,
        _ => Selected::Parts(parts),
    }
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
    fn resolve(self, len: u64) -> Option<Range<u64>> {
        let part = match self {
            Self::Int { first, last } => first..len.min(last.saturating_add(1)),
            Self::Suffix(length) => len.saturating_sub(length)..len,
        };
        (!part.is_empty()).then_some(part)
    }
}

/// The ranges of a `Range: bytes=` field; `None` for anything else. One that is invalid makes all of them so (§14.1.1).
fn parse(value: &[u8]) -> Option<Vec<Spec>> {
    let equals = value.iter().position(|&byte| byte == b'=')?;
    // Range units are case-insensitive (§14.1).
    if !value[..equals].eq_ignore_ascii_case(b"bytes") {
        return None;
    }
    // A list may have empty elements, and white space around its commas (§5.6.1).
    let elements = value[equals + 1..].split(|&byte| byte == b',').map(trim);
    let elements = elements.filter(|element| !element.is_empty());
    let specs: Vec<Spec> = elements.take(MAX_RANGES + 1).map(spec).collect::<Option<_>>()?;
    (1..=MAX_RANGES).contains(&specs.len()).then_some(specs)
}

fn spec(text: &[u8]) -> Option<Spec> {
    let dash = text.iter().position(|&byte| byte == b'-')?;
    match (&text[..dash], &text[dash + 1..]) {
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
        let expected = expected.into().map_or(Selected::Whole, |(start, end)| Selected::Part(start..end));
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
    fn several_ranges() {
        let check = |range: &str, expected: &[(u64, u64)]| {
            let parts = expected.iter().map(|&(start, end)| start..end).collect();
            assert_eq!(selected(range, 1000), Selected::Parts(parts), "{range}");
        };
        check("bytes=0-0,-1", &[(0, 1), (999, 1000)]);
        check("bytes=500-599 ,\t0-99,, ", &[(500, 600), (0, 100)]);
    }

    #[test]
    fn of_several_those_that_are_there() {
        check("bytes=0-1,1000-", 1000, (0, 2));
        check("bytes=-0,5-", 1000, (5, 1000));
        unsatisfiable("bytes=1000-,-0,2000-2001", 1000);
        unsatisfiable("bytes=0-0,1-1", 0);
        check("bytes=0-0,-5", 0, None);
        assert_eq!(selected("bytes=0-1,9-,5-5", 9), Selected::Parts(vec![0..2, 5..6]));
    }

    #[test]
    fn ranges_that_ask_for_too_much_are_ignored() {
        assert_eq!(selected("bytes=0-499,500-999", 1000), Selected::Parts(vec![0..500, 500..1000]));
        check("bytes=0-499,499-999", 1000, None);
        check("bytes=0-,0-", 1000, None);
        check("bytes=0-,-1", u64::MAX, None);
        check("bytes=0-0,-1", u64::MAX, None);
        let many = |n: u64| (0..n).map(|at| format!("{at}-{at}")).collect::<Vec<_>>().join(",");
        assert!(matches!(selected(&format!("bytes={}", many(64)), 1000), Selected::Parts(parts) if parts.len() == 64));
        check(&format!("bytes={}", many(65)), 1000, None);
        // The limit is on what is asked for, not on what is there.
        check(&format!("bytes={}", many(65)), 1, None);
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
            "bytes=0-0,x",
            "bytes=0-0,3-2",
            "bytes=0-0 2-3",
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
                Selected::Part(part) => {
                    prop_assert!(part.start < part.end && part.end <= len);
                    part.collect()
                }
                Selected::Parts(parts) => panic!("one range, and these parts: {parts:?}"),
            };
            prop_assert!(!invalid);
            prop_assert_eq!(bytes, model(first, last, len), "{}", range);
        }

        #[test]
        fn any_text_selects_something(range in "(bytes=)?[-0-9, a]{0,30}", len: u64) {
            let parts = match selected(&range, len) {
                Selected::Part(part) => vec![part],
                Selected::Parts(parts) => {
                    prop_assert!(parts.len() > 1);
                    parts
                }
                Selected::Unsatisfiable | Selected::Whole => Vec::new(),
            };
            prop_assert!(parts.iter().all(|part| part.start < part.end && part.end <= len));
            let sum: u128 = parts.iter().map(|part| u128::from(part.end - part.start)).sum();
            prop_assert!(sum <= u128::from(len));
        }
    }
}
