//! Single steps.

use super::{
    Ask, Edit, End, Step,
    bytes::{named, quoted_bytes, slice, until_closed},
    cursor::Cursor,
    lines::edits,
};
use crate::{
    ParseError,
    units::{parse_duration, quoted},
};

/// The names that a step may begin with.
const NAMES: [&str; 15] = [
    "FIN",
    "GET",
    "HEAD",
    "RST",
    "body",
    "chunk",
    "flipped",
    "gzip",
    "head",
    "headers",
    "last-chunk",
    "open",
    "other",
    "reply",
    "revised",
];

/// Reads the step that begins here.
pub(super) fn step(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    if cursor.rest().starts_with('"') {
        return Ok(Step::Bytes(quoted_bytes(cursor)?));
    }
    let start = cursor.place();
    if cursor.take("~") {
        return time(cursor);
    }
    let name = cursor.word();
    let end = cursor.place();
    Ok(match name {
        "GET" => Step::Ask(Ask { method: "GET", lines: lines(cursor)? }),
        "HEAD" => Step::Ask(Ask { method: "HEAD", lines: lines(cursor)? }),
        "RST" => Step::End(End::Rst),
        "FIN" => Step::End(End::Fin),
        "silence" => Step::End(End::Silence),
        "open" => Step::End(End::Open),
        "head" => match slice(cursor)? {
            None => Step::Head { edits: edits(cursor)?, slice: None },
            slice => Step::Head { edits: Vec::new(), slice },
        },
        "headers" => Step::Headers(edits(cursor)?),
        "reply" => reply(cursor)?,
        _ => match named(cursor, name, 0)? {
            Some(bytes) => Step::Bytes(bytes),
            None if name.is_empty() => return Err(cursor.error_here("a step begins with a name, `\"` or `~`")),
            None => return Err(unknown(cursor.error(start..end, format!("unknown step {}", quoted(name))), name)),
        },
    })
}

fn unknown(error: ParseError, name: &str) -> ParseError {
    let near = crate::decision::nearest(name, NAMES.into_iter());
    match crate::decision::did_you_mean(&near) {
        Some(help) => error.with_help(help),
        None => error,
    }
}

fn time(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    let start = cursor.place();
    let text = cursor.take_while(|c| !c.is_whitespace());
    match parse_duration(text) {
        Ok(duration) => Ok(Step::AtLeast(duration)),
        Err(error) => Err(cursor.error_since(start, error.message()).with_help(error.help())),
    }
}

/// The header lines of a request.
fn lines(cursor: &mut Cursor<'_>) -> Result<Vec<String>, ParseError> {
    let start = cursor.place();
    let lines = edits(cursor)?.into_iter().map(|edit| match edit {
        Edit::With(line) => String::from_utf8(line).map_err(|_| "a line of a request is text"),
        Edit::BareLf => Err("a request has the usual line ends"),
        Edit::Without(_) => Err("a request has no line that could be missing"),
    });
    lines.collect::<Result<_, _>>().map_err(|message| cursor.error_since(start, message))
}

/// `(503){retry-after: 2}`
fn reply(cursor: &mut Cursor<'_>) -> Result<Step, ParseError> {
    let open = cursor.place();
    if !cursor.take("(") {
        return Err(cursor.error_here("with which status?").with_help("as in `reply(503)`"));
    }
    let start = cursor.place();
    let digits = cursor.take_while(|c| c.is_ascii_digit());
    let code = match digits.parse() {
        Ok(code) if digits.len() == 3 => code,
        _ => return Err(cursor.error_since(start, "a status has three digits")),
    };
    let body = until_closed(cursor, open, 0)?;
    let edits = edits(cursor)?;
    Ok(Step::Reply { code, body: (!body.is_empty()).then_some(body), edits })
}
