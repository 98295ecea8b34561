//! Which content coding a client gets (RFC 9110 §12.5.3).

use http::{HeaderMap, header};

use super::range::trim;
use crate::content::{Coding, Fixture, Opened};

/// The most elements of `Accept-Encoding` that are looked at.
const MAX_ELEMENTS: usize = 64;

/// The most that a client can want something: a weight of 1, in thousandths.
const MOST: u16 = 1000;

/// Chooses among a fixture and what there is of it in content codings: what the client wants most, and of what it
/// wants as much the smallest.
///
/// Without the field, every coding would do; the fixture as it is does so for everybody. It is sent, too, where
/// nothing is acceptable: the field may be disregarded (§12.4.1), and nobody is helped by a 406.
pub(super) fn choose(headers: &HeaderMap, opened: Opened) -> Fixture {
    let Opened { fixture, variants } = opened;
    if variants.is_empty() || !headers.contains_key(header::ACCEPT_ENCODING) {
        return fixture;
    }
    let wanted = Wanted::new(headers);
    let mut best = (wanted.identity(), None);
    for variant in variants {
        let weight = variant.coding().map_or(0, |coding| wanted.coding(coding));
        let better = match &best {
            // What has a coding is smaller, presumably.
            (most, None) => weight >= *most,
            (most, Some(_)) => weight > *most,
        };
        if weight > 0 && better {
            best = (weight, Some(variant));
        }
    }
    best.1.unwrap_or(fixture)
}

/// What a client wants, in thousandths.
#[derive(Debug, Default)]
struct Wanted<'a> {
    elements: Vec<(&'a [u8], u16)>,
}

impl<'a> Wanted<'a> {
    /// Elements that are malformed, and a weight is part of them, say nothing.
    fn new(headers: &'a HeaderMap) -> Self {
        let lines = headers.get_all(header::ACCEPT_ENCODING).iter();
        let elements = lines.flat_map(|line| line.as_bytes().split(|&byte| byte == b','));
        Self { elements: elements.take(MAX_ELEMENTS).filter_map(element).collect() }
    }

    fn named(&self, name: &str) -> Option<u16> {
        self.elements.iter().find(|(other, _)| other.eq_ignore_ascii_case(name.as_bytes())).map(|(_, weight)| *weight)
    }

    fn coding(&self, coding: Coding) -> u16 {
        // RFC 9110 §8.4.1.3.
        let alias = (coding == Coding::Gzip).then_some("x-gzip");
        let named = self.named(coding.name()).or_else(|| alias.and_then(|alias| self.named(alias)));
        named.or_else(|| self.named("*")).unwrap_or(0)
    }

    /// Without a word about it, no coding at all is acceptable, and wanted least.
    fn identity(&self) -> u16 {
        self.named("identity").or_else(|| self.named("*")).unwrap_or(0)
    }
}

/// A name and its weight.
fn element(text: &[u8]) -> Option<(&[u8], u16)> {
    let mut parts = text.splitn(2, |&byte| byte == b';').map(trim);
    let name = parts.next().filter(|name| !name.is_empty())?;
    let weight = match parts.next() {
        None => MOST,
        Some(weight) => {
            let (q, number) = weight.split_at_checked(2)?;
            if !q.eq_ignore_ascii_case(b"q=") {
                return None;
            }
            thousandths(number)?
        }
    };
    Some((name, weight))
}

