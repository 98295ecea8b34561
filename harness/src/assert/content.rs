//! What became of the file.

use flaky_server::ByteSize;

use super::{Assert, AssertionError, panicking};
use crate::outcome::shown;

impl Assert<'_> {
    panicking! {
        /// The file is there, and every byte of it is that of the fixture.
        content_matches, try_content_matches
    }

    /// The twin of [`content_matches`](Self::content_matches).
    ///
    /// # Errors
    ///
    /// If there is no file, or one that differs; and if the trial has no file under test.
    pub fn try_content_matches(self) -> Result<Self, AssertionError> {
        let content = self.outcome.content();
        let got = || match content {
            None => "nothing to compare: name the file under test with `Trial::file`".to_owned(),
            Some(content) => content.to_string(),
        };
        let nearest = || {
            let Some(content) = content.filter(|content| content.len.is_none()) else { return Vec::new() };
            let left = self.outcome.leftovers();
            let mut lines = vec![format!("it is expected as {}", shown(&content.path, self.outcome.root()))];
            lines.extend(left.iter().take(5).map(|path| format!("there is {}", shown(path, self.outcome.root()))));
            lines
        };
        let holds = content.is_some_and(crate::Content::matches);
        self.check(holds, || "a file that is the fixture, byte by byte".to_owned(), got, nearest)
    }

    panicking! {
        /// Nothing is left but the file, whole and right: no partial file, no temporary one.
        no_leftovers, try_no_leftovers
    }

    /// The twin of [`no_leftovers`](Self::no_leftovers).
    ///
    /// # Errors
    ///
    /// If there is anything else in the trial's folder, or in that for temporary files.
    pub fn try_no_leftovers(self) -> Result<Self, AssertionError> {
        let left = self.outcome.leftovers();
        let got = || left.iter().map(|path| shown(path, self.outcome.root())).collect::<Vec<_>>().join(", ");
        self.check(left.is_empty(), || "nothing left behind".to_owned(), got, Vec::new)
    }

    panicking! {
        /// At most this much was received in vain: what an earlier attempt had received already, and bodies of errors.
        wasted_at_most, try_wasted_at_most, most: ByteSize
    }

    /// The twin of [`wasted_at_most`](Self::wasted_at_most).
    ///
    /// # Errors
    ///
    /// If it is more.
    pub fn try_wasted_at_most(self, most: ByteSize) -> Result<Self, AssertionError> {
        let wasted = self.outcome.wire().wasted();
        self.check_wire(
            wasted <= most,
            || format!("at most {most} received in vain"),
            || format!("{wasted} of {} received", ByteSize::b(self.outcome.wire().received())),
            Vec::new,
        )
    }
}
