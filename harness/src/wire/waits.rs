//! How long a client waited at most, and behind what.

use std::time::Duration;

use flaky_server::{By, End};

use super::Wire;
use super::attempt::{Attempt, Failure};

/// How long a client waited before a retry that nobody told it the time of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Wait {
    pub(crate) behind: Behind,
    /// It came before the first retry of all for this thing, or part.
    pub(crate) is_first: bool,
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
        let wait = |[earlier, later]: [&Attempt; 2], is_first| {
            let behind = Behind::of(earlier).filter(|_| !later.resend && !earlier.says_when)?;
            let pause = Attempt::pause([earlier, later])?;
            // Of a reset the client knows as soon as the server does.
            let is_reset = matches!(behind, Behind::ResetBeforeHead | Behind::ResetInBody);
            Some(Wait { behind, is_first, at_most: if is_reset { pause.known } else { pause.at_most } })
        };
        let of_one = |pairs: Vec<[&Attempt; 2]>| -> Vec<Wait> {
            let first = pairs.iter().position(|[earlier, later]| earlier.failure.is_some() && !later.resend);
            let numbered = pairs.into_iter().enumerate();
            numbered.filter_map(|(at, pair)| wait(pair, Some(at) == first)).collect()
        };
        self.chains().into_iter().flat_map(of_one).collect()
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

    /// Attempts that end after 10 ms, of which a client may have known 5 ms earlier, one every 100 ms.
    fn waits(attempts: [Attempt; 4]) -> Vec<(Behind, bool, u128)> {
        let at = |at: usize, attempt: Attempt| {
            let begins = Duration::from_millis(100 * at as u64);
            let ended_at = Some(begins + Duration::from_millis(10));
            Attempt { at: begins, ended_at, doubt: Duration::from_millis(5), ..attempt }
        };
        let attempts = attempts.into_iter().enumerate().map(|(number, attempt)| at(number, attempt)).collect();
        let wire = Wire { exchanges: Vec::new(), attempts };
        wire.waits().iter().map(|wait| (wait.behind, wait.is_first, wait.at_most.as_millis())).collect()
    }

    #[test]
    fn a_wait_is_as_long_as_it_may_have_been() {
        let failed =
            |failure, end| Attempt { failure: Some(failure), end: Some((end, By::Server)), ..Attempt::default() };
        let status = || failed(Failure::Status(503), End::Complete);
        let reset = || failed(Failure::InBody, End::Rst);
        use Behind::{ResetInBody, Status};
        assert_eq!(
            waits([status(), reset(), status(), status()]),
            [(Status, true, 95), (ResetInBody, false, 90), (Status, false, 95)]
        );
        // Who was told when, and what is only sent again, did not choose the time.
        let told = || Attempt { says_when: true, ..status() };
        assert_eq!(waits([told(), status(), told(), status()]), [(Status, false, 95)]);
        let resent = || Attempt { resend: true, ..status() };
        assert_eq!(waits([reset(), resent(), status(), status()]), [(Status, true, 95), (Status, false, 95)]);
        // Nothing was wrong.
        assert_eq!(waits([Attempt::default(), status(), status(), Attempt::default()]).len(), 2);
    }

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
