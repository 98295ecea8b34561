//! What is to be served, as the builder was told.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::StartError;
use crate::content::{Fixtures, Generated};
use crate::decision::{Matcher, Request, Target};

/// What is to be served.
pub(super) enum Content {
    Bytes(String, Bytes),
    #[cfg(feature = "verify")]
    Dated(String, Bytes, std::time::SystemTime),
    Dir(PathBuf),
    File(PathBuf),
    FileAt(String, PathBuf),
    Generated(String, Generated),
    Template(String, String),
}

impl Content {
    /// Where it is on disk.
    pub(super) fn source(&self) -> Option<&Path> {
        match self {
            Self::Bytes(..) | Self::Generated(..) | Self::Template(..) => None,
            #[cfg(feature = "verify")]
            Self::Dated(..) => None,
            Self::Dir(path) | Self::File(path) | Self::FileAt(_, path) => Some(path),
        }
    }
}

/// The fixtures with all of this; in those that match a template, `base` takes the place of `{base}`.
pub(super) fn mounted(
    mut fixtures: Fixtures,
    content: Vec<Content>,
    templates: Vec<Matcher>,
    base: &str,
) -> Result<Fixtures, StartError> {
    for content in content {
        fixtures = match content {
            Content::Bytes(path, bytes) => fixtures.memory(&path, bytes)?,
            #[cfg(feature = "verify")]
            Content::Dated(path, bytes, modified) => fixtures.dated(&path, bytes, modified)?,
            Content::Dir(path) => fixtures.directory(&path)?,
            Content::File(path) => fixtures.file(&path)?,
            Content::FileAt(url, path) => fixtures.file_at(&url, &path)?,
            Content::Generated(path, generated) => fixtures.generated(&path, generated)?,
            Content::Template(path, text) => fixtures.template(&path, &text, base)?,
        };
    }
    if templates.is_empty() {
        return Ok(fixtures);
    }
    let matches = move |path: &str| {
        let request = Request::new(Target::new("GET", path));
        templates.iter().any(|template| template.matches(&request))
    };
    Ok(fixtures.templates(matches, base))
}
