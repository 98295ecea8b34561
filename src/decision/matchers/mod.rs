//! Which requests a rule is about.
//!
//! A pattern may have `*` (anything but `/`), `**` (whole segments), `?`, `[a-z]`, `[!a-z]` and `{a,b}`; a `\` before
//! a character takes its meaning away. It is tried against the path (or query) as received and normalised, and against
//! its form without any percent-encoding. Without a `/` it matches the last segment of a path, with one the whole
//! path, as in a `.gitignore` file. In a query, and in the value of a header field, a `/` separates nothing, and `*`
//! matches it too.
//!
//! Tests that go by [connections](fresh_connection) and [resends](resend) depend on what happened before. A rule that
//! has one is [marked](crate::Rule::is_order_dependent).
//!
//! # Examples
//!
//! ```
//! use flaky_server::matchers::{method, path, query};
//! use flaky_server::{Request, Target};
//!
//! let matcher = path("*.tar.gz").and(method("GET")).and(|r: &Request| r.path().len() < 100);
//! assert!(matcher.matches(&Request::new(Target::new("GET", "/a/b.tar.gz"))));
//! assert!(!matcher.and(query("v=*")).matches(&Request::new(Target::new("GET", "/a/b.tar.gz"))));
//! ```

mod facts;
mod header;

use std::{fmt, sync::Arc};

pub(super) use self::{facts::Facts, header::Header};
use super::{
    error::ParseError,
    glob::Glob,
    request::Request,
    target::{Target, is_token},
};
use crate::units::quoted;

/// Which requests a rule is about: those that pass all its tests.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matcher {
    pub(super) methods: Vec<String>,
    pub(super) paths: Vec<Glob>,
    pub(super) queries: Vec<Glob>,
    pub(super) headers: Vec<Header>,
    pub(super) facts: Facts,
    pub(super) closures: Vec<Closure>,
    /// What is wrong with the first test that cannot be right; building the schedule reports it.
    pub(super) defect: Option<ParseError>,
}

/// The methods of RFC 9110 §9.3, and PATCH: who writes one of them in lower case has slipped.
pub(crate) const METHODS: [&str; 9] = ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// All requests.
pub fn any() -> Matcher {
    Matcher::default()
}

/// Requests with this method.
pub fn method(method: &str) -> Matcher {
    let mut matcher = any();
    match check_method(method) {
        Ok(()) => matcher.methods.push(method.to_owned()),
        Err(message) => matcher.defect = Some(ParseError::new(method, 0..method.len(), message)),
    }
    matcher
}

/// Requests whose path matches this pattern. A wrong pattern is an error when the schedule is built.
pub fn path(glob: &str) -> Matcher {
    let mut matcher = any();
    match path_glob(glob) {
        Ok(Some(glob)) => matcher.paths.push(glob),
        Ok(None) => {}
        Err(message) => matcher.defect = Some(ParseError::new(glob, 0..glob.len(), message)),
    }
    matcher
}

/// Requests whose query matches this pattern; no query is an empty one. A wrong pattern is an error when the
/// schedule is built.
pub fn query(glob: &str) -> Matcher {
    let mut matcher = any();
    match Glob::parse(glob) {
        Ok(glob) => matcher.queries.push(glob),
        Err(message) => matcher.defect = Some(ParseError::new(glob, 0..glob.len(), message)),
    }
    matcher
}

/// Requests with a header field of this name, whatever its case, whose value matches this pattern. Of several such fields
/// one is enough; `*` asks for no more than that there is one. A wrong name or pattern is an error when the schedule is
/// built.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target, matchers::header};
///
/// let request = Request::new(Target::new("GET", "/a")).with_header("Authorization", "Bearer abc/d")?;
/// assert!(header("authorization", "Bearer *").matches(&request));
/// assert!(!header("cookie", "*").matches(&request));
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
pub fn header(name: &str, glob: &str) -> Matcher {
    let mut matcher = any();
    match Header::new(name, glob) {
        Ok(header) => matcher.headers.push(header),
        Err(message) => {
            let text = format!("{name}:{glob}");
            matcher.defect = Some(ParseError::new(&text, 0..text.len(), message));
        }
    }
    matcher
}

