//! How long a client waited at most, and behind what.

use std::time::Duration;

use flaky_server::{By, End};

use super::Wire;
use super::attempt::{Attempt, Failure};

/// How long a client waited before a retry that nobody told it the time of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Wait {
    pub(crate) behind: Behind,
    /// It was no longer than this.
    pub(crate) at_most: Duration,
}

/// What a client waited behind: many wait behind some of these, and not behind others.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Behind {
    /// Wrong content.
    Content,
    /// An orderly end before the head.
    EndBeforeHead,
    /// An orderly end in the body.
    EndInBody,
    /// A reset before the head.
    ResetBeforeHead,
    /// A reset in the body.
    ResetInBody,
    /// An error.
    Status,
}

impl Wire {
    /// How long it waited before its retries. Whoever had waited already, until it left by itself, is not among them, and nobody
    /// who was told when to come again.
    pub(crate) fn waits(&self) -> Vec<Wait> {
        let wait = |[earlier, later]: &[&Attempt; 2]| {
            let behind = Behind::of(earlier).filter(|_| !later.resend && !earlier.says_when)?;
            let pause = Attempt::pause([earlier, later])?;
            // Of a reset the client knows as soon as the server does.
            let is_reset = matches!(behind, Behind::ResetBeforeHead | Behind::ResetInBody);
            Some(Wait { behind, at_most: if is_reset { pause.known } else { pause.at_most } })
        };
        self.chains().iter().flatten().filter_map(wait).collect()
    }
}

impl Behind {
    fn of(attempt: &Attempt) -> Option<Self> {
        let is_reset = || match attempt.end? {
            (End::Rst, By::Server) => Some(true),
            (End::Fin, By::Server) => Some(false),
            _ => None,
        };
        Some(match attempt.failure? {
            Failure::Content => Self::Content,
            Failure::Status(_) => Self::Status,
            Failure::BeforeHead if is_reset()? => Self::ResetBeforeHead,
            Failure::BeforeHead => Self::EndBeforeHead,
            Failure::InBody if is_reset()? => Self::ResetInBody,
            Failure::InBody => Self::EndInBody,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_left_by_itself_has_waited() {
        let attempt = |failure, end| Attempt { failure: Some(failure), end: Some(end), ..Attempt::default() };
        let behind = |failure, end| Behind::of(&attempt(failure, end));
        assert_eq!(behind(Failure::InBody, (End::Rst, By::Server)), Some(Behind::ResetInBody));
        assert_eq!(behind(Failure::BeforeHead, (End::Fin, By::Server)), Some(Behind::EndBeforeHead));
        assert_eq!(behind(Failure::InBody, (End::ClientRst, By::Client)), None);
        assert_eq!(behind(Failure::BeforeHead, (End::Stalled, By::Client)), None);
        assert_eq!(behind(Failure::Status(503), (End::Complete, By::Server)), Some(Behind::Status));
        assert_eq!(Behind::of(&Attempt::default()), None);
    }
}
