//! What the cache has of one URL.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use tokio::fs;

use crate::digest::Sha256Sum;
use crate::http::StrongEtag;

/// What the cache has of one URL: the bytes, and beside them what they are of.
///
/// Nothing here is believed: the server is asked with `If-Range` whether the file is still the same, and a digest is
/// that of the whole file.
#[derive(Debug)]
pub(crate) struct Entry {
    url: String,
    part: PathBuf,
    facts: PathBuf,
}

/// What the bytes are of.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Facts {
    /// Which version of the file. Without one, the bytes are of no use to another request.
    pub(crate) etag: Option<StrongEtag>,
    /// How many bytes it has, as far as the server has said so.
    pub(crate) total: Option<u64>,
}

impl Entry {
    pub(crate) fn new(cache: &Path, url: String) -> Self {
        let key = Sha256Sum::of(Sha256::new_with_prefix(&url)).to_string();
        Self { part: cache.join(format!("{key}.part")), facts: cache.join(format!("{key}.facts")), url }
    }

    /// Where the bytes are.
    pub(crate) fn part(&self) -> &Path {
        &self.part
    }

    /// What the bytes are of. What cannot be read is nothing, and so is what is about another URL.
    pub(crate) async fn load(&self) -> Facts {
        let text = fs::read_to_string(&self.facts).await.unwrap_or_default();
        parse(&text, &self.url).unwrap_or_default()
    }

    /// Notes what the bytes are of. It must be noted before they come, so that it holds however the run ends.
    pub(crate) async fn save(&self, facts: &Facts) -> io::Result<()> {
        fs::write(&self.facts, format(facts, &self.url)).await
    }

    /// Removes all of it.
    pub(crate) async fn remove(&self) {
        // What is not there is removed.
        let _ = fs::remove_file(&self.facts).await;
        let _ = fs::remove_file(&self.part).await;
    }
}

fn format(facts: &Facts, url: &str) -> String {
    let etag = facts.etag.as_ref().map(StrongEtag::as_str).unwrap_or_default();
    let total = facts.total.map(|total| total.to_string()).unwrap_or_default();
    format!("{url}\n{etag}\n{total}\n")
}

/// `None` for what was not written to its end, or is about something else.
fn parse(text: &str, url: &str) -> Option<Facts> {
    let [found, etag, total, ""] = text.split('\n').collect::<Vec<_>>()[..] else { return None };
    (found == url).then(|| Facts { etag: StrongEtag::parse(etag), total: total.parse().ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        for (etag, total) in [(StrongEtag::parse(r#""a""#), Some(7)), (None, None)] {
            let facts = Facts { etag, total };
            let text = format(&facts, "http://h/a");
            assert_eq!(parse(&text, "http://h/a"), Some(facts));
            assert_eq!(parse(&text, "http://h/b"), None);
            assert_eq!(parse(&text[..text.len() - 1], "http://h/a"), None);
        }
    }

    #[test]
    fn each_url_has_its_own() {
        let part = |url: &str| Entry::new(Path::new("cache"), url.to_owned()).part;
        assert_ne!(part("http://h/a"), part("http://h/b"));
    }
}
