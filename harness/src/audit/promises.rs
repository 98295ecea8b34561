//! What a downloader says of itself.

/// What a downloader promises. Nobody is held to what he has not promised.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Promises {
    /// How many retries there are at most; `None` if that is to be found out.
    pub(crate) retries: Option<u64>,
    /// How many of them are for bodies that break, where they have a budget of their own.
    pub(crate) body_retries: Option<u64>,
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

    /// What is to be thought of a downloader that made so many retries in these cases, in each of which everything was
    /// broken for ever. Loops that are nested multiply: the smallest number is that of one loop.
    pub(crate) fn infer(retries: impl IntoIterator<Item = u64>) -> Self {
        let least = retries.into_iter().filter(|retries| *retries > 0).min();
        Self { retries: least.unwrap_or_default(), body: None, inferred: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_loop_is_the_budget_of_nested_ones() {
        assert_eq!(Budget::infer([15, 3, 3, 0]).retries, 3);
        assert_eq!(Budget::infer([0, 0]).retries, 0);
        assert_eq!(Budget::infer([]).retries, 0);
    }

    #[test]
    fn bodies_may_have_a_budget_of_their_own() {
        let budget = Budget { retries: 3, body: Some(1), inferred: false };
        assert_eq!([(true, false), (false, true), (true, true)].map(|(a, b)| budget.after(a, b)), [1, 3, 7]);
        let budget = Budget { retries: 3, body: None, inferred: false };
        assert_eq!([(true, false), (false, true), (true, true)].map(|(a, b)| budget.after(a, b)), [3, 3, 3]);
    }
}
