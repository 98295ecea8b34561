//! What the wire saw: the exchanges of a trial, and what follows from them.

mod attempt;
mod places;
mod waste;

use std::collections::BTreeMap;

use flaky_server::{ByteSize, Exchange, Target};

pub(crate) use self::attempt::{Attempt, Failure, Pause};
pub use self::places::Places;

/// What the wire saw of a trial: its exchanges, or those for one target.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    exchanges: Vec<Exchange>,
    attempts: Vec<Attempt>,
}

impl Wire {
    pub(crate) fn new(exchanges: Vec<Exchange>) -> Self {
        let attempts = exchanges.iter().map(Attempt::new).collect();
        Self { exchanges, attempts }
    }

    /// The exchanges, in order of arrival.
    pub fn exchanges(&self) -> &[Exchange] {
        &self.exchanges
    }

    pub(crate) fn all(&self) -> &[Attempt] {
        &self.attempts
    }

    /// How many attempts there were, resends included.
    pub fn attempts(&self) -> u64 {
        self.attempts.len() as u64
    }

    /// How many of them only repeat a request whose reused connection died before any byte of a response. HTTP stacks
    /// do this silently (RFC 9112 §9.3.1); an application that retries at once looks the same.
    pub fn resends(&self) -> u64 {
        self.attempts.iter().filter(|attempt| attempt.resend).count() as u64
    }

    /// How many retries there were: the attempts for each target, less the first.
    pub fn retries(&self) -> u64 {
        self.by_target().values().map(|attempts| attempts.len() as u64 - 1).sum()
    }

    /// How many retries only followed a redirect to where it came from.
    pub(crate) fn followed(&self) -> u64 {
        self.pairs().filter(|[earlier, _]| earlier.is_redirect()).count() as u64
    }

    /// Where the attempts failed that were followed by another one, and how many of each.
    pub fn places(&self) -> Places {
        Places::of(self.by_target().values().flat_map(|attempts| attempts.windows(2)))
    }

    /// How many bytes of bodies the client's kernel has acknowledged.
    pub fn received(&self) -> u64 {
        self.attempts.iter().map(|attempt| attempt.received).sum()
    }

    /// How many of the received bytes were received before, in an earlier attempt for the same path, or were the body
    /// of an error.
    pub fn wasted(&self) -> ByteSize {
        waste::of(&self.attempts)
    }

    /// Pairs of attempts for the same target that follow each other.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = [&Attempt; 2]> {
        let pairs: Vec<_> =
            self.by_target().values().flat_map(|attempts| attempts.windows(2)).map(|pair| [pair[0], pair[1]]).collect();
        pairs.into_iter()
    }

    fn by_target(&self) -> BTreeMap<Option<&Target>, Vec<&Attempt>> {
        let mut targets: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for attempt in &self.attempts {
            targets.entry(attempt.target.as_ref()).or_default().push(attempt);
        }
        // What ended before its head was complete could have been for anything, so it is a retry of nothing.
        if let Some(headless) = targets.remove(&None) {
            targets.extend(headless.first().map(|first| (None, vec![*first])));
        }
        targets
    }
}
