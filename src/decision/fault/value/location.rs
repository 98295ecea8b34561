//! Where a redirect leads.

use std::{fmt, str::FromStr, sync::Arc};

use crate::{
    decision::suggest::{did_you_mean, nearest},
    units::{UnitError, quoted},
};

/// Where a redirect leads (RFC 9110 §10.2.2): a path of this server (`/b?c=d`), a URL (`https://example.org/`), or a text
/// with placeholders (`{mirror}{target}`).
///
/// # Examples
///
/// ```
/// use flaky_server::decision::{Location, Placeholder};
///
/// let location: Location = "{path}?signature={attempt}".parse()?;
/// assert!(location.has(Placeholder::Attempt));
/// assert_eq!(location.to_string(), "{path}?signature={attempt}");
/// # Ok::<(), flaky_server::UnitError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Location(Arc<str>);

/// What is filled into a [`Location`] when the reply is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Placeholder {
    /// `{attempt}`: the number of the attempt for its target.
    Attempt,
    /// `{base}`: the base URL of the server.
    Base,
    /// `{dead}`: the base URL of a port that refuses connections.
    Dead,
    /// `{mirror}`: the base URL of the second port.
    Mirror,
    /// `{path}`: the path of the request, normalised.
    Path,
    /// `{target}`: its path and query, normalised.
    Target,
}

const NAMES: [(&str, Placeholder); 6] = [
    ("attempt", Placeholder::Attempt),
    ("base", Placeholder::Base),
    ("dead", Placeholder::Dead),
    ("mirror", Placeholder::Mirror),
    ("path", Placeholder::Path),
    ("target", Placeholder::Target),
];

/// The longest location, as it is written, and the most placeholders in it: each may become as long as a request's head.
const LONGEST: usize = 8 * 1024;
const MOST: usize = 16;

impl Location {
    /// Not looked at yet, which reading it back does.
    pub(in crate::decision::fault) fn unchecked(text: &str) -> Self {
        Self(text.into())
    }

    /// Whether it has this placeholder.
    pub fn has(&self, placeholder: Placeholder) -> bool {
        self.pieces().any(|piece| piece == Piece::Placeholder(Ok(placeholder)))
    }

    /// What it comes to.
    ///
    /// # Errors
    ///
    /// What `value` says of a placeholder that has none.
    pub(crate) fn fill<E>(&self, value: impl Fn(Placeholder) -> Result<String, E>) -> Result<String, E> {
        self.pieces().try_fold(String::new(), |filled, piece| {
            Ok(match piece {
                Piece::Placeholder(Ok(placeholder)) => filled + &value(placeholder)?,
                // There is none.
                Piece::Placeholder(Err(_)) => filled,
                Piece::Text(text) => filled + text,
            })
        })
    }

