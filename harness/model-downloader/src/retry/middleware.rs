//! The inner loop: what fails before the body is repeated in the HTTP client.

use std::sync::Arc;
use std::time::SystemTime;

use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error, Middleware};
use reqwest_retry::{RetryDecision, RetryError, RetryPolicy, RetryTransientMiddleware, Retryable, RetryableStrategy};

use super::{Loop, Retries, Transient};

/// A client that repeats what fails before the body, out of the same budget as everybody else. What it repeats goes
/// through `inner` each time.
pub(crate) fn in_front_of(
    client: reqwest::Client,
    inner: Arc<dyn Middleware>,
    retries: Arc<Retries>,
    rules: Transient,
) -> ClientWithMiddleware {
    let strategy = Strategy { retries: Arc::clone(&retries), rules };
    ClientBuilder::new(client)
        .with(RetryTransientMiddleware::new_with_policy_and_strategy(Pace { retries }, strategy))
        .with_arc(inner)
        .build()
}

/// Whether there is another attempt, and when. The middleware's own count is not asked: it begins anew at each call.
struct Pace {
    retries: Arc<Retries>,
}

impl RetryPolicy for Pace {
    fn should_retry(&self, _began: SystemTime, _retries_of_this_call: u32) -> RetryDecision {
        let at = self.retries.next(Loop::Request).and_then(|pause| SystemTime::now().checked_add(pause));
        at.map_or(RetryDecision::DoNotRetry, |execute_after| RetryDecision::Retry { execute_after })
    }
}

/// What is worth another attempt. The middleware's default takes every 5xx for transient, and knows no `Retry-After`.
struct Strategy {
    retries: Arc<Retries>,
    rules: Transient,
}

impl RetryableStrategy for Strategy {
    fn handle(&self, result: &Result<reqwest::Response, Error>) -> Option<Retryable> {
        let transient = match result {
            Ok(reply) => {
                let transient = self.rules.is_status(reply.status().as_u16());
                if transient {
                    self.retries.note(reply.headers());
                }
                transient
            }
            Err(Error::Reqwest(error)) => self.rules.is_transient(error),
            // A redirect that is not followed.
            Err(Error::Middleware(_)) => false,
        };
        transient.then_some(Retryable::Transient)
    }
}

/// The error without the middleware's own "Request failed after N retries", which counts its last call alone.
pub(crate) fn without_its_count(error: Error) -> Box<dyn std::error::Error + Send + Sync> {
    match error {
        Error::Reqwest(error) => error.into(),
        Error::Middleware(error) => match error.downcast::<RetryError>() {
            Ok(RetryError::WithRetries { err, .. } | RetryError::Error(err)) => without_its_count(err),
            Err(error) => error.into(),
        },
    }
}
