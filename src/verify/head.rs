//! Heads: a first line, and header lines in any order.

use std::{
    ops::Range,
    time::{Duration, SystemTime},
};

use super::notation::Edit;
use crate::{decision::RetryDate, respond::written};

/// The bytes of a head, up to and with the empty line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Head(Vec<u8>);

/// A head, or what follows its first line, as it is to be.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Expected {
    /// `None` if only header lines are looked at.
    pub(super) status: Option<Vec<u8>>,
    pub(super) lines: Vec<Vec<u8>>,
    /// Whether the lines end with LF alone.
    pub(super) bare_lf: bool,
}

pub(super) const END: &[u8] = b"\r\n\r\n";

/// What a value that may begin with anything begins with.
const ANYTHING: &[u8] = b"..";

/// It is another one whenever the clock says so.
const DATE: &str = "date";

impl Head {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn status_line(&self) -> &[u8] {
        split(&self.0).0
    }

    /// The status code, if there is one.
    pub(super) fn code(&self) -> Option<u16> {
        let code = self.status_line().strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
        str::from_utf8(code).ok()?.parse().ok()
    }

    pub(super) fn lines(&self) -> Vec<&[u8]> {
        lines(split(&self.0).1)
    }

    /// What its `date` says, if it has one.
    pub(super) fn now(&self) -> Option<SystemTime> {
        date(&self.lines())
    }

    /// The value of the one line with this name, which is in lower case.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let line = self.lines().into_iter().find(|line| named(line, name))?;
        Some(str::from_utf8(&line[name.len() + 1..]).ok()?.trim())
    }

    /// Where the value of its `date` is.
    pub(super) fn date(&self) -> Range<usize> {
        let line = self.lines().into_iter().find(|line| named(line, DATE));
        line.map_or(0..0, |line| {
            let start = line.as_ptr() as usize - self.0.as_ptr() as usize;
            start + DATE.len() + ": ".len()..start + line.len()
        })
    }

    /// This head with other lines.
    pub(super) fn edited(&self, edits: &[Edit]) -> Expected {
        let mut lines: Vec<Vec<u8>> = self.lines().into_iter().map(<[u8]>::to_owned).collect();
        for edit in edits {
            let name = match edit {
                Edit::BareLf => continue,
                Edit::With(line) => name(line),
                Edit::Without(name) => name.clone(),
            };
            lines.retain(|line| !named(line, &name));
        }
        lines.extend(edits.iter().filter_map(|edit| match edit {
            Edit::With(line) => Some(line.clone()),
            Edit::BareLf | Edit::Without(_) => None,
        }));
        let bare_lf = edits.contains(&Edit::BareLf);
        Expected { status: Some(self.status_line().to_owned()), lines, bare_lf }
    }
}

impl Expected {
    /// What it ends with.
    pub(super) fn end(&self) -> &'static [u8] {
        match (self.status.is_none() && self.lines.is_empty(), self.bare_lf) {
            // Without header lines the empty one is all that is left.
            (true, false) => b"\r\n",
            (true, true) => b"\n",
            (false, false) => END,
            (false, true) => b"\n\n",
        }
    }

    /// How the bytes of a head, or of what follows its first line, differ.
    pub(super) fn differs(&self, came: &[u8]) -> Option<String> {
        if self.bare_lf {
            let proper = Self { bare_lf: false, ..self.clone() };
            return match came.contains(&b'\r') {
                true => Some(format!("got a CR in {}", shown(came))),
                false => proper.differs(&with_crlf(came)),
            };
        }
        let rest = match &self.status {
            Some(expected) => {
                let (status, rest) = split(came);
                if status != expected {
                    return Some(format!("expected {}, got {}", shown(expected), shown(status)));
                }
                rest
            }
            None => came,
        };
        let mut surplus = lines(rest);
        let date = date(&surplus);
        let mut missing = Vec::new();
        for line in &self.lines {
            match surplus.iter().position(|came| is_alike(line, came, date)) {
                Some(place) => drop(surplus.remove(place)),
                None => missing.push(line.as_slice()),
            }
        }
        match (missing.as_slice(), surplus.as_slice()) {
            ([], []) => None,
            ([missing, ..], [surplus, ..]) => Some(format!("expected {}, got {}", shown(missing), shown(surplus))),
            ([missing, ..], []) => Some(format!("expected {}, which is missing", shown(missing))),
            ([], [surplus, ..]) => Some(format!("got {}, which is not expected", shown(surplus))),
        }
    }
}

