//! What a terminal does with output: colours, carriage returns, cursor movements.

use std::iter::Peekable;
use std::str::Chars;

/// So many blanks inside of a line are no text: a progress bar was padded to the terminal's edge, where the next line
/// begins.
const PADDING: usize = 24;

const ESCAPE: char = '\x1b';
const BELL: char = '\x07';
const BACKSPACE: char = '\x08';

/// The text of some output, without colours and control characters; `\n` ends its lines, whatever ended them before.
///
/// What a terminal would have overwritten (after a carriage return, or where the cursor was moved) stays, as a line of
/// its own: so that a progress bar does not stand before an error. Bytes that are not UTF-8 are replaced.
pub(crate) fn clean(output: &[u8]) -> String {
    let text = String::from_utf8_lossy(output);
    let mut screen = Screen { text: String::with_capacity(text.len()), blanks: 0 };
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '\n' => screen.end_line(),
            '\r' => {
                while chars.next_if_eq(&'\r').is_some() {}
                if chars.peek() != Some(&'\n') {
                    screen.leave_line();
                }
            }
            ESCAPE => escape(&mut chars, &mut screen),
            BACKSPACE => screen.backspace(),
            '\t' => screen.print('\t'),
            char if char.is_control() => {}
            char => screen.print(char),
        }
    }
    screen.text
}

struct Screen {
    text: String,
    /// The length of the run of blanks at the end of the text, if something other than blanks is before it on its line.
    blanks: usize,
}

impl Screen {
    fn print(&mut self, char: char) {
        if char == ' ' {
            self.blanks += usize::from(self.blanks > 0 || !self.line_is_blank_so_far());
        } else {
            if self.blanks >= PADDING {
                self.text.truncate(self.text.len() - self.blanks);
                self.text.push('\n');
            }
            self.blanks = 0;
        }
        self.text.push(char);
    }

    /// Only asked at the first blank of a run: it looks at one character, and not at the whole line.
    fn line_is_blank_so_far(&self) -> bool {
        self.text.is_empty() || self.text.ends_with(['\n', ' '])
    }

    fn end_line(&mut self) {
        self.text.push('\n');
        self.blanks = 0;
    }

    /// The cursor goes elsewhere: what comes next does not belong to this line.
    fn leave_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.end_line();
        }
    }

    fn backspace(&mut self) {
        if !self.text.ends_with('\n') {
            self.text.pop();
            self.blanks = self.blanks.saturating_sub(1);
        }
    }
}

/// Behind an ESC.
fn escape(chars: &mut Peekable<Chars<'_>>, screen: &mut Screen) {
    match chars.next_if(|&char| char != '\n' && char != '\r') {
        Some('[') => control_sequence(chars, screen),
        Some(']') => operating_system_command(chars),
        Some('(' | ')' | '#' | '%') => {
            let _charset = chars.next_if(|&char| char != '\n');
        }
        _ => {}
    }
}

/// `ESC [ parameters letter`.
fn control_sequence(chars: &mut Peekable<Chars<'_>>, screen: &mut Screen) {
    let mut parameters = String::new();
    while let Some(char) = chars.next_if(|char| matches!(char, ' '..='?')) {
        parameters.push(char);
    }
    match chars.next_if(|char| matches!(char, '@'..='~')) {
        // The cursor moves, or the screen is erased.
        Some('A' | 'B' | 'D' | 'E' | 'F' | 'G' | 'H' | 'J' | 'd' | 'f') => screen.leave_line(),
        // The line is erased, but not where only what is behind the cursor is: coloured text has that in its middle.
        Some('K') if !matches!(parameters.as_str(), "" | "0") => screen.leave_line(),
        Some('C') => screen.print(' '),
        _ => {}
    }
}

/// `ESC ] ... BEL` or `ESC ] ... ESC \`: links, titles. One without its end ends with the line.
fn operating_system_command(chars: &mut Peekable<Chars<'_>>) {
    while let Some(char) = chars.next_if(|&char| char != '\n') {
        match char {
            BELL => return,
            ESCAPE => {
                let _backslash = chars.next_if_eq(&'\\');
                return;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_clean_stays_so(output in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text = clean(&output);
            prop_assert!(text.chars().all(|char| !char.is_control() || matches!(char, '\n' | '\t')));
            prop_assert_eq!(clean(text.as_bytes()), text);
        }
    }

    #[test]
    fn colours_and_links_go() {
        assert_eq!(
            clean(b"\x1b[1m\x1b[31merror\x1b[39m\x1b[0m: \x1b[01;31m\x1b[Kbad\x1b[m\x1b[K news"),
            "error: bad news"
        );
        assert_eq!(clean(b"see \x1b]8;;http://h/\x1b\\here\x1b]8;;\x07!\x1b(B"), "see here!");
        assert_eq!(clean(b"\x1b]0;no end\nerror"), "\nerror");
        assert_eq!(clean(b"\x1b"), "");
        assert_eq!(clean(b"\x1b[?25l\x1b[0"), "");
    }

    #[test]
    fn lines_end_in_one_way() {
        assert_eq!(clean(b"a\r\n\r\nb\r\r\nc\n"), "a\n\nb\nc\n");
    }

    #[test]
    fn what_was_overwritten_is_a_line_of_its_own() {
        assert_eq!(clean(b"\r 50% [=> ]\rerror: x"), " 50% [=> ]\nerror: x");
        assert_eq!(clean(b"bar\x1b[1A\r\x1b[2Kerror: x"), "bar\nerror: x");
        assert_eq!(clean("⠙\x1b[1G\x1b[0Kerror: x".as_bytes()), "⠙\nerror: x");
        assert_eq!(clean(b"abd\x08c"), "abc");
    }

    #[test]
    fn a_bar_is_padded_to_the_edge_of_the_terminal() {
        let padded = format!("976 KiB{}error: x", " ".repeat(67));
        assert_eq!(clean(padded.as_bytes()), "976 KiB\nerror: x");
        let indented = format!("{}^^^ here   and there", " ".repeat(67));
        assert_eq!(clean(indented.as_bytes()), indented);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_replaced() {
        assert_eq!(clean(b"\xff\xfe\x00a"), "\u{fffd}\u{fffd}a");
    }
}