    fn pieces(&self) -> impl Iterator<Item = Piece<'_>> {
        let mut rest = &*self.0;
        std::iter::from_fn(move || {
            let open = rest.find('{').unwrap_or(rest.len());
            if open > 0 {
                let (text, behind) = rest.split_at(open);
                rest = behind;
                return Some(Piece::Text(text));
            }
            let name = rest.strip_prefix('{')?;
            let end = name.find('}').unwrap_or(name.len());
            rest = name.get(end + 1..).unwrap_or_default();
            let name = &name[..end];
            let known = NAMES.iter().find(|(known, _)| *known == name).map(|(_, placeholder)| *placeholder);
            Some(Piece::Placeholder(known.ok_or(name)))
        })
    }

    /// What is wrong with it, and what would be right.
    fn defect(&self) -> Option<(String, String)> {
        let text = &*self.0;
        let wrong = |message: &str| format!("{} {message}", quoted(text));
        // A comma would be the end of an entry.
        if !text.bytes().all(|b| b.is_ascii_graphic() && b != b',') {
            let help = "percent-encode commas, and what is not printable ASCII".to_owned();
            return Some((wrong("cannot stand in a header"), help));
        }
        if text.len() > LONGEST || self.pieces().filter(|it| matches!(it, Piece::Placeholder(_))).count() > MOST {
            let help = format!("it has at most {LONGEST} characters and {MOST} placeholders");
            return Some((wrong("is too long"), help));
        }
        let unknown = self.pieces().find_map(|piece| match piece {
            Piece::Placeholder(Err(name)) => Some(name),
            _ => None,
        });
        if let Some(name) = unknown {
            let names = || NAMES.iter().map(|(name, _)| *name);
            let near: Vec<String> = nearest(name, names()).into_iter().map(|name| format!("{{{name}}}")).collect();
            let all: Vec<String> = names().map(|name| format!("{{{name}}}")).collect();
            let help = did_you_mean(&near).unwrap_or_else(|| format!("there are {}; `%7B` is a brace", all.join(", ")));
            return Some((format!("unknown placeholder {}", quoted(&format!("{{{name}}}"))), help));
        }
        if self.pieces().any(|piece| matches!(piece, Piece::Text(text) if text.contains('}'))) {
            return Some((wrong("has a brace that closes nothing"), "`%7D` is a brace".to_owned()));
        }
        let is_path = text.starts_with('/') && !text.starts_with("//");
        let host = ["http://", "https://"].into_iter().find_map(|scheme| text.strip_prefix(scheme));
        let is_url = host.is_some_and(|host| !host.starts_with(['/', '?', '#']) && !host.is_empty());
        let is_filled = matches!(
            self.pieces().next(),
            Some(Piece::Placeholder(Ok(Placeholder::Base
                | Placeholder::Dead
                | Placeholder::Mirror
                | Placeholder::Path
                | Placeholder::Target)))
        );
        (!is_path && !is_url && !is_filled).then(|| {
            let help = "it begins with one slash, `http://`, `https://`, or a placeholder such as `{base}`";
            (wrong("is neither a path of this server nor a URL"), help.to_owned())
        })
    }
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Piece<'a> {
    /// As an error, the name of one that is unknown.
    Placeholder(Result<Placeholder, &'a str>),
    Text(&'a str),
}

impl FromStr for Location {
    type Err = UnitError;

    fn from_str(text: &str) -> Result<Self, UnitError> {
        let location = Self::unchecked(text);
        match location.defect() {
            Some((message, help)) => Err(UnitError::new(message, help)),
            None => Ok(location),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let fill = |text: &str| {
            text.parse::<Location>().unwrap().fill(|placeholder| match placeholder {
                Placeholder::Dead => Err("none"),
                placeholder => Ok(format!("<{placeholder:?}>")),
            })
        };
        assert_eq!(fill("/a?b=%7B"), Ok("/a?b=%7B".to_owned()));
        assert_eq!(fill("{base}{path}?n={attempt}"), Ok("<Base><Path>?n=<Attempt>".to_owned()));
        assert_eq!(fill("{mirror}{target}#x"), Ok("<Mirror><Target>#x".to_owned()));
        assert_eq!(fill("https://host{path}"), Ok("https://host<Path>".to_owned()));
        assert_eq!(fill("{dead}/"), Err("none"));
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, error) in [
            (
                "",
                "`` is neither a path of this server nor a URL: it begins with one slash, `http://`, `https://`, or a placeholder such as `{base}`",
            ),
            ("/a b", "`/a b` cannot stand in a header: percent-encode commas, and what is not printable ASCII"),
            ("{bse}/a", "unknown placeholder `{bse}`: did you mean `{base}`?"),
            (
                "/{",
                "unknown placeholder `{}`: there are {attempt}, {base}, {dead}, {mirror}, {path}, {target}; `%7B` is a brace",
            ),
            ("/a}", "`/a}` has a brace that closes nothing: `%7D` is a brace"),
        ] {
            assert_eq!(text.parse::<Location>().unwrap_err().to_string(), error);
        }
        for text in ["a", "//h/a", "/a,b", "/\u{e4}", "/a\r\nb: c", "http://", "https:///a", "ftp://h/", "{attempt}"] {
            assert!(text.parse::<Location>().is_err(), "{text:?}");
        }
        assert!("{path}".repeat(17).parse::<Location>().is_err());
        assert!(format!("/{}", "a".repeat(LONGEST)).parse::<Location>().is_err());
    }
}
