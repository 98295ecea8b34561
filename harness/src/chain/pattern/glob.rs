//! Texts with asterisks.

/// A text in which `*` stands for any text.
#[derive(Clone, Debug)]
pub(super) struct Glob {
    written: String,
    /// What is between the asterisks: one more than there are asterisks.
    parts: Vec<String>,
}

impl Glob {
    pub(super) fn new(written: &str) -> Self {
        let mut parts = Vec::new();
        let mut part = String::new();
        let mut chars = written.chars().peekable();
        while let Some(char) = chars.next() {
            match char {
                '*' => parts.push(std::mem::take(&mut part)),
                '\\' => part.push(chars.next_if(|next| matches!(next, '*' | '\\')).unwrap_or('\\')),
                char => part.push(char),
            }
        }
        parts.push(part);
        Self { written: written.to_owned(), parts }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.written
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.parts.as_slice() else {
            return self.parts.iter().all(|part| part == text);
        };
        // Each part is taken where it comes first; that leaves the most for the next ones.
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for part in middle {
            let Some((_, behind)) = rest.split_once(part.as_str()) else { return false };
            rest = behind;
        }
        rest.ends_with(last.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisks_stand_for_any_text() {
        for (glob, yes, no) in [
            ("abc", &["abc"][..], &["abcd", "ab", ""][..]),
            ("*", &["", "a\nb"], &[]),
            ("a*", &["a", "ab"], &["ba", ""]),
            ("*a", &["a", "ba"], &["ab"]),
            ("a*b*a", &["aba", "aaba", "ab ba"], &["ab", "a", "aa"]),
            ("ab*ba", &["abba"], &["aba"]),
            (r"\*\\*\n", &[r"*\\n", r"*\a\n"], &[r"\*\n"]),
        ] {
            for text in yes {
                assert!(Glob::new(glob).matches(text), "{glob} {text}");
            }
            for text in no {
                assert!(!Glob::new(glob).matches(text), "{glob} {text}");
            }
        }
    }
}
