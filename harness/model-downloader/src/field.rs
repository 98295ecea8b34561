//! A field of requests, as the user gives it.

use std::str::FromStr;

use reqwest::header::{self, HeaderName, HeaderValue};

/// A field of requests, as the user gives it: a key to the server, mostly. It is sent to the origin of the URL that it was
/// given with, and to no other. Its value is not shown.
///
/// # Examples
///
/// ```
/// use model_downloader::Field;
///
/// let field: Field = "Authorization: Bearer secret".parse()?;
/// assert!(!format!("{field:?}").contains("secret"));
/// # Ok::<(), model_downloader::FieldError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Field {
    name: HeaderName,
    value: HeaderValue,
}

/// The text is no field that can be given.
#[derive(Debug, thiserror::Error)]
pub enum FieldError {
    /// It is no field at all.
    #[error("a field is `NAME: VALUE`")]
    Malformed,
    /// It is one that says what is asked for, or how the request is framed.
    #[error("`{0}` is not for the user to set")]
    Ours(String),
}

/// What a download says itself.
const OURS: &[HeaderName] = &[
    header::ACCEPT_ENCODING,
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::IF_MATCH,
    header::IF_MODIFIED_SINCE,
    header::IF_NONE_MATCH,
    header::IF_RANGE,
    header::IF_UNMODIFIED_SINCE,
    header::RANGE,
    header::TE,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

impl Field {
    pub(crate) fn name(&self) -> &HeaderName {
        &self.name
    }

    pub(crate) fn value(&self) -> &HeaderValue {
        &self.value
    }
}

impl FromStr for Field {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, FieldError> {
        let (name, value) = text.split_once(':').ok_or(FieldError::Malformed)?;
        let name: HeaderName = name.parse().map_err(|_| FieldError::Malformed)?;
        if OURS.contains(&name) {
            return Err(FieldError::Ours(name.to_string()));
        }
        let mut value: HeaderValue = value.trim().parse().map_err(|_| FieldError::Malformed)?;
        value.set_sensitive(true);
        Ok(Self { name, value })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_value() {
        for text in ["Authorization: Bearer a:b", "authorization:Bearer a:b", "AUTHORIZATION:  Bearer a:b "] {
            let field: Field = text.parse().unwrap();
            assert_eq!(
                (field.name().as_str(), field.value().as_bytes()),
                ("authorization", &b"Bearer a:b"[..]),
                "{text}"
            );
        }
        assert!("X-Empty:".parse::<Field>().is_ok());
        for text in ["", "Authorization", ": a", "a b: c", "a: b\r\nc: d", "range: bytes=1-", "Host: h"] {
            assert!(text.parse::<Field>().is_err(), "{text:?}");
        }
    }
}