/// Requests with a `Range` header, whatever that says.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Rule, Target, matchers::range_request};
///
/// let request = Request::new(Target::new("GET", "/a"));
/// assert!(!range_request().matches(&request));
/// assert!(range_request().matches(&request.with_header("range", "bytes=5-")?));
///
/// let rule = Rule::when(range_request()).script("status=503 x*")?;
/// assert_eq!(rule.to_string(), "* range=yes: status=503 x*");
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
pub fn range_request() -> Matcher {
    Matcher { facts: Facts { range: Some(true), ..Facts::default() }, ..any() }
}

/// Requests without a `Range` header.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target, matchers::no_range_request};
///
/// assert!(no_range_request().matches(&Request::new(Target::new("GET", "/a"))));
/// ```
pub fn no_range_request() -> Matcher {
    Matcher { facts: Facts { range: Some(false), ..Facts::default() }, ..any() }
}

/// The first request on each connection.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target, matchers::fresh_connection};
///
/// let request = Request::new(Target::new("GET", "/a"));
/// assert!(fresh_connection().matches(&request));
/// assert!(!fresh_connection().matches(&request.with_nth(2)));
/// ```
pub fn fresh_connection() -> Matcher {
    Matcher { facts: Facts { reused: Some(false), ..Facts::default() }, ..any() }
}

/// All but the first request on each connection.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target, matchers::reused_connection};
///
/// let request = Request::new(Target::new("GET", "/a"));
/// assert!(!reused_connection().matches(&request));
/// assert!(reused_connection().matches(&request.with_nth(2)));
/// ```
pub fn reused_connection() -> Matcher {
    Matcher { facts: Facts { reused: Some(true), ..Facts::default() }, ..any() }
}

/// Attempts that only [repeat](Request::is_resend) a request whose reused connection died before any byte of a response.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Target, matchers::resend};
///
/// let request = Request::new(Target::new("GET", "/a"));
/// assert!(!resend().matches(&request));
/// assert!(resend().matches(&request.with_resend(true)));
/// ```
pub fn resend() -> Matcher {
    Matcher { facts: Facts { resend: Some(true), ..Facts::default() }, ..any() }
}

/// Attempts that are no [resends](resend). Other conditions of a rule then do not count resends either.
///
/// # Examples
///
/// ```
/// use flaky_server::{Rule, matchers::no_resend};
///
/// let rule = Rule::when(no_resend()).first(2).script("reset x*")?;
/// assert_eq!(rule.to_string(), "* first=2 resend=no: reset x*");
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
pub fn no_resend() -> Matcher {
    Matcher { facts: Facts { resend: Some(false), ..Facts::default() }, ..any() }
}

/// Requests for this target alone, and for those that it is the decoded form of.
pub(super) fn exact(target: &Target) -> Matcher {
    Matcher {
        methods: vec![target.method().to_owned()],
        paths: vec![Glob::exact(target.path())],
        queries: vec![Glob::exact(target.query().unwrap_or_default())],
        ..any()
    }
}

/// The pattern that this path alone matches.
#[cfg(feature = "schedule-file")]
pub(crate) fn literal(path: &str) -> String {
    Glob::exact(path).as_str().to_owned()
}

pub(super) fn check_method(method: &str) -> Result<(), String> {
    if !method.is_empty() && method.bytes().all(is_token) {
        return Ok(());
    }
    Err(format!("{} is not a method", quoted(method)))
}

/// The pattern of a path; `None` if it matches every path.
pub(super) fn path_glob(glob: &str) -> Result<Option<Glob>, &'static str> {
    match glob {
        "" => Err("the pattern is empty; `*` matches all"),
        "*" => Ok(None),
        _ => Glob::parse(glob).map(Some),
    }
}

