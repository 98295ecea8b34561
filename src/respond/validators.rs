//! Entity tags and dates in the header fields of a request (RFC 9110 §5.6.7, §8.8).

use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderName, HeaderValue, header};

use super::range::trim;
use crate::content::Fixture;
use crate::decision::{Answer, EntityTag};

/// What an answer says of the version of a fixture, and what requests are held against.
#[derive(Clone, Debug)]
pub(super) struct Validators {
    /// The value of `ETag`, whether it is an entity tag or not.
    etag: Option<HeaderValue>,
    modified: Option<SystemTime>,
}

impl Validators {
    /// Those of a fixture, but for what `answer` says.
    pub(super) fn new(fixture: &Fixture, answer: &Answer) -> Self {
        let etag = match answer.etag() {
            _ if answer.leaves_out(header::ETAG.as_str()) => None,
            Some(EntityTag::Text(text)) => HeaderValue::from_bytes(text).ok(),
            Some(EntityTag::Weak) => HeaderValue::from_str(&format!("W/{}", fixture.etag())).ok(),
            None => HeaderValue::from_str(fixture.etag()).ok(),
        };
        let modified = fixture.modified().filter(|_| !answer.leaves_out(header::LAST_MODIFIED.as_str()));
        Self { etag, modified }
    }

    /// The value of `ETag`.
    pub(super) fn into_etag(self) -> Option<HeaderValue> {
        self.etag
    }

    /// When it was last modified.
    pub(super) fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    /// The second in which it was last modified.
    pub(super) fn second(&self) -> Option<u64> {
        self.modified.and_then(seconds)
    }

    /// The entity tag, if it is one.
    fn tag(&self) -> Option<Tag<'_>> {
        let mut tags = Tags(self.etag.as_ref()?.as_bytes());
        tags.next().filter(|_| tags.0.is_empty())
    }

    /// Whether a tag of a request names this version.
    fn has(&self, tag: Tag<'_>, comparison: Comparison) -> bool {
        self.tag().is_some_and(|own| own.matches(tag, comparison))
    }
}

/// How two entity tags are compared (RFC 9110 §8.8.3.2).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Comparison {
    /// Weak tags match nothing.
    Strong,
    /// Whether a tag is weak does not matter.
    Weak,
}

/// Whether a list of entity tags, or `*`, names the fixture; `None` without such a field. What is
/// malformed matches nothing, and neither does what follows it on its line.
pub(super) fn names(
    headers: &HeaderMap,
    name: &HeaderName,
    validators: &Validators,
    comparison: Comparison,
) -> Option<bool> {
    let mut lines = headers.get_all(name).iter().peekable();
    lines.peek()?;
    Some(lines.any(|line| {
        let line = trim(line.as_bytes());
        line == b"*" || Tags(line).any(|tag| validators.has(tag, comparison))
    }))
}

/// Whether the one entity tag or date of `If-Range` names exactly the bytes that the fixture has
/// (RFC 9110 §13.1.5).
pub(super) fn is_exactly(value: &[u8], validators: &Validators) -> bool {
    let mut tags = Tags(value);
    match tags.next() {
        Some(tag) => tags.0.is_empty() && validators.has(tag, Comparison::Strong),
        // A date is strong if the fixture did not change twice within its second: taken for granted
        // (§8.8.2.2).
        None => date(value).is_some_and(|date| Some(date) == validators.second()),
    }
}

/// The second of a date field, in any of the three formats. `None` without such a field, and for
/// what is no date, which includes a list of dates (RFC 9110 §13.1.3, §13.1.4).
pub(super) fn date_of(headers: &HeaderMap, name: &HeaderName) -> Option<u64> {
    let mut lines = headers.get_all(name).iter();
    let (Some(line), None) = (lines.next(), lines.next()) else {
        return None;
    };
    date(line.as_bytes())
}

fn date(value: &[u8]) -> Option<u64> {
    let date = httpdate::parse_http_date(str::from_utf8(value).ok()?).ok()?;
    seconds(date)
}

fn seconds(time: SystemTime) -> Option<u64> {
    Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())
}

/// An entity tag: `"opaque"` or `W/"opaque"`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
struct Tag<'a> {
    weak: bool,
    /// With its quotes.
    opaque: &'a [u8],
}

impl Tag<'_> {
    /// RFC 9110 §8.8.3.2.
    fn matches(self, other: Self, comparison: Comparison) -> bool {
        self.opaque == other.opaque && (comparison == Comparison::Weak || !(self.weak || other.weak))
    }
}

/// The entity tags of a list (RFC 9110 §8.8.3). They may have commas in them. It ends where the
/// list is malformed, and holds what was not read.
struct Tags<'a>(&'a [u8]);

impl<'a> Iterator for Tags<'a> {
    type Item = Tag<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        let start = self.0.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b','))?;
        let text = &self.0[start..];
        let (weak, quoted) = text.strip_prefix(b"W/").map_or((false, text), |rest| (true, rest));
        let inner = quoted.strip_prefix(b"\"")?;
        let len = inner.iter().position(|&byte| byte == b'"')?;
        if !inner[..len].iter().all(|byte| matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)) {
            return None;
        }
        let (opaque, rest) = quoted.split_at(len + 2);
        let rest = trim(rest);
        if !rest.is_empty() && !rest.starts_with(b",") {
            return None;
        }
        self.0 = rest;
        Some(Tag { weak, opaque })
    }
}

#[cfg(test)]
mod tests {
    use super::Tags;

    #[track_caller]
    fn check(list: &str, expected: &[&str]) {
        let tags: Vec<_> = Tags(list.as_bytes())
            .map(|tag| format!("{}{}", if tag.weak { "W/" } else { "" }, str::from_utf8(tag.opaque).unwrap()))
            .collect();
        assert_eq!(tags, expected, "{list}");
    }

    #[test]
    fn lists_of_entity_tags() {
        check("", &[]);
        check(r#""a""#, &[r#""a""#]);
        check(r#""""#, &[r#""""#]);
        check(r#"W/"a""#, &[r#"W/"a""#]);
        check(r#""a", W/"b" ,,"c","#, &[r#""a""#, r#"W/"b""#, r#""c""#]);
        check(r#""a,b", "c""#, &[r#""a,b""#, r#""c""#]);
        check(r#""ä""#, &[r#""ä""#]);
        check("a", &[]);
        check(r#"w/"a""#, &[]);
        check(r#""a"#, &[]);
        check(r#""a b""#, &[]);
        check(r#""a" "b""#, &[]);
        check(r#""a", b, "c""#, &[r#""a""#]);
    }
}