/// The `date` that a head has among its lines.
fn date(lines: &[&[u8]]) -> Option<SystemTime> {
    let line = lines.iter().find(|line| named(line, DATE))?;
    httpdate::parse_http_date(str::from_utf8(&line[DATE.len() + 1..]).ok()?.trim()).ok()
}

/// Whether a line that came is the expected one; `now` is the date of the head that it is in.
pub(super) fn is_alike(expected: &[u8], came: &[u8], now: Option<SystemTime>) -> bool {
    if named(expected, DATE) {
        return named(came, DATE);
    }
    if let (Some((name, distance)), Some(now)) = (distance(expected), now) {
        return dates(distance, now).any(|date| came == [name, date.as_bytes()].concat());
    }
    let value = expected.iter().position(|&b| b == b':').map(|colon| colon + ": ".len());
    match value.filter(|&value| expected[value.min(expected.len())..].starts_with(ANYTHING)) {
        Some(value) => {
            let ending = &expected[value + ANYTHING.len()..];
            came.get(..value) == Some(&expected[..value]) && came[value..].ends_with(ending)
        }
        None => expected == came,
    }
}

/// The name of a line with what follows it, and how far away the date in its value is: `date(3s/rfc850)`.
fn distance(line: &[u8]) -> Option<(&[u8], RetryDate)> {
    let value = line.iter().position(|&b| b == b':')? + ": ".len();
    let distance = line.get(value..)?.strip_prefix(b"date(")?.strip_suffix(b")")?;
    Some((&line[..value], str::from_utf8(distance).ok()?.parse().ok()?))
}

/// The dates that are so far away, where now is any time in this second.
fn dates(distance: RetryDate, now: SystemTime) -> impl Iterator<Item = String> {
    let whole = Duration::from_secs(distance.by.as_secs());
    let then = [0, 1, 2].map(Duration::from_secs).into_iter().filter_map(move |more| match distance.is_past {
        true => now.checked_sub(whole + more),
        false => now.checked_add(whole + more),
    });
    then.take(if distance.by == whole { 2 } else { 3 }).map(move |date| written(date, distance.form))
}

/// Whether a line has this name, which is in lower case.
pub(super) fn named(line: &[u8], name: &str) -> bool {
    line.get(name.len()) == Some(&b':') && line[..name.len()].eq_ignore_ascii_case(name.as_bytes())
}

/// The name of a line, in lower case.
fn name(line: &[u8]) -> String {
    let name = line.split(|&b| b == b':').next().unwrap_or_default();
    String::from_utf8_lossy(name).to_ascii_lowercase()
}

/// The first line, and what follows it.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.windows(2).position(|pair| pair == b"\r\n") {
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (bytes, &[]),
    }
}

/// The lines up to the empty one. One that begins with a space is a part of the one before it (RFC 9112 §5.2).
fn lines(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = Vec::new();
    loop {
        let (mut line, mut rest) = split(bytes);
        if line.is_empty() {
            return lines;
        }
        while rest.starts_with(b" ") {
            let (fold, behind) = split(rest);
            (line, rest) = (&bytes[..line.len() + b"\r\n".len() + fold.len()], behind);
        }
        lines.push(line);
        bytes = rest;
    }
}

fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    bytes.split_inclusive(|&b| b == b'\n').fold(Vec::new(), |mut all, line| {
        all.extend_from_slice(line.strip_suffix(b"\n").unwrap_or(line));
        all.extend_from_slice(if line.ends_with(b"\n") { b"\r\n" } else { b"" });
        all
    })
}

