//! How many retries there were, as far as anybody can know.

use super::attempt::{Attempt, Failure};
use super::parts::chains;

/// How many retries there were: so many at least, and no more than that.
///
/// The most is the attempts less the first. Some of them may be none: what an HTTP stack sends again silently, what
/// follows a reply with which nothing was wrong (a probe, a part, a redirect), what was begun while the one before it
/// still went on, what is for another part of the file. Whoever is judged gets the benefit of the doubt.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Span {
    pub(crate) least: u64,
    pub(crate) most: u64,
}

/// The attempts for one thing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Group {
    pub(crate) retries: Span,
    /// How the last of them failed.
    pub(crate) failure: Option<Failure>,
}

impl Span {
    /// Those among attempts for the same thing.
    fn of(attempts: &[&Attempt]) -> Self {
        let is_retry =
            |pair: &&[&Attempt]| pair[0].failure.is_some() && !pair[1].resend && Attempt::follows([pair[0], pair[1]]);
        // Each part may have a budget of its own.
        let of_part = |chain: &Vec<&Attempt>| chain.windows(2).filter(is_retry).count();
        let least = chains(attempts).iter().map(of_part).max().unwrap_or_default();
        Self { least: least as u64, most: (attempts.len() as u64).saturating_sub(1) }
    }

    pub(crate) fn contains(self, retries: u64) -> bool {
        (self.least..=self.most).contains(&retries)
    }

    /// The same where so many attempts may be retries as well, of so many that there were in all: the first is none.
    pub(crate) fn widened(self, nameless: u64, attempts: u64) -> Self {
        Self { most: (self.most + nameless).min(attempts.saturating_sub(1)).max(self.most), ..self }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self { least: self.least + other.least, most: self.most + other.most }
    }
}

impl Group {
    pub(super) fn of(attempts: &[&Attempt]) -> Self {
        Self { retries: Span::of(attempts), failure: attempts.last().and_then(|last| last.failure) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn attempt(failure: Option<Failure>) -> Attempt {
        Attempt { failure, ended_at: Some(Duration::ZERO), ..Attempt::default() }
    }

    #[track_caller]
    fn check(attempts: &[Attempt], least: u64, most: u64) {
        let attempts: Vec<_> = attempts.iter().collect();
        assert_eq!(Span::of(&attempts), Span { least, most });
    }

    #[test]
    fn what_is_for_nobody_knows_what_may_be_a_retry() {
        let span = |least, most| Span { least, most };
        // Two connections that came to nothing, and a request that succeeded.
        assert_eq!(span(0, 0).widened(2, 3), span(0, 2));
        // Four of them, and nothing else: one was the first.
        assert_eq!(span(0, 0).widened(4, 4), span(0, 3));
        assert_eq!(span(1, 2).widened(0, 3), span(1, 2));
        assert_eq!(span(0, 0).widened(0, 0), span(0, 0));
    }

    #[test]
    fn what_may_be_no_retry_is_in_doubt() {
        let failed = || attempt(Some(Failure::InBody));
        let resent = || Attempt { resend: true, ..failed() };
        let endless = || Attempt { ended_at: None, ..failed() };
        check(&[], 0, 0);
        check(&[failed()], 0, 0);
        check(&[failed(), failed(), failed()], 2, 2);
        check(&[failed(), resent(), failed()], 1, 2);
        check(&[attempt(None), failed(), failed()], 1, 2);
        check(&[failed(), endless(), failed()], 1, 2);
        check(&[failed(), attempt(None)], 1, 1);
    }

    /// The server learns of the end of a reply from the client's acknowledgement, which may be late.
    #[test]
    fn an_acknowledgement_that_is_late_is_no_overlap() {
        let ms = Duration::from_millis;
        let at = |at, end, asked| Attempt {
            at: ms(at),
            ended_at: Some(ms(end)),
            doubt: ms(40),
            asked,
            wants_part: asked.is_some(),
            ..attempt(Some(Failure::Status(503)))
        };
        check(&[at(0, 50, None), at(20, 70, None)], 1, 1);
        check(&[at(0, 50, None), at(9, 70, None)], 0, 1);
        // Parts are asked for side by side.
        let part = |from, end, first| Attempt { start: Some(first), received: 1, ..at(from, end, Some(first)) };
        check(&[part(0, 50, 1), part(20, 70, 2)], 0, 1);
        check(&[part(0, 50, 1), part(50, 70, 2)], 1, 1);
        check(&[part(0, 50, 1), part(50, 70, 3)], 0, 1);
    }
}
