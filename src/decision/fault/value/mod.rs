//! What a term's value is, and how it is read.

mod drip;
mod interims;
mod length;
mod location;
mod name;
mod retry_date;
mod splice;
mod text;

use std::{fmt, sync::Arc, time::Duration};

use crate::{
    decision::plan::Framing,
    units::{ByteSize, Offset, Rate, UnitError, display_duration, parse_duration, quoted},
};

pub(super) use self::text::{in_a_header, in_utf_8};
pub use self::{
    drip::Drip,
    length::Length,
    location::{Location, Placeholder},
    retry_date::{DateForm, RetryDate},
};
pub(in crate::decision) use self::{
    interims::Interims,
    splice::Splice,
    text::{bytes, encoded},
};

use super::draft::Draft;

/// The value of a term.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) enum Value {
    Drip(Drip),
    Duration(Duration),
    Framing(Framing),
    Interims(Interims),
    Length(Length),
    Location(Location),
    /// The name of a header, in lower case.
    Name(Arc<str>),
    Nothing,
    /// One of several, counted from 1.
    Number(u32),
    Offset(Offset),
    /// A path of a server, with its query.
    Path(Arc<str>),
    Rate(Rate),
    RetryDate(RetryDate),
    Size(ByteSize),
    Splice(Splice),
    Status(u16),
    /// Bytes, percent-encoded.
    Text(Arc<str>),
}

/// The most bytes that are held in memory for one reply.
const MOST_HELD: ByteSize = ByteSize::mib(64);

/// The most lines that are held in memory for one reply.
const MOST_LINES: u32 = 100_000;

/// The kind of value that a term takes, and how a term with such a value changes the draft of a reply.
#[derive(Clone, Copy, Debug)]
pub(in crate::decision) enum Takes {
    /// The offset of a byte: the end has none.
    Byte(fn(Offset, &mut Draft)),
    /// How many lines, held in memory: from 1 to [`MOST_LINES`].
    Count(fn(u32, &mut Draft)),
    Drip(fn(Drip, &mut Draft)),
    Duration(fn(Duration, &mut Draft)),
    Framing(fn(Framing, &mut Draft)),
    Interims(fn(Interims, &mut Draft)),
    Length(fn(&Length, &mut Draft)),
    Location(fn(&Location, &mut Draft)),
    /// The name of a header, which is no matter of the message itself.
    Name(fn(Arc<str>, &mut Draft)),
    Nothing(fn(&mut Draft)),
    /// A number from 1.
    Number(fn(u32, &mut Draft)),
    Offset(fn(Offset, &mut Draft)),
    /// A path of a server, with its query.
    Path(fn(Arc<str>, &mut Draft)),
    Rate(fn(Rate, &mut Draft)),
    RetryDate(fn(RetryDate, &mut Draft)),
    /// A duration that a header tells in whole seconds.
    Seconds(fn(Duration, &mut Draft)),
    /// A number of bytes, at least one.
    Size(fn(u64, &mut Draft)),
    /// A number of bytes that are held in memory, at least one and at most [`MOST_HELD`].
    SmallSize(fn(u64, &mut Draft)),
    Splice(fn(&Splice, &mut Draft)),
    Status(fn(u16, &mut Draft)),
    /// Bytes, percent-encoded.
    Text(fn(&str, &mut Draft)),
}