/// Bytes in quotation marks, not too many.
pub(super) fn shown(bytes: &[u8]) -> String {
    const WIDEST: usize = 100;
    let mut shown = String::from("\"");
    for byte in bytes {
        if shown.len() > WIDEST {
            return shown + "\"...";
        }
        shown += &byte.escape_ascii().to_string();
    }
    shown + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\netag: \"ab\"\r\nDate: now\r\nx: 1\r\n\r\n";

    #[track_caller]
    fn check(edits: &[Edit], came: &str, expected: Option<&str>) {
        let head = Head::new(HEAD.to_owned());
        assert_eq!(head.edited(edits).differs(came.as_bytes()).as_deref(), expected);
    }

    fn with(line: &str) -> Edit {
        Edit::With(line.as_bytes().to_owned())
    }

    #[test]
    fn neither_the_order_nor_the_date_matters() {
        check(&[], "HTTP/1.1 200 OK\r\nx: 1\r\ndate: later\r\netag: \"ab\"\r\n\r\n", None);
    }

    #[test]
    fn everything_else_does() {
        let ok = "HTTP/1.1 200 OK\r\n";
        let check = |rest: &str, expected: &str| check(&[], rest, Some(expected));
        check("HTTP/1.1 200 Ok\r\n\r\n", r#"expected "HTTP/1.1 200 OK", got "HTTP/1.1 200 Ok""#);
        check(&format!("{ok}date: 1\r\netag: \"ab\"\r\n\r\n"), r#"expected "x: 1", which is missing"#);
        check(&format!("{ok}date: 1\r\netag: \"ab\"\r\nx: 2\r\n\r\n"), r#"expected "x: 1", got "x: 2""#);
        check(&format!("{ok}date: 1\r\netag: \"ab\"\r\nx: 1\r\nx: 1\r\n\r\n"), r#"got "x: 1", which is not expected"#);
        check(&format!("{ok}date: 1\r\netag: \"ab\"\r\nX: 1\r\n\r\n"), r#"expected "x: 1", got "X: 1""#);
        check(&format!("{ok}etag: \"ab\"\r\nx: 1\r\n\r\n"), r#"expected "Date: now", which is missing"#);
    }

    #[test]
    fn lines_are_edited() {
        let edits = [Edit::Without("x".to_owned()), with("ETag: ..b\""), with("y: 1"), with("y: 2")];
        check(&edits, "HTTP/1.1 200 OK\r\ny: 2\r\ny: 1\r\ndate: 1\r\nETag: \"cb\"\r\n\r\n", None);
        check(
            &edits,
            "HTTP/1.1 200 OK\r\ny: 2\r\ny: 1\r\ndate: 1\r\nETag: \"cc\"\r\n\r\n",
            Some(r#"expected "ETag: ..b\"", got "ETag: \"cc\"""#),
        );
    }

    #[test]
    fn dates_are_so_far_away() {
        let head =
            |date: &str, value: &str| format!("HTTP/1.1 200 OK\r\ndate: {date}\r\netag: \"ab\"\r\nx: {value}\r\n\r\n");
        let now = "Sun, 06 Nov 1994 08:49:37 GMT";
        for (distance, value, is_right) in [
            ("3s", "Sun, 06 Nov 1994 08:49:40 GMT", true),
            ("3s", "Sun, 06 Nov 1994 08:49:41 GMT", true),
            ("3s", "Sun, 06 Nov 1994 08:49:39 GMT", false),
            ("3s", "Sun, 06 Nov 1994 08:49:42 GMT", false),
            ("3s", "Sun Nov  6 08:49:40 1994", false),
            ("2500ms", "Sun, 06 Nov 1994 08:49:41 GMT", true),
            ("-1m/asctime", "Sun Nov  6 08:48:37 1994", true),
            ("-1m/rfc850", "Sunday, 06-Nov-94 08:48:36 GMT", true),
            ("-1m/rfc850", "Sunday, 06-Nov-94 08:48:38 GMT", false),
        ] {
            let expected = Head::new(HEAD.to_owned()).edited(&[with(&format!("x: date({distance})"))]);
            let differs = expected.differs(head(now, value).as_bytes());
            assert_eq!(differs.is_none(), is_right, "{distance} {value}: {differs:?}");
        }
    }

    #[test]
    fn a_fold_is_a_part_of_its_line() {
        let came = "HTTP/1.1 200 OK\r\netag: \"ab\"\r\nDate: now\r\ny: 1\r\n 2\r\nx: 1\r\n\r\n";
        check(&[with("y: 1\r\n 2")], came, None);
        check(&[with("y: 1")], came, Some(r#"expected "y: 1", got "y: 1\r\n 2""#));
    }

    #[test]
    fn line_ends_are_looked_at() {
        let came = "HTTP/1.1 200 OK\netag: \"ab\"\nDate: now\nx: 1\n\n";
        check(&[Edit::BareLf], came, None);
        check(&[Edit::BareLf, with("x: 2")], came, Some(r#"expected "x: 2", got "x: 1""#));
        check(&[Edit::BareLf], "HTTP/1.1 200 OK\r\n\n", Some(r#"got a CR in "HTTP/1.1 200 OK\r\n\n""#));
    }

    #[test]
    fn the_place_of_the_date_is_found() {
        let head = Head::new(HEAD.to_owned());
        assert_eq!(&head.bytes()[head.date()], b"now");
        assert_eq!((head.code(), head.value("etag")), (Some(200), Some("\"ab\"")));
        assert_eq!(Head::new(b"HTTP/1.1 200 OK\r\n\r\n".to_vec()).date(), 0..0);
    }
}
