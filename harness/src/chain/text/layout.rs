//! Indents, and messages that a terminal's width or their author broke into lines.

/// How many characters of blanks a line starts with.
pub(super) fn indent(line: &str) -> usize {
    line.chars().take_while(|char| char.is_whitespace()).count()
}

/// A line without so many characters of blanks at its start, or without those that it has.
pub(super) fn unindent(line: &str, columns: usize) -> &str {
    let skip = line.char_indices().take(columns).take_while(|(_, char)| char.is_whitespace());
    let end = skip.last().map_or(0, |(at, char)| at + char.len_utf8());
    &line[end..]
}

/// The lines of a message with `\n` between them, without blank lines around it and blanks at their ends.
pub(super) fn joined<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let lines: Vec<&str> = lines.into_iter().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// Messages in a column that is so wide that the longest of their lines fits.
///
/// Where a line could have held the next word too, it ends because its author ended it. Otherwise it was wrapped: at a
/// blank, or behind a hyphen.
pub(super) fn unwrapped<'a>(messages: &[Vec<Placed<'a>>]) -> Vec<String> {
    let width = messages.iter().flatten().map(Placed::end).max().unwrap_or(0);
    let unwrap = |lines: &Vec<Placed<'a>>| {
        let mut message = String::new();
        let mut last: Option<Placed<'a>> = None;
        for &line in lines {
            if let Some(last) = last {
                let word = line.text.split(' ').next().unwrap_or_default().chars().count();
                if line.text.is_empty() || last.text.is_empty() || last.end() + 1 + word <= width {
                    message.push('\n');
                } else if !last.text.ends_with('-') {
                    message.push(' ');
                }
            }
            message.push_str(line.text);
            last = Some(line);
        }
        message.trim_matches('\n').to_owned()
    };
    messages.iter().map(unwrap).collect()
}

/// Text in a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    /// How many characters are before it on its line.
    pub(super) column: usize,
    pub(super) text: &'a str,
}

impl<'a> Placed<'a> {
    /// The text that a line ends with.
    pub(super) fn at_end_of(line: &str, text: &'a str) -> Self {
        Self { column: line.trim_end().chars().count() - text.chars().count(), text }
    }

    fn end(&self) -> usize {
        self.column + self.text.chars().count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_did_not_fit_was_wrapped() {
        let placed =
            |lines: &[&'static str]| -> Vec<_> { lines.iter().map(|text| Placed { column: 4, text }).collect() };
        let unwrap = |lines: &[&'static str]| unwrapped(&[placed(lines), placed(&["a line of twenty one."])]);
        assert_eq!(unwrap(&["the interpreters are", "not there"])[0], "the interpreters are not there");
        assert_eq!(unwrap(&["cpython-3.8.20-linux-", "x86_64"])[0], "cpython-3.8.20-linux-x86_64");
        assert_eq!(unwrap(&["nothing of all that", "the mirror"])[0], "nothing of all that the mirror");
        assert_eq!(unwrap(&["no app", "it is down"])[0], "no app\nit is down");
        assert_eq!(unwrap(&["no app", "", "down"])[0], "no app\n\ndown");
    }

    #[test]
    fn indents_are_of_characters() {
        assert_eq!(indent("  a"), 2);
        assert_eq!(unindent("    a", 2), "  a");
        assert_eq!(unindent(" a", 2), "a");
        assert_eq!(unindent("  ", 4), "");
        assert_eq!(joined(["", "a ", "", "b", ""]), "a\n\nb");
    }
}
