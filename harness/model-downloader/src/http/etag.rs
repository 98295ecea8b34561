//! The validator that a resumed download needs.

use std::fmt;

/// An entity tag that says: the same bytes. Weak ones (`W/"..."`) say that the content means the same, and must not
/// stand in `If-Range` (RFC 9110 §13.1.5). Neither would a date do: many servers give one to files that change twice in
/// a second.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StrongEtag(String);

impl StrongEtag {
    /// Reads the value of an `ETag` field; `None` if it is weak, or no entity tag at all (RFC 9110 §8.8.3).
    pub fn parse(value: &str) -> Option<Self> {
        let value = value.trim();
        let opaque = value.strip_prefix('"')?.strip_suffix('"')?;
        let is_etagc = |c: char| c == '!' || ('#'..='~').contains(&c) || !c.is_ascii();
        opaque.chars().all(is_etagc).then(|| Self(value.to_owned()))
    }

    /// The same, and a weak one passes for strong: see the flaw `sends-weak-etags`.
    pub(crate) fn parse_even_if_weak(value: &str) -> Option<Self> {
        let strong = value.trim().trim_start_matches("W/");
        Self::parse(strong).map(|_| Self(value.trim().to_owned()))
    }

    /// With its quotes, as it goes into `If-Range`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StrongEtag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weak_one_passes_for_strong_if_it_has_to() {
        for value in [r#""x""#, r#"W/"x""#] {
            assert_eq!(StrongEtag::parse_even_if_weak(value).unwrap().as_str(), value);
        }
        assert_eq!(StrongEtag::parse_even_if_weak("W/x"), None);
    }

    #[test]
    fn strong_ones_alone() {
        for value in [r#""x""#, r#""""#, r#" "a-b/c" "#] {
            let etag = StrongEtag::parse(value).unwrap();
            assert_eq!((etag.as_str(), etag.to_string().as_str()), (value.trim(), value.trim()));
        }
        for value in [r#"W/"x""#, "", "x", r#"""#, r#""x"#, r#""a"b""#, "\"a b\"", "\"a\nb\""] {
            assert_eq!(StrongEtag::parse(value), None, "{value}");
        }
    }
}
