//! What a term's value is, and how it is read.

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    decision::plan::Framing,
    units::{Offset, Rate, UnitError, display_duration, parse_duration, quoted},
};

use super::draft::Draft;

/// The value of a term.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Value {
    Duration(Duration),
    Framing(Framing),
    Nothing,
    /// One of several, counted from 1.
    Number(u32),
    Offset(Offset),
    /// A path of a server, with its query.
    Path(Arc<str>),
    Rate(Rate),
    Status(u16),
}

/// The kind of value that a term takes, and how a term with such a value changes the draft of a reply.
#[derive(Clone, Copy, Debug)]
pub(super) enum Takes {
    /// The offset of a byte: the end has none.
    Byte(fn(Offset, &mut Draft)),
    Duration(fn(Duration, &mut Draft)),
    Framing(fn(Framing, &mut Draft)),
    Nothing(fn(&mut Draft)),
    /// A number from 1.
    Number(fn(u32, &mut Draft)),
    Offset(fn(Offset, &mut Draft)),
    /// A path of a server, with its query.
    Path(fn(Arc<str>, &mut Draft)),
    Rate(fn(Rate, &mut Draft)),
    /// A duration that a header tells in whole seconds.
    Seconds(fn(Duration, &mut Draft)),
    Status(fn(u16, &mut Draft)),
}

impl Takes {
    /// How the reference writes the value; `None` if there is none.
    pub(super) fn syntax(self) -> Option<&'static str> {
        match self {
            Self::Duration(_) => Some("DURATION"),
            Self::Framing(_) => Some("length|chunked|close"),
            Self::Nothing(_) => None,
            Self::Number(_) => Some("N"),
            Self::Path(_) => Some("PATH"),
            Self::Byte(_) | Self::Offset(_) => Some("OFFSET"),
            Self::Rate(_) => Some("RATE"),
            Self::Seconds(_) => Some("DURATION"),
            Self::Status(_) => Some("CODE"),
        }
    }

    pub(super) fn parse(self, text: &str) -> Result<Value, UnitError> {
        match self {
            Self::Byte(_) => parse_byte(text).map(Value::Offset),
            Self::Duration(_) => parse_duration(text).map(Value::Duration),
            Self::Framing(_) => text.parse().map(Value::Framing),
            Self::Nothing(_) => {
                Err(UnitError::new(format!("{} is one value too many", quoted(text)), "there is none here"))
            }
            Self::Number(_) => parse_number(text).map(Value::Number),
            Self::Offset(_) => text.parse().map(Value::Offset),
            Self::Path(_) => parse_path(text).map(Value::Path),
            Self::Rate(_) => text.parse().map(Value::Rate),
            Self::Seconds(_) => parse_seconds(text).map(Value::Duration),
            Self::Status(_) => parse_status(text).map(Value::Status),
        }
    }

    pub(super) fn lower(self, value: &Value, draft: &mut Draft) {
        match (self, value) {
            (Self::Duration(lower) | Self::Seconds(lower), Value::Duration(v)) => lower(*v, draft),
            (Self::Framing(lower), Value::Framing(v)) => lower(*v, draft),
            (Self::Nothing(lower), Value::Nothing) => lower(draft),
            (Self::Byte(lower) | Self::Offset(lower), Value::Offset(v)) => lower(*v, draft),
            (Self::Number(lower), Value::Number(v)) => lower(*v, draft),
            (Self::Path(lower), Value::Path(v)) => lower(Arc::clone(v), draft),
            (Self::Rate(lower), Value::Rate(v)) => lower(*v, draft),
            (Self::Status(lower), Value::Status(v)) => lower(*v, draft),
            _ => unreachable!("a term's value is of the kind that its spec takes"),
        }
    }
}

fn parse_byte(text: &str) -> Result<Offset, UnitError> {
    let offset: Offset = text.parse()?;
    if offset == Offset::END || offset == Offset::percent(100) {
        return Err(UnitError::new(format!("there is no byte at {}", quoted(text)), "the last byte is at `end-1`"));
    }
    Ok(offset)
}

fn parse_number(text: &str) -> Result<u32, UnitError> {
    match text.parse() {
        Ok(number @ 1..) if text.bytes().all(|b| b.is_ascii_digit()) => Ok(number),
        _ => Err(UnitError::new(
            format!("{} is not a number from 1", quoted(text)),
            format!("it goes from `1` to `{}`", u32::MAX),
        )),
    }
}

/// A path in origin form: it goes into a header as it stands, where `//` would begin with a host (RFC 3986 §4.2).
fn parse_path(text: &str) -> Result<Arc<str>, UnitError> {
    // A comma would be the end of an entry.
    let printable = text.bytes().all(|b| b.is_ascii_graphic() && b != b',');
    if text.starts_with('/') && !text.starts_with("//") && printable {
        return Ok(text.into());
    }
    let help = if printable {
        "it begins with one slash, as in `/app.tar.gz`"
    } else {
        "percent-encode commas, and what is not printable ASCII"
    };
    Err(UnitError::new(format!("{} is not a path of this server", quoted(text)), help))
}

fn parse_seconds(text: &str) -> Result<Duration, UnitError> {
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(UnitError::new(format!("{} has no unit", quoted(text)), format!("did you mean `{text}s`?")));
    }
    let duration = parse_duration(text)?;
    if duration.subsec_nanos() == 0 {
        return Ok(duration);
    }
    Err(UnitError::new(
        format!("{} is not a whole number of seconds", quoted(text)),
        "the header cannot say less than `1s`",
    ))
}

fn parse_status(text: &str) -> Result<u16, UnitError> {
    let three_digits = text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(code @ 200..=599) if three_digits => Ok(code),
        _ => Err(UnitError::new(
            format!("{} is not the status of a reply", quoted(text)),
            "it goes from 200 to 599, such as `503`",
        )),
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Duration(duration) => f.write_str(&display_duration(*duration)),
            Self::Framing(framing) => framing.fmt(f),
            Self::Nothing => Ok(()),
            Self::Number(number) => number.fmt(f),
            Self::Offset(offset) => offset.fmt(f),
            Self::Path(path) => f.write_str(path),
            Self::Rate(rate) => rate.fmt(f),
            Self::Status(code) => code.fmt(f),
        }
    }
}
