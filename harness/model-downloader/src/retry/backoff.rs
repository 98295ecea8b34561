//! How long to wait before a retry.

use std::time::Duration;

/// How long to wait before a retry: longer each time, and never as long as everybody else.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use model_downloader::{Backoff, Jitter};
///
/// let backoff = Backoff { jitter: Jitter::None, ..Backoff::default() };
/// assert_eq!(backoff.pause(0, 0.0), Duration::from_millis(500));
/// assert_eq!(backoff.pause(3, 0.0), Duration::from_secs(4));
/// assert_eq!(backoff.pause(99, 0.0), Duration::from_secs(30));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    /// The first pause; each further one is twice as long.
    pub base: Duration,
    /// No pause is longer.
    pub cap: Duration,
    /// What chance does to a pause.
    pub jitter: Jitter,
}

/// What chance does to a pause: clients that failed in the same moment must not come back in the same moment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Jitter {
    /// Anything up to the full pause. It spreads best, and may come back at once.
    Full,
    /// Half of the pause, and anything up to the other half.
    Equal,
    /// Nothing.
    None,
}

impl Backoff {
    /// The pause before a retry, of which so many came before it. `chance` is between 0 and 1.
    pub fn pause(&self, before: u32, chance: f64) -> Duration {
        let doubled = 2_u32.checked_pow(before).and_then(|factor| self.base.checked_mul(factor));
        let full = doubled.unwrap_or(Duration::MAX).min(self.cap);
        match self.jitter {
            Jitter::Full => full.mul_f64(chance),
            Jitter::Equal => full / 2 + (full / 2).mul_f64(chance),
            Jitter::None => full,
        }
    }
}

impl Default for Backoff {
    /// Half a second, twice as long each time, 30 s at most, half of it by chance.
    fn default() -> Self {
        Self { base: Duration::from_millis(500), cap: Duration::from_secs(30), jitter: Jitter::Equal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(jitter: Jitter, chance: f64, expected: [u64; 8]) {
        let backoff = Backoff { jitter, ..Backoff::default() };
        let pauses: Vec<_> = (0..8).map(|before| backoff.pause(before, chance).as_millis()).collect();
        assert_eq!(pauses, expected.map(u128::from));
    }

    #[test]
    fn it_doubles_up_to_its_cap() {
        check(Jitter::None, 0.5, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
    }

    #[test]
    fn chance_makes_it_shorter_and_never_longer() {
        check(Jitter::Equal, 0.0, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
        check(Jitter::Equal, 1.0, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
        check(Jitter::Full, 0.0, [0; 8]);
        check(Jitter::Full, 0.5, [250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    }

    #[test]
    fn no_number_is_too_large() {
        let backoff = Backoff { base: Duration::MAX, ..Backoff::default() };
        assert_eq!(backoff.pause(u32::MAX, 1.0), backoff.cap);
    }
}
