//! The name of a header.

use std::sync::Arc;

use http::HeaderName;

use crate::units::{UnitError, quoted};

/// The longest name.
const MOST: usize = 200;

/// Headers that are not those of a representation, and how they are done without.
const OF_THE_MESSAGE: [(&str, &str); 4] = [
    ("connection", "`framing=close` closes the connection and says so, `silent-close` does not say so"),
    ("content-length", "`framing=close` and `framing=chunked` do without it"),
    ("date", "only `http09` sends no date, and nothing else of a head"),
    ("transfer-encoding", "it stands only beside `framing=chunked`; `framing=length` does without it"),
];

/// Reads the name of a header in whatever case; it is in lower case then (RFC 9110 §5.1).
pub(super) fn parse_name(text: &str) -> Result<Arc<str>, UnitError> {
    let name = HeaderName::from_bytes(text.as_bytes()).ok().filter(|_| text.len() <= MOST);
    let Some(name) = name else {
        let message = format!("{} is not the name of a header", quoted(text));
        return Err(UnitError::new(message, "it is a word such as `etag`"));
    };
    match OF_THE_MESSAGE.iter().find(|(taken, _)| *taken == name.as_str()) {
        Some((taken, help)) => Err(UnitError::new(format!("`{taken}` is not a header of the file"), *help)),
        None => Ok(name.as_str().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_headers() {
        for (text, name) in [("ETag", "etag"), ("content-RANGE", "content-range"), ("x", "x"), ("a%20b", "a%20b")] {
            assert_eq!(&*parse_name(text).unwrap(), name);
        }
        for text in ["", "a b", "a:b", "a,b", "ä", "a=b", "a\r\n", &"a".repeat(MOST + 1)] {
            assert!(parse_name(text).is_err(), "{text:?}");
        }
        for (text, help) in OF_THE_MESSAGE {
            assert_eq!(parse_name(&text.to_ascii_uppercase()).unwrap_err().help(), help, "{text}");
        }
    }
}
