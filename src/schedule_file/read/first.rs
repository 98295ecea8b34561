//! What is wrong first.

use crate::decision::ParseError;

/// What is wrong first in the file, of all that is.
#[derive(Debug, Default)]
pub(super) struct First(pub(super) Option<ParseError>);

impl First {
    /// What was read; where that is wrong, as good as nothing.
    pub(super) fn of<T: Default>(&mut self, read: Result<T, ParseError>) -> T {
        read.unwrap_or_else(|error| {
            if self.0.as_ref().is_none_or(|first| error.span().start < first.span().start) {
                self.0 = Some(error);
            }
            T::default()
        })
    }

    /// All that could be read.
    pub(super) fn all<T, C: FromIterator<T>>(&mut self, read: impl Iterator<Item = Result<T, ParseError>>) -> C {
        read.filter_map(|one| self.of(one.map(Some))).collect()
    }
}
