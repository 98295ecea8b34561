//! Which exchanges counts are about.

use std::fmt;

use flaky_server::{Exchange, Target};

use crate::wire::is_same_path;

/// Which exchanges counts are about.
#[derive(Clone, Debug)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// Those for one path, however it is encoded; those with any query, unless there is one.
    File { shown: String, target: Target },
    /// Those for one target, of any method unless there is one, however it is encoded.
    Target { shown: String, method: Option<String>, target: Target },
}

impl Scope {
    pub(super) fn file(file: &str) -> Self {
        Self::File { shown: file.to_owned(), target: Target::new("GET", file) }
    }

    pub(super) fn target(target: &str) -> Self {
        let (method, path) = match target.split_once(' ') {
            Some((method, path)) => (Some(method.to_owned()), path),
            None => (None, target),
        };
        Self::Target { shown: target.to_owned(), method, target: Target::new("GET", path) }
    }

    /// Whether it is about one file, whatever its query.
    pub(super) fn is_file(&self) -> bool {
        matches!(self, Self::File { .. })
    }

    pub(super) fn includes(&self, exchange: &Exchange) -> bool {
        match (self, &exchange.target) {
            (Self::All, _) => true,
            (_, None) => false,
            (Self::File { target: file, .. }, Some(target)) => {
                let same_query = file.query().is_none() || file.query() == target.query();
                same_query && is_same_path(file, target)
            }
            (Self::Target { method, target: wanted, .. }, Some(target)) => {
                let same_method = method.as_ref().is_none_or(|method| method == target.method());
                same_method && wanted.query() == target.query() && is_same_path(wanted, target)
            }
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all targets"),
            Self::File { shown, .. } | Self::Target { shown, .. } => f.write_str(shown),
        }
    }
}
