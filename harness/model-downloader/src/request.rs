//! What is to be downloaded.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::digest::Sha256Sum;
use crate::field::Field;

/// What is to be downloaded, and where to.
///
/// # Examples
///
/// ```
/// use model_downloader::{Request, Target};
///
/// let request = Request::new("http://127.0.0.1:8000/app.tar.gz".parse()?, Target::File("app.tar.gz".into()));
/// assert_eq!(request.name(), "app.tar.gz");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Request {
    /// Where it is. A name and a password in it are for its origin alone.
    pub url: Url,
    /// Where it goes.
    pub target: Target,
    /// What is sent along to the origin of the URL, and to no other.
    pub fields: Vec<Field>,
    /// The digest of the whole file.
    pub sha256: Option<Sha256Sum>,
    /// Where parts are kept from one run to the next. One run at a time may use the part of a URL.
    pub cache: Option<PathBuf>,
    /// Whether the file is to be on the disk, and not only in the kernel's memory, before it gets its name.
    pub fsync: bool,
}

/// Where a download goes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Target {
    /// To a file.
    File(PathBuf),
    /// It is a tar.gz, and its content goes to a folder, which is to be new.
    Folder(PathBuf),
    /// To stdout.
    Stdout,
}

/// An absolute URL.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Url(reqwest::Url);

/// The text is no absolute URL.
#[derive(Debug, thiserror::Error)]
#[error("`{text}` is no URL of http")]
pub struct UrlError {
    text: String,
}

impl Request {
    /// Downloads this to there, and knows no digest and no cache.
    pub fn new(url: Url, target: Target) -> Self {
        Self { url, target, fields: Vec::new(), sha256: None, cache: None, fsync: false }
    }

    /// What it is called: the last component of the URL's path, or the host.
    pub fn name(&self) -> String {
        let url = self.url.as_url();
        let last = url.path().rsplit('/').next().filter(|name| !name.is_empty());
        last.or_else(|| url.host_str()).unwrap_or_default().to_owned()
    }
}

impl Url {
    /// `None` if it is of anything but http.
    pub(crate) fn of(url: reqwest::Url) -> Option<Self> {
        (url.scheme() == "http").then_some(Self(url))
    }

    pub(crate) fn as_url(&self) -> &reqwest::Url {
        &self.0
    }

    /// Without a name and a password: what may be written down.
    pub(crate) fn without_userinfo(&self) -> Self {
        let mut url = self.0.clone();
        // On a URL of http neither can fail.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        Self(url)
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        let url = reqwest::Url::parse(text).ok().and_then(Self::of);
        url.ok_or_else(|| UrlError { text: text.to_owned() })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_that_of_the_file() {
        let name = |url: &str| Request::new(url.parse().unwrap(), Target::Stdout).name();
        assert_eq!(name("http://h/a/b.tar.gz?token=1/2#x"), "b.tar.gz");
        assert_eq!(name("http://h/a/"), "h");
        assert_eq!(name("http://h"), "h");
    }

    #[test]
    fn who_we_are_is_not_written_down() {
        let url: Url = "http://name:secret@h/a?b".parse().unwrap();
        assert_eq!(url.without_userinfo().to_string(), "http://h/a?b");
    }

    #[test]
    fn what_is_no_url_of_http() {
        for text in ["", "/a", "h:1/a", "ftp://h/a", "file:///a"] {
            assert!(text.parse::<Url>().is_err(), "{text}");
        }
    }
}
