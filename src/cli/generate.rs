//! `--generate PATH=SIZE[,seed=N]`.

use crate::content::Fixtures;
use crate::decision::ParseError;
use crate::schedule_file::{FileFixture, Source};
use crate::{ByteSize, Generated, MountError, UnitError};

/// A fixture to generate, and where to serve it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Generate {
    /// The path, with a slash at its start.
    pub(super) path: String,
    pub(super) generated: Generated,
    bytes: ByteSize,
    seed: Option<u64>,
    /// As it was typed.
    size: String,
}

const FLAG: &str = "--generate ";
const QUERY: &str = "what is generated is served whatever the query is";
const USAGE: &str = "it is PATH=SIZE, such as `app.tar.gz=100MB`, or PATH=SIZE,seed=N";

/// Reads all of them. What is wrong is shown as it was typed.
pub(super) fn parse_all(texts: &[String]) -> Result<Vec<Generate>, ParseError> {
    let mut fixtures = Fixtures::new();
    let mut all = Vec::new();
    for text in texts {
        let typed = format!("{FLAG}{text}");
        let generate = Generate::parse(text).map_err(|error| error.within(&typed, FLAG.len()))?;
        // Mounted for its errors.
        fixtures = fixtures.generated(&generate.path, generate.generated).map_err(|error| {
            let path = text.find('=').unwrap_or(text.len());
            let place = match error {
                MountError::TooSmall { .. } => path + 1..path + 1 + generate.size.len(),
                _ => 0..path,
            };
            ParseError::new(text, place, format!("{:#}", anyhow::Error::from(error))).within(&typed, FLAG.len())
        })?;
        all.push(generate);
    }
    Ok(all)
}

impl Generate {
    /// The path ends at the first `=`.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let Some((path, value)) = text.split_once('=') else {
            return Err(ParseError::new(text, text.len()..text.len(), "there is no size").with_help(USAGE));
        };
        if path.trim_matches('/').is_empty() {
            return Err(ParseError::new(text, 0..path.len(), "there is no path").with_help(USAGE));
        }
        if let Some(at) = path.find(['?', '#']) {
            return Err(ParseError::new(text, at..path.len(), "a path has no query, and no fragment").with_help(QUERY));
        }
        let mut options = value.split(',');
        let size = options.next().unwrap_or_default();
        let mut at = path.len() + 1;
        let wrong = |place, error: &UnitError| ParseError::new(text, place, error.message()).with_help(error.help());
        let bytes: ByteSize = size.parse().map_err(|error| wrong(at..at + size.len(), &error))?;
        at += size.len() + 1;
        let mut seed = None;
        for option in options {
            let place = at..at + option.len();
            at = place.end + 1;
            let Some(digits) = option.strip_prefix("seed=") else {
                return Err(ParseError::new(text, place, "the only option is `seed=N`").with_help(USAGE));
            };
            if seed.is_some() {
                return Err(ParseError::new(text, place, "there are two seeds"));
            }
            let number = digits.parse().map_err(|_| {
                ParseError::new(text, place.start + "seed=".len()..place.end, "this is not a seed")
                    .with_help(format!("a seed is a whole number up to {}", u64::MAX))
            })?;
            seed = Some(number);
        }
        let slash = if path.starts_with('/') { "" } else { "/" };
        let generated = Generated::new(bytes).seed(seed.unwrap_or_default());
        Ok(Self { path: format!("{slash}{path}"), generated, bytes, seed, size: size.to_owned() })
    }

    /// As it stands in a schedule file.
    pub(super) fn fixture(&self) -> FileFixture {
        let source = Source::Generate { size: self.bytes, seed: self.seed };
        FileFixture::new(Some(self.path.clone()), source)
    }
}

#[cfg(test)]
mod tests {
    use super::{Generate, parse_all};
    use crate::{ByteSize, Generated};

    #[track_caller]
    fn check(text: &str, path: &str, generated: Generated) {
        let Generate { path: parsed, generated: with, .. } = Generate::parse(text).unwrap();
        assert_eq!((parsed.as_str(), with), (path, generated), "{text}");
    }

    #[track_caller]
    fn check_error(texts: &[&str], expected: &str) {
        let texts: Vec<_> = texts.iter().copied().map(str::to_owned).collect();
        let error = parse_all(&texts).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}\nis not\n{expected}");
    }

    #[test]
    fn a_path_and_a_size() {
        check("app.tar.gz=100MB", "/app.tar.gz", Generated::new(ByteSize::mb(100)));
        check("/a/b,c.bin=1TiB,seed=7", "/a/b,c.bin", Generated::new(ByteSize::gib(1024)).seed(7));
        check("a=0", "/a", Generated::new(ByteSize::b(0)));
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        check_error(
            &["app.tar.gz"],
            "there is no size\n  --generate app.tar.gz\n                       ^\n  it is PATH=SIZE",
        );
        check_error(
            &["a?b=1MB"],
            "a path has no query, and no fragment\n  --generate a?b=1MB\n              ^^\n  what is generated",
        );
        check_error(&["=1MB"], "there is no path\n  --generate =1MB\n             ^\n");
        check_error(&["a=1mb"], "unknown unit `mb`\n  --generate a=1mb\n               ^^^\n  did you mean `1MB`?");
        check_error(
            &["a=1MB,sed=7"],
            "the only option is `seed=N`\n  --generate a=1MB,sed=7\n                   ^^^^^\n",
        );
        check_error(&["a=1MB,seed=x"], "this is not a seed\n  --generate a=1MB,seed=x\n                        ^\n");
        check_error(&["a=1MB,seed=1,seed=2"], "there are two seeds\n");
        check_error(
            &["a.bin=1", "a.tgz=100"],
            "`/a.tgz` cannot have 100 bytes: the smallest file of its kind has 3096\n  \
             --generate a.tgz=100\n                   ^^^",
        );
        check_error(&["a=1", "/a=2"], "`/a` is served already");
        check_error(&["../a=1"], "`/../a` is not a path to serve bytes under");
    }
}
