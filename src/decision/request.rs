//! What is known of a request when it is decided on.

use std::{borrow::Cow, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::percent_decode_str;

use super::{error::ParseError, target::Target};
use crate::units::quoted;

/// What is known of a request when it is decided on.
///
/// One that is made here has no headers, is the first on its connection, and comes at the server's start.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target};
///
/// let request = Request::new(Target::new("GET", "/a%20b?x=1"));
/// assert_eq!(request.path(), "/a%20b");
/// assert_eq!(request.query(), Some("x=1"));
///
/// let request = request.with_header("Range", "bytes=5-")?.with_nth(2);
/// assert_eq!(request.header("range"), Some("bytes=5-"));
/// assert!(request.is_range() && request.is_reused());
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    target: Target,
    /// Where the last segment of the path begins.
    segment: usize,
    decoded: Decoded,
    headers: HeaderMap,
    /// Whether there is a `Range` among them, which many rules ask.
    ranged: bool,
    nth: u64,
    resend: bool,
    elapsed: Duration,
}

/// What is another one without any percent-encoding. Many rules ask, so it is found out once.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Decoded {
    path: Option<Box<[u8]>>,
    /// The last segment of the path: a slash in it that was encoded separates nothing.
    segment: Option<Box<[u8]>>,
    query: Option<Box<[u8]>>,
}

impl Decoded {
    fn of(target: &Target, segment: usize) -> Self {
        let decoded = |text: &str| text.contains('%').then(|| decoded(text).into());
        let query = target.query().and_then(decoded);
        Self { path: decoded(target.path()), segment: decoded(&target.path()[segment..]), query }
    }
}

impl Request {
    /// A request for this target.
    pub fn new(target: Target) -> Self {
        let segment = target.path().rfind('/').map_or(0, |slash| slash + 1);
        let decoded = Decoded::of(&target, segment);
        Self {
            target,
            segment,
            decoded,
            headers: HeaderMap::new(),
            ranged: false,
            nth: 1,
            resend: false,
            elapsed: Duration::ZERO,
        }
    }

    /// With another header field, behind those that are there.
    ///
    /// # Errors
    ///
    /// If the name is not a token (RFC 9110 §5.6.2), or the value has control characters.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Request, Target};
    ///
    /// let request = Request::new(Target::new("GET", "/")).with_header("Accept", "*/*")?;
    /// assert_eq!(request.header("accept"), Some("*/*"));
    /// assert!(request.with_header("not a name", "").is_err());
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn with_header(mut self, name: &str, value: impl AsRef<[u8]>) -> Result<Self, ParseError> {
        let name = header_name(name).map_err(|message| ParseError::new(name, 0..name.len(), message))?;
        let value = value.as_ref();
        let value = HeaderValue::from_bytes(value).map_err(|_| {
            let text = String::from_utf8_lossy(value);
            ParseError::new(&text, 0..text.len(), "the value of a header field has no control characters")
        })?;
        self.ranged |= name == header::RANGE;
        self.headers.append(name, value);
        Ok(self)
    }

    /// As the `nth` request on its connection, counted from 1.
    #[must_use]
    pub fn with_nth(mut self, nth: u64) -> Self {
        self.nth = nth;
        self
    }

    /// As a [resend](Self::is_resend), or not.
    #[must_use]
    pub fn with_resend(mut self, resend: bool) -> Self {
        self.resend = resend;
        self
    }

    /// As one that came so long after the server's start.
    #[must_use]
    pub fn with_elapsed(mut self, elapsed: Duration) -> Self {
        self.elapsed = elapsed;
        self
    }

    /// With these header fields, and no others.
    pub(crate) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.ranged = headers.contains_key(header::RANGE);
        self.headers = headers;
        self
    }

    /// Gives the header fields back.
    pub(crate) fn into_headers(self) -> HeaderMap {
        self.headers
    }

    /// What attempts are counted by.
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// The last segment of the path.
    pub(super) fn segment(&self) -> &str {
        &self.path()[self.segment..]
    }

    /// The path without any percent-encoding, if that is another one.
    pub(super) fn decoded_path(&self) -> Option<&[u8]> {
        self.decoded.path.as_deref()
    }

    /// The last segment of the path without any percent-encoding, if that is another one.
    pub(super) fn decoded_segment(&self) -> Option<&[u8]> {
        self.decoded.segment.as_deref()
    }

    /// The query without any percent-encoding, if that is another one.
    pub(super) fn decoded_query(&self) -> Option<&[u8]> {
        self.decoded.query.as_deref()
    }

    /// The method of the target.
    pub fn method(&self) -> &str {
        self.target.method()
    }

    /// The path of the target, normalised.
    pub fn path(&self) -> &str {
        self.target.path()
    }

    /// The query of the target, normalised, if there is one.
    pub fn query(&self) -> Option<&str> {
        self.target.query()
    }

    /// The first value of a header field, whatever the case of its name; `None` if there is none, or if it is not
    /// UTF-8.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| std::str::from_utf8(value.as_bytes()).ok())
    }

    /// All values of a header field, as they came; in order.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(name).iter().map(HeaderValue::as_bytes)
    }

    /// All values of a header field, by a name that is known to be one.
    pub(super) fn values(&self, name: &HeaderName) -> impl Iterator<Item = &[u8]> {
        self.headers.get_all(name).iter().map(HeaderValue::as_bytes)
    }

    /// Whether it has a `Range` header, whatever that says.
    pub fn is_range(&self) -> bool {
        self.ranged
    }

    /// Its number on its connection, counted from 1.
    pub fn nth(&self) -> u64 {
        self.nth
    }

    /// Whether its connection has had a request before.
    pub fn is_reused(&self) -> bool {
        self.nth > 1
    }

    /// Whether it only repeats a request whose reused connection died before any byte of a response: HTTP stacks do
    /// this silently (RFC 9112 §9.3.1).
    pub fn is_resend(&self) -> bool {
        self.resend
    }

    /// How long after the server's start its head was complete.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

impl From<Target> for Request {
    fn from(target: Target) -> Self {
        Self::new(target)
    }
}

/// The name of a header field, or what is wrong with it.
pub(super) fn header_name(name: &str) -> Result<HeaderName, String> {
    HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{} is not the name of a header field", quoted(name)))
}

/// Without any percent-encoding.
pub(super) fn decoded(text: &str) -> Cow<'_, [u8]> {
    percent_decode_str(text).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request::new(Target::new("GET", "/"))
    }

    #[test]
    fn header_fields_are_kept_as_they_came() {
        let request = request().with_header("X-A", "1").unwrap().with_header("x-a", b"\xe4").unwrap();
        assert_eq!(request.header("x-A"), Some("1"));
        assert_eq!(request.headers("x-a").collect::<Vec<_>>(), [b"1", b"\xe4"]);
        assert_eq!(request.header("x-b"), None);
        assert_eq!(request.with_header("x-b", b"\xe4").unwrap().header("x-b"), None);
    }

    #[test]
    fn what_is_no_header_field_is_an_error() {
        for (name, value) in [("", ""), ("a b", ""), ("a:", ""), ("a", "\n")] {
            assert!(request().with_header(name, value).is_err(), "{name} {value:?}");
        }
    }

    #[test]
    fn nothing_is_known_of_a_new_one() {
        let request = request();
        assert!(!request.is_range() && !request.is_reused() && !request.is_resend());
        assert_eq!((request.nth(), request.elapsed()), (1, Duration::ZERO));
    }
}