/// A weight from 0 to 1, with up to three digits behind the point (RFC 9110 §12.4.2).
fn thousandths(number: &[u8]) -> Option<u16> {
    let (whole, rest) = number.split_first()?;
    let whole = match whole {
        b'0' => 0,
        b'1' => MOST,
        _ => return None,
    };
    let digits = match rest {
        [] => rest,
        [b'.', digits @ ..] if digits.len() <= 3 && digits.iter().all(u8::is_ascii_digit) => digits,
        _ => return None,
    };
    let mut fraction = 0;
    for place in 0..3 {
        fraction = fraction * 10 + digits.get(place).map_or(0, |digit| u16::from(digit - b'0'));
    }
    (whole + fraction <= MOST).then_some(whole + fraction)
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{Wanted, choose, thousandths};
    use crate::content::{Coding, Fixtures, Opened};

    /// A fixture with these suffixes beside it.
    fn opened(suffixes: &[&str]) -> Opened {
        let mut fixtures = Fixtures::new().precompressed(true).memory("/a.js", "js").unwrap();
        for suffix in suffixes {
            fixtures = fixtures.memory(&format!("/a.js{suffix}"), (*suffix).to_owned()).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(fixtures.open_all("/a.js")).unwrap()
    }

    fn headers(lines: &[&str]) -> HeaderMap {
        lines.iter().map(|line| (header::ACCEPT_ENCODING, HeaderValue::from_str(line).unwrap())).collect()
    }

    #[track_caller]
    fn check_of(suffixes: &[&str], lines: &[&str], expected: Option<Coding>) {
        assert_eq!(choose(&headers(lines), opened(suffixes)).coding(), expected, "{lines:?} of {suffixes:?}");
    }

    #[track_caller]
    fn check(line: &str, expected: Option<Coding>) {
        check_of(&[".br", ".gz", ".zst"], &[line], expected);
    }

    const BROTLI: Option<Coding> = Some(Coding::Brotli);
    const GZIP: Option<Coding> = Some(Coding::Gzip);
    const ZSTANDARD: Option<Coding> = Some(Coding::Zstandard);

    #[test]
    fn what_is_named() {
        check("gzip", GZIP);
        check("GZip", GZIP);
        check("x-gzip", GZIP);
        check("zstd", ZSTANDARD);
        check("gzip, deflate, br, zstd", BROTLI);
        check("gzip, zstd", ZSTANDARD);
        check("deflate", None);
        check("identity", None);
        check("", None);
        check("gzipped", None);
    }

    #[test]
    fn what_is_wanted_most() {
        check("br;q=0.5, gzip;q=0.8, zstd;q=0.799", GZIP);
        check("br;q=0.5 , gzip ; Q=0.5", BROTLI);
        check("gzip;q=0", None);
        check("gzip;q=0.000, br;q=0.001", BROTLI);
        check("gzip;q=0.5, identity", None);
        check("gzip;q=0.5, identity;q=0.5", GZIP);
        check("gzip;q=0.5, identity;q=0", GZIP);
        check("x-gzip;q=0, gzip", GZIP);
    }

    #[test]
    fn whatever_there_is() {
        check("*", BROTLI);
        check("*;q=0", None);
        check("br;q=0, *", ZSTANDARD);
        check("gzip;q=0.3, *;q=0.5", BROTLI);
        check_of(&[".gz"], &["*;q=0.1"], GZIP);
        check_of(&[".gz"], &["gzip;q=0.3, *;q=0.5"], None);
        check("*, identity;q=0.5", BROTLI);
    }

    #[test]
    fn what_is_there() {
        check_of(&[".gz"], &["br, gzip"], GZIP);
        check_of(&[], &["br, gzip"], None);
        // Nothing is acceptable.
        check_of(&[".gz"], &["br, identity;q=0"], None);
        check_of(&[".gz"], &["identity;q=0"], None);
        check_of(&[".gz"], &[], None);
    }

    #[test]
    fn several_lines_are_one_list() {
        check_of(&[".br", ".gz"], &["gzip;q=0.5", "br;q=0.6"], BROTLI);
        check_of(&[".br", ".gz"], &["gzip", "br;q=0"], GZIP);
    }

    #[test]
    fn what_is_malformed_says_nothing() {
        for line in
            ["gzip;q=2", "gzip;q=", "gzip;q", "gzip;", "gzip;q=0.1234", "gzip;q=1.001", "gzip;level=1", "gzip br"]
        {
            check(line, None);
        }
        check("gzip;q=x, br;q=0.1", BROTLI);
        check(",,;q=1, gzip,", GZIP);
        let many = "x,".repeat(1_000) + "gzip";
        check(&many, None);
        assert_eq!(Wanted::new(&headers(&[&many])).elements.len(), 64);
    }

    #[test]
    fn weights() {
        for (text, expected) in
            [("0", 0), ("1", 1000), ("0.", 0), ("1.000", 1000), ("0.5", 500), ("0.25", 250), ("0.007", 7)]
        {
            assert_eq!(thousandths(text.as_bytes()), Some(expected), "{text}");
        }
        for text in ["", ".5", "00", "1.1", "-0", "0,5", "2", "0.5555"] {
            assert_eq!(thousandths(text.as_bytes()), None, "{text}");
        }
    }
}
