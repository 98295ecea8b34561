//! What a downloader says of itself.

/// What a downloader promises. Nobody is held to what he has not promised.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Promises {
    /// How many retries there are at most; `None` if that is to be found out.
    pub(crate) retries: Option<u64>,
    /// How many of them are for bodies that break, where they have a budget of their own.
    pub(crate) body_retries: Option<u64>,
    /// The statuses that it asks again after; `None` if it has not said which.
    pub(crate) statuses: Option<Vec<u16>>,
    /// It goes on where it was cut off.
    pub(crate) resumes: bool,
    /// It knows the digest, and holds the file against it.
    pub(crate) verifies: bool,
    /// It ends a transfer that is too slow.
    pub(crate) aborts_slow: bool,
}

/// How many retries a downloader has.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Budget {
    pub(crate) retries: u64,
    /// For bodies that break, where they have a budget of their own.
    pub(crate) body: Option<u64>,
    pub(crate) inferred: bool,
    /// It may have more: nobody has seen the end of it.
    pub(crate) open: bool,
}

impl Budget {
    /// How many retries there are at most.
    pub fn retries(&self) -> u64 {
        self.retries
    }

    /// How many there are for bodies that break, where they have a budget of their own.
    pub fn body_retries(&self) -> Option<u64> {
        self.body
    }

    /// Whether nobody has declared it: then it is what the downloader did in the first cases.
    pub fn is_inferred(&self) -> bool {
        self.inferred
    }

    /// Whether it could not be inferred: the downloader made no retry in the first cases, or had not ended at the time limit.
    /// Nobody is accused of too many retries then, nor of too few.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// How many broken attempts it gets over in any case.
    pub(crate) fn least(&self) -> u64 {
        self.body.map_or(self.retries, |body| body.min(self.retries))
    }

    /// How many retries it has after attempts that broke in these places.
    pub(crate) fn after(&self, in_body: bool, elsewhere: bool) -> u64 {
        match self.body {
            Some(body) if in_body && !elsewhere => body,
            // Each time that a body breaks, all the others may happen.
            Some(body) if in_body => (body + 1).saturating_mul(self.retries + 1) - 1,
            _ => self.retries,
        }
    }

    /// What is declared.
    pub(crate) fn declared(retries: u64, body: Option<u64>) -> Self {
        Self { retries, body, inferred: false, open: false }
    }

    /// What is to be thought of a downloader that made so many retries in these cases, in each of which everything was
    /// broken for ever; of each, whether it came to an end. Loops that are nested multiply: the smallest number is that of one
    /// loop. Who makes no retry there may make some elsewhere.
    pub(crate) fn infer(body: Option<u64>, made: impl IntoIterator<Item = (u64, bool)>) -> Self {
        let some: Vec<_> = made.into_iter().filter(|(retries, _)| *retries > 0).collect();
        let ended = some.iter().filter(|(_, has_ended)| *has_ended).map(|(retries, _)| *retries).min();
        let retries = ended.or_else(|| some.iter().map(|(retries, _)| *retries).max()).unwrap_or_default();
        Self { retries, body, inferred: true, open: ended.is_none() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_loop_is_the_budget_of_nested_ones() {
        let infer = |made: &[(u64, bool)]| {
            let budget = Budget::infer(None, made.iter().copied());
            (budget.retries, budget.open)
        };
        assert_eq!(infer(&[(15, true), (3, true), (3, true), (0, true)]), (3, false));
        assert_eq!(infer(&[(0, true), (0, true)]), (0, true));
        assert_eq!(infer(&[]), (0, true));
        // Who goes on for ever has no smallest number.
        assert_eq!(infer(&[(7, false), (9, false), (0, true)]), (9, true));
        assert_eq!(infer(&[(7, false), (3, true)]), (3, false));
    }

    #[test]
    fn bodies_may_have_a_budget_of_their_own() {
        let budget = Budget::declared(3, Some(1));
        assert_eq!([(true, false), (false, true), (true, true)].map(|(a, b)| budget.after(a, b)), [1, 3, 7]);
        let budget = Budget::declared(3, None);
        assert_eq!([(true, false), (false, true), (true, true)].map(|(a, b)| budget.after(a, b)), [3, 3, 3]);
    }
}