impl Takes {
    /// How the reference writes the value; `None` if there is none.
    pub(super) fn syntax(self) -> Option<&'static str> {
        match self {
            Self::Drip(_) => Some("SIZE/DURATION"),
            Self::Duration(_) => Some("DURATION"),
            Self::Framing(_) => Some("length|chunked|close"),
            Self::Interims(_) => Some("CODE[xN]"),
            Self::Length(_) => Some("LENGTH"),
            Self::Location(_) => Some("LOCATION"),
            Self::Name(_) => Some("NAME"),
            Self::Nothing(_) => None,
            Self::Count(_) | Self::Number(_) => Some("N"),
            Self::Path(_) => Some("PATH"),
            Self::Byte(_) | Self::Offset(_) => Some("OFFSET"),
            Self::Rate(_) => Some("RATE"),
            Self::RetryDate(_) => Some("[-]DURATION[/FORM]"),
            Self::Seconds(_) => Some("DURATION"),
            Self::Size(_) | Self::SmallSize(_) => Some("SIZE"),
            Self::Splice(_) => Some("PATH@OFFSET"),
            Self::Status(_) => Some("CODE"),
            Self::Text(_) => Some("TEXT"),
        }
    }

    pub(super) fn parse(self, text: &str) -> Result<Value, UnitError> {
        match self {
            Self::Byte(_) => parse_byte(text).map(Value::Offset),
            Self::Count(_) => parse_count(text).map(Value::Number),
            Self::Drip(_) => text.parse().map(Value::Drip),
            Self::Duration(_) => parse_duration(text).map(Value::Duration),
            Self::Framing(_) => text.parse().map(Value::Framing),
            Self::Interims(_) => text.parse().map(Value::Interims),
            Self::Length(_) => text.parse().map(Value::Length),
            Self::Location(_) => text.parse().map(Value::Location),
            Self::Name(_) => name::parse_name(text).map(Value::Name),
            Self::Nothing(_) => {
                Err(UnitError::new(format!("{} is one value too many", quoted(text)), "there is none here"))
            }
            Self::Number(_) => parse_number(text).map(Value::Number),
            Self::Offset(_) => text.parse().map(Value::Offset),
            Self::Path(_) => parse_path(text).map(Value::Path),
            Self::Rate(_) => text.parse().map(Value::Rate),
            Self::RetryDate(_) => text.parse().map(Value::RetryDate),
            Self::Seconds(_) => parse_seconds(text).map(Value::Duration),
            Self::Size(_) => parse_size(text).map(Value::Size),
            Self::SmallSize(_) => parse_small_size(text).map(Value::Size),
            Self::Splice(_) => text.parse().map(Value::Splice),
            Self::Status(_) => parse_status(text).map(Value::Status),
            Self::Text(_) => text::parse_text(text).map(Value::Text),
        }
    }

    pub(super) fn lower(self, value: &Value, draft: &mut Draft) {
        match (self, value) {
            (Self::Duration(lower) | Self::Seconds(lower), Value::Duration(v)) => lower(*v, draft),
            (Self::Drip(lower), Value::Drip(v)) => lower(*v, draft),
            (Self::Framing(lower), Value::Framing(v)) => lower(*v, draft),
            (Self::Interims(lower), Value::Interims(v)) => lower(*v, draft),
            (Self::Length(lower), Value::Length(v)) => lower(v, draft),
            (Self::Location(lower), Value::Location(v)) => lower(v, draft),
            (Self::Name(lower), Value::Name(v)) => lower(Arc::clone(v), draft),
            (Self::Nothing(lower), Value::Nothing) => lower(draft),
            (Self::Byte(lower) | Self::Offset(lower), Value::Offset(v)) => lower(*v, draft),
            (Self::Count(lower) | Self::Number(lower), Value::Number(v)) => lower(*v, draft),
            (Self::Path(lower), Value::Path(v)) => lower(Arc::clone(v), draft),
            (Self::Rate(lower), Value::Rate(v)) => lower(*v, draft),
            (Self::RetryDate(lower), Value::RetryDate(v)) => lower(*v, draft),
            (Self::Size(lower) | Self::SmallSize(lower), Value::Size(v)) => lower(v.bytes(), draft),
            (Self::Splice(lower), Value::Splice(v)) => lower(v, draft),
            (Self::Status(lower), Value::Status(v)) => lower(*v, draft),
            (Self::Text(lower), Value::Text(v)) => lower(v, draft),
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
            format!("{} is not a number from 1 to {}", quoted(text), u32::MAX),
            "as in `1` and `20`",
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

fn parse_size(text: &str) -> Result<ByteSize, UnitError> {
    let size: ByteSize = text.parse()?;
    if size.bytes() == 0 {
        return Err(UnitError::new(format!("{} is nothing", quoted(text)), "it has a byte at least"));
    }
    Ok(size)
}

fn parse_small_size(text: &str) -> Result<ByteSize, UnitError> {
    let size = parse_size(text)?;
    if size > MOST_HELD {
        return Err(UnitError::new(format!("{} is too much here", quoted(text)), format!("{MOST_HELD} is the most")));
    }
    Ok(size)
}

fn parse_count(text: &str) -> Result<u32, UnitError> {
    parse_number(text).ok().filter(|count| *count <= MOST_LINES).ok_or_else(|| {
        UnitError::new(
            format!("{} is not a number from 1 to {MOST_LINES}", quoted(text)),
            format!("{MOST_LINES} lines are held in memory at most"),
        )
    })
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
            Self::Drip(drip) => drip.fmt(f),
            Self::Framing(framing) => framing.fmt(f),
            Self::Interims(interims) => interims.fmt(f),
            Self::Length(length) => length.fmt(f),
            Self::Location(location) => location.fmt(f),
            Self::Nothing => Ok(()),
            Self::Number(number) => number.fmt(f),
            Self::Offset(offset) => offset.fmt(f),
            Self::Name(text) | Self::Path(text) | Self::Text(text) => f.write_str(text),
            Self::Rate(rate) => rate.fmt(f),
            Self::RetryDate(date) => date.fmt(f),
            Self::Size(size) => size.fmt(f),
            Self::Splice(splice) => splice.fmt(f),
            Self::Status(code) => code.fmt(f),
        }
    }
}
