//! From steps to bytes: what is to come.

use std::ops::Range;

use super::{
    fixture::{LEN, file, other},
    head::{Expected, Head},
    message::Message,
    notation::{Bytes, Edit, Kind, Slice, Step},
};

/// What is to come next.
#[derive(Clone, Debug)]
pub(super) enum Want {
    /// These bytes.
    Bytes(Vec<Piece>),
    /// A head, or one without its status line.
    Head(Expected),
    /// A whole message.
    Reply { code: u16, body: Option<Vec<u8>>, edits: Vec<Edit> },
}

/// Some bytes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Piece {
    pub(super) bytes: Vec<u8>,
    /// Hexadecimal digits may be of either case (RFC 9112 §7.1).
    pub(super) is_hex: bool,
    /// Where any bytes will do.
    pub(super) masked: Range<usize>,
}

/// More bytes than that are a mistake.
const MOST: usize = 64 * 1024 * 1024;

/// What a step wants, if it is one in which something comes; the correct reply would be this one.
///
/// # Errors
///
/// If there are no such bytes.
pub(super) fn want(step: &Step, control: &Message) -> Result<Option<Want>, String> {
    Ok(Some(match step {
        Step::Bytes(bytes) => Want::Bytes(pieces(bytes)?),
        Step::Head { slice: Some(slice), .. } => Want::Bytes(vec![head_slice(&control.head, *slice)?]),
        Step::Head { edits, slice: None } => Want::Head(control.head.edited(edits)),
        Step::Headers(edits) => Want::Head(Expected { status: None, ..control.head.edited(edits) }),
        Step::Reply { code, body, edits } => {
            let body = body.as_ref().map(|body| joined(body)).transpose()?;
            Want::Reply { code: *code, body, edits: edits.clone() }
        }
        Step::Ask(_) | Step::AtLeast(_) | Step::End(_) => return Ok(None),
    }))
}

fn head_slice(head: &Head, slice: Slice) -> Result<Piece, String> {
    let range = resolve(slice, head.bytes().len())?;
    let date = head.date();
    let masked = date.start.max(range.start)..date.end.min(range.end);
    let masked = if masked.is_empty() { 0..0 } else { masked.start - range.start..masked.end - range.start };
    Ok(Piece { bytes: head.bytes()[range].to_owned(), is_hex: false, masked })
}

fn pieces(bytes: &Bytes) -> Result<Vec<Piece>, String> {
    if let (Kind::Chunk(inner), None, 1) = (&bytes.kind, bytes.slice, bytes.times) {
        let inner = joined(inner)?;
        return Ok(vec![
            Piece { bytes: size_line(inner.len()), is_hex: true, ..Piece::default() },
            Piece { bytes: [&inner[..], b"\r\n"].concat(), ..Piece::default() },
        ]);
    }
    Ok(vec![Piece { bytes: evaluate(bytes)?, ..Piece::default() }])
}

fn size_line(size: usize) -> Vec<u8> {
    format!("{size:X}\r\n").into_bytes()
}

fn joined(all: &[Bytes]) -> Result<Vec<u8>, String> {
    let mut joined = Vec::new();
    for bytes in all {
        joined.extend(evaluate(bytes)?);
        limited(joined.len())?;
    }
    Ok(joined)
}

fn evaluate(bytes: &Bytes) -> Result<Vec<u8>, String> {
    let all = match &bytes.kind {
        Kind::Body => file(),
        Kind::Flipped => file().into_iter().map(|byte| !byte).collect(),
        // As long as the file, of which it takes the place.
        Kind::Other => other().into_iter().cycle().take(LEN).collect(),
        Kind::LastChunk => b"0\r\n\r\n".to_vec(),
        Kind::Literal(literal) => literal.clone(),
        Kind::Chunk(inner) => {
            let inner = joined(inner)?;
            [&size_line(inner.len())[..], &inner, b"\r\n"].concat()
        }
        Kind::Gzip(inner) => gzip(&joined(inner)?),
    };
    let range = match bytes.slice {
        Some(slice) => resolve(slice, all.len())?,
        None => 0..all.len(),
    };
    limited(range.len().saturating_mul(bytes.times))?;
    Ok(all[range].repeat(bytes.times))
}

fn resolve(slice: Slice, len: usize) -> Result<Range<usize>, String> {
    let place = |offset: crate::Offset| offset.resolve(len as u64).and_then(|place| usize::try_from(place).ok());
    match (place(slice.from), place(slice.to)) {
        (Some(from), Some(to)) if from <= to && to <= len => Ok(from..to),
        _ => Err(format!("there are {len} bytes, and none at {}..{}", slice.from, slice.to)),
    }
}

fn limited(len: usize) -> Result<(), String> {
    if len > MOST { Err(format!("more than {MOST} bytes")) } else { Ok(()) }
}

/// As the server makes it of the same bytes.
fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("a vector takes all");
    encoder.finish().expect("a vector takes all")
}
