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

/// What a downloader made of a case in which everything is broken for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probe {
    pub(crate) retries: u64,
    /// It came to an end by itself.
    pub(crate) has_ended: bool,
    /// It is the body that breaks.
    pub(crate) in_body: bool,
}

/// Whether one of these may come from a loop around a loop with the other; if not, both are budgets.
fn are_nested(a: u64, b: u64) -> bool {
    let (inner, outer) = (a.min(b).saturating_add(1), a.max(b).saturating_add(1));
    outer.is_multiple_of(inner)
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
            Some(body) if in_body => body.saturating_add(1).saturating_mul(self.retries.saturating_add(1)) - 1,
            _ => self.retries,
        }
    }

    /// What is declared.
    pub(crate) fn declared(retries: u64, body: Option<u64>) -> Self {
        Self { retries, body, inferred: false, open: false }
    }

    /// What is to be thought of a downloader that made so many retries in these cases, in each of which everything was
    /// broken for ever. Loops that are nested multiply: the smallest number is that of one loop. Who makes no retry there may
    /// make some elsewhere.
    pub(crate) fn infer(declared_body: Option<u64>, probes: &[Probe]) -> Self {
        let some = || probes.iter().filter(|probe| probe.retries > 0);
        let smallest = |in_body: bool| {
            some().filter(|probe| probe.has_ended && probe.in_body == in_body).map(|probe| probe.retries).min()
        };
        let (elsewhere, in_body) = (smallest(false), smallest(true));
        let (retries, body) = match (elsewhere, in_body) {
            // Of bodies nothing is to be found out.
            (elsewhere, _) if declared_body.is_some() => (elsewhere, declared_body),
            (Some(retries), Some(body)) if !are_nested(retries, body) => (Some(retries), Some(body)),
            (elsewhere, in_body) => (elsewhere.into_iter().chain(in_body).min(), None),
        };
        let most = || some().map(|probe| probe.retries).max();
        Self { retries: retries.or_else(most).unwrap_or_default(), body, inferred: true, open: retries.is_none() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_loop_is_the_budget_of_nested_ones() {
        let infer = |made: &[(u64, bool)]| {
            let budget = Budget::infer(None, &probes(made));
            assert_eq!(budget.body, None);
            (budget.retries, budget.open)
        };
        assert_eq!(infer(&[(15, true), (3, true), (3, true), (0, true)]), (3, false));
        assert_eq!(infer(&[(0, true), (0, true)]), (0, true));
        assert_eq!(infer(&[]), (0, true));
        // Who goes on for ever has no smallest number.
        assert_eq!(infer(&[(7, false), (9, false), (0, true)]), (9, true));
        assert_eq!(infer(&[(7, false), (3, true)]), (3, false));
    }

    /// The first of these is before the body, the second in it, and so on.
    fn probes(made: &[(u64, bool)]) -> Vec<Probe> {
        let number = made.iter().enumerate();
        number
            .map(|(at, (retries, has_ended))| Probe { retries: *retries, has_ended: *has_ended, in_body: at % 2 == 1 })
            .collect()
    }

    #[test]
    fn what_is_no_product_is_another_budget() {
        let infer = |body, made: &[u64]| {
            let made: Vec<_> = made.iter().map(|retries| (*retries, true)).collect();
            let budget = Budget::infer(body, &probes(&made));
            (budget.retries, budget.body, budget.open)
        };
        assert_eq!(infer(None, &[3, 2, 3, 2]), (3, Some(2), false));
        assert_eq!(infer(None, &[3, 7, 3, 15]), (3, None, false));
        assert_eq!(infer(None, &[0, 2, 0, 2]), (2, None, false));
        // What is declared is not found out, and tells nothing of the rest.
        assert_eq!(infer(Some(1), &[3, 1, 3, 1]), (3, Some(1), false));
        assert_eq!(infer(Some(1), &[0, 1, 0, 1]), (1, Some(1), true));
        assert_eq!(Budget::declared(u64::MAX, Some(1)).after(true, true), u64::MAX - 1);
    }

    #[test]
    fn bodies_may_have_a_budget_of_their_own() {
        let budget = Budget::declared(3, Some(1));
        assert_eq!([(true, false), (false, true), (true, true)].map(|(a, b)| budget.after(a, b)), [1, 3, 7]);
        let budget = Budget::declared(3, None);
        assert_eq!([(true, false), (false, true), (true, true)].map(|(a, b)| budget.after(a, b)), [3, 3, 3]);
    }
}
