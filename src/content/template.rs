//! Text in which the server names itself.

use std::fmt;

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::disk::finished;
use super::error::OpenError;
use super::fixture::Fixture;
use super::path::UrlPath;
use super::small_cache::small_cache;

/// What stands for the base URL, here as everywhere in this project.
const PLACEHOLDER: &[u8] = b"{base}";

/// The largest file that is filled in: it is held in memory while it is sent.
const MOST: u64 = 16 * 1024 * 1024;

/// How many bytes are kept filled in ...
const KEPT: u64 = 4 * MOST;

/// ... of about so many files.
const FILES: usize = 100;

/// Which files are templates.
pub(super) struct Templates {
    matches: Box<Matches>,
    base: String,
    filled: Cache<Version, Fixture, Length>,
}

type Matches = dyn Fn(&str) -> bool + Send + Sync;

impl Templates {
    /// The files whose paths, as they stand in URLs, match.
    pub(super) fn new(matches: impl Fn(&str) -> bool + Send + Sync + 'static, base: &str) -> Self {
        let filled = small_cache(FILES, KEPT, Length);
        Self { matches: Box::new(matches), base: base.to_owned(), filled }
    }

    /// Whether what is under this path is a template.
    pub(super) fn include(&self, path: &UrlPath) -> bool {
        (self.matches)(&path.or_index().encoded())
    }

    /// The fixture, filled in. It is one of bytes then: another base makes others of it, so that its time of
    /// modification would tell nothing. However many ask, each version of a file is filled in once.
    pub(super) async fn fill(&self, path: &UrlPath, fixture: Fixture) -> Result<Fixture, OpenError> {
        if fixture.len() > MOST {
            return Err(OpenError::LargeTemplate { len: fixture.len(), most: MOST });
        }
        let version = (path.or_index().encoded(), fixture.etag().to_owned());
        self.filled.get_or_insert_async(&version, self.fill_anew(path, fixture)).await
    }

    async fn fill_anew(&self, path: &UrlPath, fixture: Fixture) -> Result<Fixture, OpenError> {
        let text = fixture.read().await.map_err(OpenError::Template)?;
        let (name, base) = (path.or_index().name().into_owned(), self.base.clone());
        // Megabytes are no work for a thread that serves.
        let fill = tokio::task::spawn_blocking(move || Fixture::from_bytes(&name, filled(&text, &base)));
        finished(fill.await).map_err(OpenError::Io)
    }
}

/// A path, and the tag of a version of the file under it.
type Version = (String, String);

/// What is filled in weighs what it holds.
#[derive(Clone, Debug)]
struct Length;

impl Weighter<Version, Fixture> for Length {
    fn weight(&self, _: &Version, fixture: &Fixture) -> u64 {
        fixture.len().max(1)
    }
}

/// The text, with each placeholder replaced by the base URL.
pub(super) fn filled(text: &[u8], base: &str) -> Bytes {
    let mut filled = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(brace) = rest.iter().position(|&byte| byte == PLACEHOLDER[0]) {
        let (before, from) = rest.split_at(brace);
        filled.extend_from_slice(before);
        rest = match from.strip_prefix(PLACEHOLDER) {
            Some(behind) => {
                filled.extend_from_slice(base.as_bytes());
                behind
            }
            None => {
                filled.push(from[0]);
                &from[1..]
            }
        };
    }
    filled.extend_from_slice(rest);
    filled.into()
}

impl fmt::Debug for Templates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Templates").field("base", &self.base).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[track_caller]
    fn check(text: &[u8], expected: &[u8]) {
        assert_eq!(filled(text, "http://h:1"), expected, "{}", text.escape_ascii());
    }

    #[test]
    fn each_placeholder_is_replaced() {
        check(b"", b"");
        check(b"{base}", b"http://h:1");
        check(b"<a href=\"{base}/x\">{base}", b"<a href=\"http://h:1/x\">http://h:1");
        check(b"{{base}}", b"{http://h:1}");
        check(b"{base{base}{bas", b"{basehttp://h:1{bas");
        check(b"{ base} {Base} {url} \xff\0", b"{ base} {Base} {url} \xff\0");
    }
}
