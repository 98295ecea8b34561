//! From steps to bytes: what is to come.

use std::ops::Range;

use super::{
    coding::gzip,
    fixture::{LEN, file, other, revised},
    head::{Expected, Head},
    message::Message,
    notation::{Bytes, Edit, Kind, Slice, Step},
};

/// What is to come next.
#[derive(Clone, Debug)]
pub(super) enum Want {
    /// These bytes.
    Bytes(Vec<Piece>),
    /// These bytes with the content coding, which may be done in many ways.
    Gzip(Vec<u8>),
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
        Step::Bytes(Bytes { kind: Kind::Gzip(inner), slice: None, times: 1 }) => Want::Gzip(joined(inner)?),
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
        Kind::Revised => revised(),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Offset;

    #[test]
    fn the_date_in_a_part_of_a_head_does_not_matter() {
        let head = Head::new(b"HTTP/1.1 200 OK\r\ndate: today\r\nx: y\r\n\r\n".to_vec());
        let masked = |from: u64, to: u64| {
            let piece = head_slice(&head, Slice { from: Offset::bytes(from), to: Offset::bytes(to) }).unwrap();
            piece.bytes[piece.masked].to_owned()
        };
        assert_eq!(masked(0, 38), b"today");
        assert_eq!(masked(0, 25), b"to");
        assert_eq!(masked(24, 38), b"oday");
        assert_eq!(masked(0, 9), b"");
        assert_eq!(masked(28, 38), b"");
    }

    #[test]
    fn bytes_that_are_not_there_are_an_error() {
        let slice = |from: &str, to: &str| {
            let slice = Slice { from: from.parse().unwrap(), to: to.parse().unwrap() };
            evaluate(&Bytes { kind: Kind::Body, slice: Some(slice), times: 1 })
        };
        assert_eq!(slice("10%", "end-1").unwrap(), file()[100..999]);
        assert_eq!(slice("0", "1001").unwrap_err(), "there are 1000 bytes, and none at 0..1001");
        assert!(slice("2", "1").is_err());
        let many = Bytes { kind: Kind::Body, slice: None, times: 1_000_000 };
        assert_eq!(evaluate(&many).unwrap_err(), format!("more than {MOST} bytes"));
    }

    #[test]
    fn the_other_file_begins_anew() {
        let slice = Slice { from: Offset::bytes(500), to: Offset::END };
        let bytes = evaluate(&Bytes { kind: Kind::Other, slice: Some(slice), times: 1 }).unwrap();
        assert_eq!((bytes.len(), bytes[0], bytes[99], bytes[100]), (500, other()[200], other()[299], other()[0]));
    }

    #[test]
    fn chunks_have_their_size() {
        let chunk =
            Bytes { kind: Kind::Chunk(vec![Bytes { kind: Kind::Body, slice: None, times: 1 }]), slice: None, times: 2 };
        let once = [b"3E8\r\n", &file()[..], b"\r\n"].concat();
        assert_eq!(evaluate(&chunk).unwrap(), once.repeat(2));
        let pieces = pieces(&Bytes { times: 1, ..chunk }).unwrap();
        assert!(pieces[0].is_hex && !pieces[1].is_hex, "{pieces:?}");
        assert_eq!([&pieces[0].bytes[..], &pieces[1].bytes].concat(), once);
    }
}
