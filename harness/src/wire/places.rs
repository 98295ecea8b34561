//! Where attempts failed that were retried.

use std::fmt;

use super::attempt::{Attempt, Failure};

/// How many retries there were after which kind of failure.
///
/// Nested loops of retries often differ in what they retry: an HTTP client what fails before the head of the response,
/// the application around it what fails in the body. Then each counts its own, and knows nothing of the other's.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Places {
    /// Retries of attempts that ended before the head of a response.
    pub before_head: u64,
    /// Retries of attempts that ended in mid body.
    pub in_body: u64,
    /// Retries of attempts that were answered with an error.
    pub on_status: u64,
    /// Retries of attempts that were complete, and not what was asked for.
    pub on_content: u64,
    /// Attempts that followed one with which nothing was wrong.
    pub after_success: u64,
}

impl Places {
    pub(super) fn of<'a>(pairs: impl Iterator<Item = &'a [&'a Attempt]>) -> Self {
        let mut places = Self::default();
        for pair in pairs {
            match pair[0].failure {
                Some(Failure::BeforeHead) => places.before_head += 1,
                Some(Failure::InBody) => places.in_body += 1,
                Some(Failure::Status(_)) => places.on_status += 1,
                Some(Failure::Content) => places.on_content += 1,
                None => places.after_success += 1,
            }
        }
        places
    }

    /// The kinds of which there are any, each with its name.
    pub(crate) fn named(&self) -> Vec<(u64, &'static str)> {
        let named = [
            (self.before_head, "before the head of a response"),
            (self.in_body, "in mid body"),
            (self.on_status, "on an error status"),
            (self.on_content, "on wrong content"),
            (self.after_success, "after an attempt with which nothing was wrong"),
        ];
        named.into_iter().filter(|(count, _)| *count > 0).collect()
    }
}

impl fmt::Display for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<_> = self.named().iter().map(|(count, name)| format!("{count} {name}")).collect();
        f.write_str(if named.is_empty() { "none".to_owned() } else { named.join(", ") }.as_str())
    }
}
