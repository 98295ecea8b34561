//! What a file says is served.

use super::aside::Aside;
use crate::Generated;
use crate::units::ByteSize;

/// Something that is served.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct FileFixture {
    /// Where, with a slash at its start; `None` is a file's own name, and always so for a directory.
    pub(crate) path: Option<String>,
    pub(crate) source: Source,
    /// The line of its file that says where it is from.
    pub(super) line: Aside<Option<usize>>,
}

/// Where its bytes come from.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    /// A directory, and the pattern of the files in it in which `{base}` is replaced.
    Dir { path: String, template: Option<String> },
    /// A file, and whether `{base}` is replaced in it.
    File { path: String, template: bool },
    /// Bytes that are computed.
    Generate { size: ByteSize, seed: Option<u64> },
    /// The text itself, and whether `{base}` is replaced in it.
    Text { text: String, template: bool },
}

impl FileFixture {
    /// Something that stands in no file.
    #[cfg(any(feature = "cli", test))]
    pub(crate) fn new(path: Option<String>, source: Source) -> Self {
        Self { path, source, line: Aside::default() }
    }

    /// What is generated, with its path.
    pub(crate) fn generated(&self) -> Option<(&str, Generated)> {
        match (&self.path, &self.source) {
            (Some(path), Source::Generate { size, seed }) => {
                Some((path, Generated::new(*size).seed(seed.unwrap_or_default())))
            }
            _ => None,
        }
    }

    /// Whether it is one file, and not a directory.
    #[cfg(feature = "cli")]
    pub(crate) fn is_single(&self) -> bool {
        !matches!(self.source, Source::Dir { .. })
    }

    /// Where it is on disk, if it is there; relative to the folder of its file.
    #[cfg(feature = "cli")]
    pub(crate) fn path_on_disk(&self) -> Option<&str> {
        match &self.source {
            Source::Dir { path, .. } | Source::File { path, .. } => Some(path),
            Source::Generate { .. } | Source::Text { .. } => None,
        }
    }

    /// The line of its file that says where it is from, if it stands in one.
    #[cfg(feature = "cli")]
    pub(crate) fn line(&self) -> Option<usize> {
        self.line.0
    }

    /// The path under which it is served, if it is a file.
    pub(crate) fn served(&self) -> Option<String> {
        match (&self.path, &self.source) {
            (Some(path), _) => Some(path.clone()),
            (None, Source::File { path, .. }) => {
                Some(format!("/{}", std::path::Path::new(path).file_name()?.to_str()?))
            }
            (None, _) => None,
        }
    }

    /// What it is called, for people.
    #[cfg(feature = "cli")]
    pub(crate) fn name(&self) -> String {
        self.path.as_deref().or_else(|| self.path_on_disk()).unwrap_or_default().to_owned()
    }
}
