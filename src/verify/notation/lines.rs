//! What stands in braces: header lines, and what is changed of them.

use super::{bytes::literal, cursor::Cursor};
use crate::{ParseError, RetryDate, units::quoted};

/// How a head differs from that of the correct reply.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Edit {
    /// Its lines end with LF alone.
    BareLf,
    /// This line stands there, in the place of those with its name.
    With(Vec<u8>),
    /// No line with this name stands there.
    Without(String),
}

/// The lines in braces, if a brace opens here.
pub(super) fn edits(cursor: &mut Cursor<'_>) -> Result<Vec<Edit>, ParseError> {
    let open = cursor.place();
    let mut edits = Vec::new();
    if !cursor.take("{") {
        return Ok(edits);
    }
    loop {
        if !cursor.skip_space() {
            return Err(cursor.error_since(open, "the brace is not closed"));
        }
        edits.push(edit(cursor, open)?);
        if !cursor.skip_space() {
            return Err(cursor.error_since(open, "the brace is not closed"));
        }
        if cursor.take("}") {
            return Ok(edits);
        }
        if !cursor.take(";") {
            return Err(cursor.error_here("lines are separated by `;`"));
        }
    }
}

fn edit(cursor: &mut Cursor<'_>, open: usize) -> Result<Edit, ParseError> {
    if cursor.rest().starts_with('"') {
        return Ok(Edit::With(literal(cursor)?));
    }
    let start = cursor.place();
    let text = cursor.take_while(|c| c != ';' && c != '}').trim_end();
    if cursor.rest().is_empty() {
        return Err(cursor.error_since(open, "the brace is not closed"));
    }
    let span = start..start + text.len();
    if let Some(name) = text.strip_prefix('-').filter(|name| is_name(name)) {
        return Ok(Edit::Without(name.to_ascii_lowercase()));
    }
    if text == "lf" {
        return Ok(Edit::BareLf);
    }
    let value = text.split_once(": ").map_or("", |(_, value)| value);
    if let Some(distance) = value.strip_prefix("date(").and_then(|rest| rest.strip_suffix(')'))
        && let Err(error) = distance.parse::<RetryDate>()
    {
        let start = span.end - distance.len() - 1;
        return Err(cursor.error(start..span.end - 1, error.message()).with_help(error.help()));
    }
    match text.split_once(':') {
        Some((name, value)) if is_name(name) && (value.is_empty() || value.starts_with(' ')) => {
            Ok(Edit::With(text.as_bytes().to_owned()))
        }
        _ => Err(cursor
            .error(span, format!("{} is no header line", quoted(text)))
            .with_help("write `name: value`, `-name`, any line in quotation marks, or `lf`")),
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
