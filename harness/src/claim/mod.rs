//! What a downloader itself says about its retries.

mod count;
mod pattern;
mod wording;

#[cfg(test)]
mod tests;

use std::fmt;

pub use self::count::Count;
pub use self::pattern::{ClaimPattern, ClaimPatternError};

use crate::chain::Chain;
use crate::chain::text::{announces, clean, implies};

/// A statement of a downloader: how many attempts it made, or how many retries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Claim {
    count: Count,
    text: String,
}

impl Claim {
    /// What is stated.
    pub fn count(&self) -> Count {
        self.count
    }

    /// How many retries these are.
    pub fn retries(&self) -> u64 {
        self.count.retries()
    }

    /// The words that state it.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (\"{}\")", self.count, self.text)
    }
}

/// All that a downloader says about its retries: a total, announcements of single ones, both, or nothing.
///
/// # Examples
///
/// ```
/// use flaky_harness::{Chain, Claims, Count};
///
/// let output = b"retrying in 1s\nretrying in 2s\nerror: could not install: gave up after 3 attempts\n";
/// let claims = Claims::read(output, &Chain::from_output(output), &[]);
/// assert_eq!(claims.total().map(|total| total.count()), Some(Count::Attempts(3)));
/// assert_eq!(claims.retries(), Some(2));
/// assert_eq!(claims.announced(), 2);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Claims {
    total: Option<Claim>,
    announced: u64,
}

impl Claims {
    /// What is said in the output of a program, and in the chain of its errors, which may be that of a function.
    ///
    /// `own` patterns, see [`ClaimPattern`], come before those that are known; of each, the last match counts. The chain
    /// comes before the rest of the output: there, a sentence is whole which a terminal has wrapped.
    pub fn read(output: &[u8], chain: &Chain, own: &[ClaimPattern]) -> Self {
        let text = clean(output);
        let links: Vec<&str> = chain.links().iter().map(|link| link.text()).collect();
        let links = links.join("\n");
        let total = pattern::last(&links, own)
            .or_else(|| pattern::last(&text, own))
            .or_else(|| wording::total_of_chain(&links))
            .or_else(|| wording::total_of_output(&text));
        let count = |says: fn(&str) -> bool| text.lines().filter(|line| says(line)).count() as u64;
        let announced = match (count(announces), &total) {
            (0, None) => count(implies),
            (announced, _) => announced,
        };
        Self { total, announced }
    }

    /// The total that is stated.
    pub fn total(&self) -> Option<&Claim> {
        self.total.as_ref()
    }

    /// How many retries are announced, one by one.
    ///
    /// "Attempt 1/3 failed" is such an announcement where nothing states a total.
    pub fn announced(&self) -> u64 {
        self.announced
    }

    /// The retries of the total; without one, as many as are announced; `None` if nothing is said about retries.
    pub fn retries(&self) -> Option<u64> {
        self.total().map(Claim::retries).or_else(|| (self.announced > 0).then_some(self.announced))
    }
}
