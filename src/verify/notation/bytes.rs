//! Bytes: of the file, as they are, in chunks.

use super::cursor::Cursor;
use crate::{Offset, ParseError, units::UnitError, units::quoted};

/// Some bytes, or a part of them, once or several times.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Bytes {
    pub(crate) kind: Kind,
    pub(crate) slice: Option<Slice>,
    pub(crate) times: usize,
}

/// What bytes they are.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// Those of the file.
    Body,
    Chunk(Vec<Bytes>),
    /// Those of the file, all bits inverted.
    Flipped,
    Gzip(Vec<Bytes>),
    LastChunk,
    Literal(Vec<u8>),
    /// Those of the other file, again and again.
    Other,
    /// Those of the file's second revision.
    Revised,
}

/// From one place to another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Slice {
    pub(crate) from: Offset,
    pub(crate) to: Offset,
}

/// How deep bytes may stand in bytes.
const DEPTH: usize = 8;

/// How often bytes may be repeated.
const TIMES: usize = 1_000_000;

/// The bytes with this name, whose name is read; `None` if none have it.
pub(super) fn named(cursor: &mut Cursor<'_>, name: &str, depth: usize) -> Result<Option<Bytes>, ParseError> {
    let kind = match name {
        "body" => Kind::Body,
        "flipped" => Kind::Flipped,
        "other" => Kind::Other,
        "revised" => Kind::Revised,
        "last-chunk" => Kind::LastChunk,
        "chunk" => Kind::Chunk(inner(cursor, depth)?),
        "gzip" => Kind::Gzip(inner(cursor, depth)?),
        _ => return Ok(None),
    };
    shaped(cursor, kind).map(Some)
}

/// The bytes that begin with a quotation mark here.
pub(super) fn quoted_bytes(cursor: &mut Cursor<'_>) -> Result<Bytes, ParseError> {
    let kind = Kind::Literal(literal(cursor)?);
    shaped(cursor, kind)
}

/// Bytes up to the closing parenthesis, which is taken.
pub(super) fn until_closed(cursor: &mut Cursor<'_>, open: usize, depth: usize) -> Result<Vec<Bytes>, ParseError> {
    let mut all = Vec::new();
    loop {
        if !cursor.skip_space() {
            return Err(cursor.error_since(open, "the parenthesis is not closed"));
        }
        if cursor.take(")") {
            return Ok(all);
        }
        if cursor.rest().starts_with('"') {
            all.push(quoted_bytes(cursor)?);
            continue;
        }
        let start = cursor.place();
        let name = cursor.word();
        match named(cursor, name, depth)? {
            Some(bytes) => all.push(bytes),
            None if name.is_empty() => return Err(cursor.error_here("there are bytes in parentheses")),
            None => return Err(cursor.error_since(start, format!("unknown bytes {}", quoted(name)))),
        }
    }
}

fn inner(cursor: &mut Cursor<'_>, depth: usize) -> Result<Vec<Bytes>, ParseError> {
    let open = cursor.place();
    if !cursor.take("(") {
        return Err(cursor.error_here("of which bytes?").with_help("as in `chunk(body[..500])`"));
    }
    if depth == DEPTH {
        return Err(cursor.error_since(open, "nested too deeply"));
    }
    until_closed(cursor, open, depth + 1)
}

/// With the slice and the number that may stand behind it.
fn shaped(cursor: &mut Cursor<'_>, kind: Kind) -> Result<Bytes, ParseError> {
    let slice = slice(cursor)?;
    let mut times = 1;
    if cursor.take("*") {
        let start = cursor.place();
        let digits = cursor.take_while(|c| c.is_ascii_digit());
        times = digits.parse().ok().filter(|times| (1..=TIMES).contains(times)).ok_or_else(|| {
            cursor.error_since(start, format!("{} is not a number from 1 to {TIMES}", quoted(digits)))
        })?;
    }
    Ok(Bytes { kind, slice, times })
}

/// A slice, if one begins here.
pub(super) fn slice(cursor: &mut Cursor<'_>) -> Result<Option<Slice>, ParseError> {
    let start = cursor.place();
    if !cursor.take("[") {
        return Ok(None);
    }
    let text = cursor.take_while(|c| c != ']' && !c.is_whitespace());
    let closed = cursor.take("]");
    let Some((from, to)) = text.split_once("..").filter(|_| closed) else {
        return Err(cursor.error_since(start, "a slice is `[from..to]`"));
    };
    let offset = |text: &str, at: usize, default: Offset| match text {
        "" => Ok(default),
        text => text
            .parse()
            .map_err(|error: UnitError| cursor.error(at..at + text.len(), error.message()).with_help(error.help())),
    };
    let from_offset = offset(from, start + 1, Offset::bytes(0))?;
    let to_offset = offset(to, start + 1 + from.len() + "..".len(), Offset::END)?;
    Ok(Some(Slice { from: from_offset, to: to_offset }))
}

/// Bytes in quotation marks, with escapes as in Rust.
pub(super) fn literal(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, ParseError> {
    let start = cursor.place();
    let mut bytes = Vec::new();
    // The mark at the start.
    cursor.next();
    loop {
        let at = cursor.place();
        match cursor.next() {
            Some('"') => return Ok(bytes),
            Some('\\') => match escaped(cursor) {
                Some(byte) => bytes.push(byte),
                None => {
                    return Err(cursor
                        .error_since(at, "unknown escape")
                        .with_help("there are `\\r`, `\\n`, `\\t`, `\\0`, `\\\\`, `\\\"` and `\\xFF`"));
                }
            },
            Some(other) => bytes.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
            None => return Err(cursor.error_since(start, "the bytes have no end").with_help("write `\"` behind them")),
        }
    }
}

fn escaped(cursor: &mut Cursor<'_>) -> Option<u8> {
    Some(match cursor.next()? {
        'r' => b'\r',
        'n' => b'\n',
        't' => b'\t',
        '0' => 0,
        '\\' => b'\\',
        '"' => b'"',
        'x' => {
            let digit = |c: char| c.to_digit(16);
            let byte = digit(cursor.next()?)? * 16 + digit(cursor.next()?)?;
            u8::try_from(byte).ok()?
        }
        _ => return None,
    })
}