impl Matcher {
    /// Requests that pass the tests of both.
    #[must_use]
    pub fn and(mut self, other: impl Into<Self>) -> Self {
        let other = other.into();
        self.methods.extend(other.methods);
        self.paths.extend(other.paths);
        self.queries.extend(other.queries);
        self.headers.extend(other.headers);
        let clash = self.facts.and(other.facts).err();
        let clash =
            clash.map(|text| ParseError::new(&text, 0..text.len(), "no request meets both of these conditions"));
        self.closures.extend(other.closures);
        self.defect = self.defect.or(other.defect).or(clash);
        self
    }

    /// Says what is wrong with it, if anything is.
    pub(crate) fn check(&self) -> Result<(), ParseError> {
        self.defect.clone().map_or(Ok(()), Err)
    }

    /// Whether there is no test, so that all requests pass.
    pub(super) fn is_any(&self) -> bool {
        let Self { methods, paths, queries, headers, facts, closures, defect: _ } = self;
        let nothing = methods.is_empty() && paths.is_empty() && queries.is_empty();
        nothing && headers.is_empty() && closures.is_empty() && *facts == Facts::default()
    }

    /// Whether this request passes all tests.
    pub fn matches(&self, request: &Request) -> bool {
        self.matches_but_for_closures(request) && self.closures_match(request)
    }

    /// Whether this request passes all tests that have a text.
    pub(super) fn matches_but_for_closures(&self, request: &Request) -> bool {
        self.methods.iter().all(|m| m == request.method())
            && self.paths.iter().all(|g| g.matches_path(request))
            && self.queries.iter().all(|g| g.matches_query(request))
            && self.headers.iter().all(|h| h.matches(request))
            && self.facts.hold(request)
    }

    /// Whether this request passes all tests that have none.
    pub(super) fn closures_match(&self, request: &Request) -> bool {
        self.closures.iter().all(|c| c.0(request))
    }
}

impl<F> From<F> for Matcher
where
    F: Fn(&Request) -> bool + Send + Sync + 'static,
{
    fn from(test: F) -> Self {
        Self { closures: vec![Closure(Arc::new(test))], ..Self::default() }
    }
}

type Test = dyn Fn(&Request) -> bool + Send + Sync;

/// A test that has no text.
#[derive(Clone)]
pub(super) struct Closure(Arc<Test>);

impl fmt::Debug for Closure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<closure>")
    }
}

impl PartialEq for Closure {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(matcher: &Matcher, method: &str, path: &str, matches: bool) {
        let request = Request::new(Target::new(method, path));
        assert_eq!(matcher.matches(&request), matches, "{matcher:?} {request:?}");
    }

    #[test]
    fn all_tests_must_pass() {
        let matcher = method("GET").and(path("/a/*")).and(query("x=?"));
        check(&matcher, "GET", "/a/b?x=1", true);
        check(&matcher, "HEAD", "/a/b?x=1", false);
        check(&matcher, "GET", "/b/b?x=1", false);
        check(&matcher, "GET", "/a/b?x=11", false);
        check(&matcher.and(|_: &Request| false), "GET", "/a/b?x=1", false);
        check(&any(), "GET", "/", true);
        check(&path("*"), "GET", "/", true);
    }

    #[test]
    fn wrong_tests_are_kept_as_defects() {
        for (matcher, message) in [
            (method("GE T"), "`GE T` is not a method"),
            (method(""), "`` is not a method"),
            (path(""), "the pattern is empty; `*` matches all"),
            (any().and(query("[")), "a `[` is never closed; `\\[` stands for itself"),
            (header("a b", "*"), "`a b` is not the name of a header field"),
            (resend().and(no_resend()), "no request meets both of these conditions"),
        ] {
            assert_eq!(matcher.defect.unwrap().message(), message);
        }
    }
}
