//! Which exchanges counts are about.

use std::borrow::Cow;
use std::fmt;

use flaky_server::{Exchange, Target};
use percent_encoding::percent_decode_str;

/// Which exchanges counts are about.
#[derive(Clone, Debug)]
pub(super) enum Scope {
    /// All of them.
    All,
    /// Those for one path, however it is encoded; those with any query, unless there is one.
    File { shown: String, target: Target },
    /// Those for one target, of any method unless there is one.
    Target { shown: String },
}

impl Scope {
    pub(super) fn file(file: &str) -> Self {
        Self::File { shown: file.to_owned(), target: Target::new("GET", file) }
    }

    pub(super) fn target(target: &str) -> Self {
        let shown = match target.split_once(' ') {
            Some((method, path)) => Target::new(method, path).to_string(),
            None => Target::new("GET", target).path_and_query().to_owned(),
        };
        Self::Target { shown }
    }

    pub(super) fn includes(&self, exchange: &Exchange) -> bool {
        match (self, &exchange.target) {
            (Self::All, _) => true,
            (_, None) => false,
            (Self::File { target: file, .. }, Some(target)) => {
                let same_query = file.query().is_none() || file.query() == target.query();
                same_query && decoded(file.path()) == decoded(target.path())
            }
            (Self::Target { shown }, Some(target)) if shown.contains(' ') => shown == target.as_str(),
            (Self::Target { shown }, Some(target)) => shown == target.path_and_query(),
        }
    }
}

/// The bytes that a path names: clients differ in what they encode.
fn decoded(path: &str) -> Cow<'_, [u8]> {
    percent_decode_str(path).into()
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all targets"),
            Self::File { shown, .. } | Self::Target { shown } => f.write_str(shown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_decoded() {
        assert_eq!(decoded("/a%2Bb"), decoded("/a+b"));
        assert_eq!(decoded("/a%zz%4"), decoded("/a%25zz%254"));
        assert_ne!(decoded("/a"), decoded("/A"));
    }
}
