//! How fast a body arrives.

use std::io;
use std::time::{Duration, Instant};

/// Whether enough of a body arrives. A byte now and then is no silence, and no download either.
#[derive(Debug)]
pub(crate) struct Rate {
    /// How many bytes a second, over each such time.
    least: u64,
    over: Duration,
    began: Instant,
    /// Since then.
    bytes: u64,
}

/// A body came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("Too slow: {bytes} B in {took:.1?}, where {least} B/s are the least")]
struct TooSlow {
    bytes: u64,
    took: Duration,
    least: u64,
}

impl Rate {
    pub(crate) fn new(least: u64, over: Duration, now: Instant) -> Self {
        Self { least, over, began: now, bytes: 0 }
    }

    /// Counts what has arrived.
    ///
    /// # Errors
    ///
    /// If it was too little for too long.
    pub(crate) fn count(&mut self, bytes: usize, now: Instant) -> io::Result<()> {
        self.bytes += bytes as u64;
        let took = now.saturating_duration_since(self.began);
        if took < self.over {
            return Ok(());
        }
        let (bytes, least) = (self.bytes, self.least);
        *self = Self::new(least, self.over, now);
        let enough = took.as_secs_f64() * least as f64 <= bytes as f64;
        if enough { Ok(()) } else { Err(io::Error::new(io::ErrorKind::TimedOut, TooSlow { bytes, took, least })) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of pieces of so many bytes, one each second, how many are taken, of 100.
    fn taken(piece: usize) -> usize {
        let began = Instant::now();
        let mut rate = Rate::new(10, Duration::from_secs(5), began);
        let mut at = (1..=100).map(|second| began + Duration::from_secs(second));
        at.by_ref().take_while(|now| rate.count(piece, *now).is_ok()).count()
    }

    #[test]
    fn enough_is_enough_and_less_is_not() {
        assert_eq!((taken(10), taken(9), taken(1)), (100, 4, 4));
    }

    #[test]
    fn what_came_before_does_not_count_for_ever() {
        let began = Instant::now();
        let at = |second| began + Duration::from_secs(second);
        let mut rate = Rate::new(10, Duration::from_secs(5), began);
        rate.count(1_000_000, at(1)).unwrap();
        rate.count(1, at(6)).unwrap();
        let error = rate.count(1, at(11)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "Too slow: 1 B in 5.0s, where 10 B/s are the least");
    }

    #[test]
    fn none_is_always_enough() {
        let mut rate = Rate::new(0, Duration::ZERO, Instant::now());
        rate.count(0, Instant::now()).unwrap();
    }
}
