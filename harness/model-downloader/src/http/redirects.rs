//! Redirects.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::Extensions;
use reqwest::header::{ACCEPT_ENCODING, HeaderName, IF_RANGE, LOCATION, RANGE};
use reqwest::{Request, Response, StatusCode, Url};
use reqwest_middleware::{Error, Middleware, Next, Result};

use crate::Policy;
use crate::policy::{OnRetryAfter, Redirecting};
use crate::retry::asked;

/// Follows redirects within an attempt.
///
/// It stands behind the loop that repeats requests, so that each attempt begins at the URL that we were given: where
/// that led the last time may have been good for that time alone, such as a URL with a signature (RFC 9110 §15.4.3,
/// §15.4.8).
#[derive(Debug)]
pub(crate) struct Redirects {
    policy: Redirecting,
    /// The most that a server can make us wait; `None` if nobody listens.
    max_wait: Option<Duration>,
    /// Where the last attempt was led: see the flaw `keeps-signed-url`.
    led_to: Mutex<Option<Url>>,
}

/// A redirect that is not followed. Another attempt would be led the same way.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
enum NotFollowed {
    #[error("The server redirects to `{0}`, which is no URL of http")]
    NoUrl(String),
    #[error("The server redirects more than {0} times")]
    TooMany(usize),
}

/// What goes wherever the file is: fields that are about the bytes, and of our own making. All others were given for
/// the server that we were to ask, and one never knows which of them is a key (RFC 9110 §15.4).
const FOR_ANYBODY: &[HeaderName] = &[ACCEPT_ENCODING, IF_RANGE, RANGE];

impl Redirects {
    pub(crate) fn new(policy: &Policy) -> Self {
        let listens = policy.retrying.on_retry_after != OnRetryAfter::Ignore;
        let max_wait = listens.then_some(policy.retrying.max_wait);
        Self { policy: policy.redirecting, max_wait, led_to: Mutex::default() }
    }

    /// Changes the request into the one that goes there.
    fn lead(&self, request: &mut Request, to: Url) {
        let same_origin = to.origin() == request.url().origin();
        if !same_origin && self.policy.guard_credentials {
            let foreign: Vec<_> =
                request.headers().keys().filter(|name| !FOR_ANYBODY.contains(name)).cloned().collect();
            for name in foreign {
                request.headers_mut().remove(name);
            }
        }
        *request.url_mut() = to;
    }

    /// In place of the lock's guard, which must not be held while something is waited for.
    fn led_to(&self) -> Option<Url> {
        self.led_to.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn remember(&self, url: &Url) {
        *self.led_to.lock().unwrap_or_else(PoisonError::into_inner) = Some(url.clone());
    }
}

#[async_trait]
impl Middleware for Redirects {
    async fn handle(&self, mut request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
        if let Some(url) = self.led_to().filter(|_| !self.policy.from_the_start) {
            self.lead(&mut request, url);
        }
        let mut followed = 0;
        loop {
            // There is no body, and so nothing that could not be sent twice.
            let again = request.try_clone();
            let response = next.clone().run(request, extensions).await?;
            let (Some(to), Some(again)) = (target(&response)?, again) else {
                self.remember(response.url());
                return Ok(response);
            };
            if let Some(most) = self.policy.most.filter(|most| followed >= *most) {
                return Err(Error::middleware(NotFollowed::TooMany(most)));
            }
            followed += 1;
            // Of a redirect it is the time before the next request (RFC 9110 §10.2.3).
            if let Some((asked, most)) = asked(response.headers()).zip(self.max_wait) {
                tokio::time::sleep(asked.min(most)).await;
            }
            request = again;
            self.lead(&mut request, to);
        }
    }
}

/// Where a reply redirects to, if it does. A GET stays one, whichever of them it is.
fn target(response: &Response) -> Result<Option<Url>> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    match response.headers().get(LOCATION).filter(|_| is_redirect) {
        Some(location) => resolve(response.url(), location.as_bytes()).map(Some).map_err(Error::middleware),
        None => Ok(None),
    }
}

/// The URL that a `Location` means, which may be relative (RFC 9110 §10.2.2).
fn resolve(from: &Url, location: &[u8]) -> std::result::Result<Url, NotFollowed> {
    let url = std::str::from_utf8(location).ok().and_then(|location| from.join(location).ok());
    let url = url.and_then(crate::Url::of);
    // A server's idea of who we are is none of ours.
    let url = url.map(|url| url.without_userinfo().as_url().clone());
    url.ok_or_else(|| NotFollowed::NoUrl(String::from_utf8_lossy(location).into_owned()))
}

#[cfg(test)]
mod tests {
    use reqwest::Method;
    use reqwest::header::{AUTHORIZATION, COOKIE, HeaderValue};

    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn a_location_may_be_relative_and_is_of_http() {
        let check = |location: &str, expected: Option<&str>| {
            assert_eq!(resolve(&url("http://h/a/b?c"), location.as_bytes()).ok(), expected.map(url), "{location}");
        };
        check("d", Some("http://h/a/d"));
        check("/d?e", Some("http://h/d?e"));
        check("//other/d", Some("http://other/d"));
        check("http://other:8080/d", Some("http://other:8080/d"));
        check("http://name:secret@other/d", Some("http://other/d"));
        check("", Some("http://h/a/b?c"));
        check("https://h/d", None);
        check("file:///d", None);
        check("http://", None);
        assert!(resolve(&url("http://h/"), b"\xff").is_err());
    }

    /// The names of the fields that go from this URL to that one.
    fn sent(guard_credentials: bool, from: &str, to: &str) -> Vec<String> {
        let mut policy = Policy::default();
        policy.redirecting.guard_credentials = guard_credentials;
        let mut request = Request::new(Method::GET, url(from));
        for name in [ACCEPT_ENCODING, AUTHORIZATION, COOKIE, IF_RANGE, RANGE, HeaderName::from_static("x-token")] {
            request.headers_mut().insert(name, HeaderValue::from_static("x"));
        }
        Redirects::new(&policy).lead(&mut request, url(to));
        assert_eq!(request.url(), &url(to));
        let mut names: Vec<_> = request.headers().keys().map(ToString::to_string).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn what_was_given_for_one_origin_goes_to_no_other() {
        let all = ["accept-encoding", "authorization", "cookie", "if-range", "range", "x-token"];
        let ours = ["accept-encoding", "if-range", "range"];
        assert_eq!(sent(true, "http://h/a", "http://h/b"), all);
        assert_eq!(sent(true, "http://h/a", "http://h:80/b"), all);
        for other in ["http://other/a", "http://h:81/a", "https://h:80/a", "http://sub.h/a"] {
            assert_eq!(sent(true, "http://h/a", other), ours, "{other}");
            assert_eq!(sent(false, "http://h/a", other), all, "{other}");
        }
    }
}
