//! Bytes that go out as they are.

use std::sync::Arc;

use http::HeaderValue;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, percent_encode};

use super::Value;
use crate::units::{UnitError, quoted};

/// The longest text, as it is written.
const MOST: usize = 64 * 1024;

/// Reads a text in which `%0A` stands for a byte. Only printable ASCII stands for itself; a comma would end the entry.
pub(super) fn parse_text(text: &str) -> Result<Arc<str>, UnitError> {
    if text.is_empty() || text.len() > MOST {
        return Err(UnitError::new("there is no text", format!("it has at least 1 and at most {MOST} characters")));
    }
    if !text.bytes().all(|b| b.is_ascii_graphic() && b != b',') {
        let message = format!("{} has more than printable ASCII without spaces and commas", quoted(text));
        return Err(UnitError::new(message, format!("write {}", quoted(&encoded_anew(text)))));
    }
    let is_code = |code: &str| code.len() == 2 && code.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(wrong) = text.split('%').skip(1).find(|rest| !rest.get(..2).is_some_and(is_code)) {
        let message = format!("{} is not percent-encoded", quoted(&format!("%{}", wrong.get(..2).unwrap_or(wrong))));
        return Err(UnitError::new(message, "two hexadecimal digits follow a `%`; `%25` is a `%`"));
    }
    Ok(text.into())
}

/// The same with everything percent-encoded that has to be.
fn encoded_anew(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_graphic() && b != b',';
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The longest value of a header, as it is sent. With some of them a head is still one of ours.
const MOST_IN_A_HEADER: usize = 16 * 1024;

/// Says what is wrong with a text that stands for the value of a header (RFC 9110 §5.5).
pub(in crate::decision::fault) fn in_a_header(value: &Value) -> Result<(), UnitError> {
    let Value::Text(text) = value else { return Ok(()) };
    let bytes = bytes(text);
    let help = if bytes.len() > MOST_IN_A_HEADER {
        format!("it has {} bytes, and {MOST_IN_A_HEADER} are the most", bytes.len())
    } else if HeaderValue::from_bytes(&bytes).is_err() {
        "line ends, NUL and other control characters cannot".to_owned()
    } else {
        return Ok(());
    };
    Err(UnitError::new(format!("{} cannot stand in a header", quoted(text)), help))
}

/// Says what is wrong with a text that stands for characters.
pub(in crate::decision::fault) fn in_utf_8(value: &Value) -> Result<(), UnitError> {
    match value {
        Value::Text(text) if String::from_utf8(bytes(text)).is_err() => {
            Err(UnitError::new(format!("{} is not UTF-8", quoted(text)), "`%C3%A4` is an `\u{e4}`"))
        }
        _ => Ok(()),
    }
}

/// What does not stand for itself. What is no ASCII never does.
const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'%').add(b',');

/// The text that stands for these bytes.
pub(in crate::decision) fn encoded(bytes: &[u8]) -> Arc<str> {
    percent_encode(bytes, ENCODED).to_string().into()
}

/// The bytes that it stands for.
pub(in crate::decision) fn bytes(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_percent_encoded() {
        assert_eq!(bytes(&parse_text("a%20b%0D%0A%00%ff%25").unwrap()), b"a b\r\n\0\xff%");
        let error = parse_text("X-A: b,c").unwrap_err();
        assert_eq!(error.help(), "write `X-A:%20b%2Cc`");
        for text in ["", "a b", "a,b", "ä", "%", "%4", "%zz", "a%"] {
            assert!(parse_text(text).is_err(), "{text}");
        }
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&parse_text(&encoded(&all)).unwrap()), all);
    }
}
