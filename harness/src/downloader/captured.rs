//! What a program wrote to one of its streams.

use std::borrow::Cow;

/// What a program wrote to stdout, or to stderr: all of it, or its beginning and its end if there was too much.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Captured {
    head: Vec<u8>,
    tail: Vec<u8>,
    omitted: u64,
}

impl Captured {
    /// All that was written.
    pub fn whole(bytes: impl Into<Vec<u8>>) -> Self {
        Self { head: bytes.into(), ..Self::default() }
    }

    /// The beginning and the end of what was written, with `omitted` bytes between them that were not kept.
    pub fn capped(head: impl Into<Vec<u8>>, omitted: u64, tail: impl Into<Vec<u8>>) -> Self {
        Self { head: head.into(), tail: tail.into(), omitted }
    }

    /// The bytes that were kept; where some are missing, a line says how many.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        if self.omitted == 0 && self.tail.is_empty() {
            return Cow::Borrowed(&self.head);
        }
        let mut all = self.head.clone();
        if self.omitted > 0 {
            all.extend_from_slice(format!("\n[{} bytes were not kept]\n", self.omitted).as_bytes());
        }
        all.extend_from_slice(&self.tail);
        Cow::Owned(all)
    }

    /// The same as text; what is not UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes()).into_owned()
    }

    /// How many bytes were written in all.
    pub fn total(&self) -> u64 {
        self.head.len() as u64 + self.omitted + self.tail.len() as u64
    }

    /// How many bytes in the middle were not kept, because of the [limit](crate::Job::output_limit).
    pub fn omitted(&self) -> u64 {
        self.omitted
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.total() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said() {
        let captured = Captured::capped("abc", 10, "xyz");
        assert_eq!(captured.text(), "abc\n[10 bytes were not kept]\nxyz");
        assert_eq!((captured.total(), captured.omitted()), (16, 10));
        assert_eq!(Captured::whole("abc").text(), "abc");
        assert_eq!(Captured::capped("abc", 0, "xyz").text(), "abcxyz");
    }
}
