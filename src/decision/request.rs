//! What is known of a request when it is decided on.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::target::Target;

/// What is known of a request when it is decided on.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target};
///
/// let request = Request::new(Target::new("GET", "/a%20b?x=1"));
/// assert_eq!(request.path(), "/a%20b");
/// assert_eq!(request.query(), Some("x=1"));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Request {
    target: Target,
}

impl Request {
    /// A request for this target.
    pub fn new(target: Target) -> Self {
        Self { target }
    }

    /// What attempts are counted by.
    pub fn target(&self) -> &Target {
        &self.target
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
}

impl From<Target> for Request {
    fn from(target: Target) -> Self {
        Self::new(target)
    }
}

/// Without any percent-encoding.
pub(super) fn decoded(text: &str) -> Cow<'_, [u8]> {
    percent_decode_str(text).into()
}
