//! How many retries there are.

/// The retries that one download may make, whichever loop makes them.
///
/// There is one budget for a download, and each loop draws from it. Two loops with a budget of three each make
/// sixteen attempts, not four.
///
/// # Examples
///
/// ```
/// use model_downloader::{Budget, Loop};
///
/// let mut budget = Budget::new(2);
/// assert_eq!(budget.draw(Loop::Request), Some(0));
/// assert_eq!(budget.draw(Loop::Download), Some(1));
/// assert_eq!(budget.draw(Loop::Request), None);
/// assert_eq!(budget.spent().total(), 2);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    limit: u32,
    /// Against the limit.
    drawn: u32,
    /// For the report: this one only ever grows.
    spent: Spent,
}

/// Which loop makes a retry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Loop {
    /// The one in the HTTP client: it repeats a request that got no reply, or one that says to come back.
    Request,
    /// The one around it: it repeats what broke in mid body.
    Download,
}

/// How many retries each loop has made.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Spent {
    /// Those of [`Loop::Request`].
    pub by_request: u32,
    /// Those of [`Loop::Download`].
    pub by_download: u32,
}

impl Budget {
    /// A budget of so many retries.
    pub fn new(limit: u32) -> Self {
        Self { limit, drawn: 0, spent: Spent::default() }
    }

    /// Takes one retry out, and says how many had been taken before. `None` if none is left.
    pub fn draw(&mut self, by: Loop) -> Option<u32> {
        if self.drawn >= self.limit {
            return None;
        }
        let before = self.drawn;
        self.drawn += 1;
        match by {
            Loop::Request => self.spent.by_request += 1,
            Loop::Download => self.spent.by_download += 1,
        }
        Some(before)
    }

    /// Puts all of them back. Nothing that is right does this: see the flaw `refills-budget`.
    pub fn refill(&mut self) {
        self.drawn = 0;
    }

    /// How many retries were made, also those before a refill.
    pub fn spent(&self) -> Spent {
        self.spent
    }
}

impl Spent {
    /// All of them.
    pub fn total(self) -> u32 {
        self.by_request + self.by_download
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_loops_draw_from_one_budget() {
        let mut budget = Budget::new(3);
        let drawn = [Loop::Request, Loop::Download, Loop::Request, Loop::Download].map(|by| budget.draw(by));
        assert_eq!(drawn, [Some(0), Some(1), Some(2), None]);
        assert_eq!(budget.spent(), Spent { by_request: 2, by_download: 1 });
    }

    #[test]
    fn no_retries_are_none() {
        assert_eq!(Budget::new(0).draw(Loop::Request), None);
    }

    #[test]
    fn a_refill_forgets_nothing_that_was_made() {
        let mut budget = Budget::new(1);
        budget.draw(Loop::Download);
        budget.refill();
        assert_eq!((budget.draw(Loop::Download), budget.spent().total()), (Some(0), 2));
    }
}
