//! How the pauses between attempts are to be.

use std::fmt;
use std::time::Duration;

use crate::wire::Pause;

/// How the pauses between attempts are to be.
///
/// A pause is the time from the end of an attempt to the next one for the same target, on the server's clock. An end that
/// the client may have seen before the server knew of it is given the benefit of the doubt, at most 0.24 s. Lower bounds
/// hold on any machine; upper ones ([`at_most`](Self::at_most), [`jitter`](Self::jitter)) need room, because a
/// busy machine makes every pause longer.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use flaky_harness::Backoff;
///
/// // 1 s, 2 s, 4 s, each up to a half shorter or longer; and none longer than a minute.
/// let backoff = Backoff::at_least(Duration::from_secs(1)).growing(2.0).jitter(0.5).at_most(Duration::from_secs(60));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Backoff {
    first: Duration,
    factor: f64,
    jitter: Option<f64>,
    at_most: Option<Duration>,
}

/// What a busy machine may add to a pause before it counts as too long for its jitter.
const SLACK: Duration = Duration::from_millis(500);

impl Backoff {
    /// No pause is shorter than this.
    pub fn at_least(first: Duration) -> Self {
        Self { first, factor: 1.0, jitter: None, at_most: None }
    }

    /// Each pause is to be this many times as long as the one before it, up to [`at_most`](Self::at_most): the first as
    /// long as `at_least` says, and so on. Defaults to 1.
    ///
    /// # Panics
    ///
    /// If it is below 0, infinite, or no number.
    #[must_use]
    pub fn growing(mut self, factor: f64) -> Self {
        assert!(factor.is_finite() && factor >= 0.0, "pauses cannot grow by a factor of {factor}");
        self.factor = factor;
        self
    }

    /// A pause may be shorter or longer than it should by this share, between 0 and 1, and no more than half a second
    /// beyond that. Without it, a pause may not be shorter, and may be as long as it likes.
    ///
    /// # Panics
    ///
    /// If it is not between 0 and 1.
    #[must_use]
    pub fn jitter(mut self, share: f64) -> Self {
        assert!((0.0..=1.0).contains(&share), "a share of a pause is between 0 and 1, and not {share}");
        self.jitter = Some(share);
        self
    }

    /// No pause is to be longer than this.
    #[must_use]
    pub fn at_most(mut self, most: Duration) -> Self {
        self.at_most = Some(most);
        self
    }

    /// What is wrong with the first pause that is not as it should be.
    pub(super) fn check(&self, pauses: &[Pause]) -> Result<(), String> {
        for (i, pause) in pauses.iter().enumerate() {
            let (low, high) = self.bounds(i);
            let Pause { known, at_most } = *pause;
            if at_most < low {
                return Err(format!("pause {} is {known:.1?}, and should be {low:.1?} at least", i + 1));
            }
            if let Some(high) = high.filter(|high| known > *high) {
                return Err(format!("pause {} is {known:.1?}, and should be {high:.1?} at most", i + 1));
            }
        }
        Ok(())
    }

    /// The bounds of the pause with this number, from 0.
    fn bounds(&self, number: usize) -> (Duration, Option<Duration>) {
        let power = self.factor.powi(i32::try_from(number).unwrap_or(i32::MAX));
        let ideal = Duration::try_from_secs_f64(self.first.as_secs_f64() * power).unwrap_or(Duration::MAX);
        let ideal = self.at_most.map_or(ideal, |most| ideal.min(most));
        let Some(jitter) = self.jitter else { return (ideal, self.at_most) };
        let high = Duration::try_from_secs_f64(ideal.as_secs_f64() * (1.0 + jitter)).unwrap_or(Duration::MAX);
        let high = high.saturating_add(SLACK);
        (ideal.mul_f64(1.0 - jitter), Some(self.at_most.map_or(high, |most| high.min(most))))
    }
}

impl fmt::Display for Backoff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pauses of at least {:?}", self.first)?;
        if self.factor != 1.0 {
            write!(f, ", each {} times the one before", self.factor)?;
        }
        if let Some(jitter) = self.jitter {
            write!(f, ", give or take {:.0} %", jitter * 100.0)?;
        }
        self.at_most.map_or(Ok(()), |most| write!(f, ", and of at most {most:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exactly(pause: Duration) -> Pause {
        Pause { known: pause, at_most: pause }
    }

    #[track_caller]
    fn check(backoff: Backoff, pauses: &[u64], wrong: Option<&str>) {
        let pauses: Vec<_> = pauses.iter().map(|ms| exactly(Duration::from_millis(*ms))).collect();
        assert_eq!(backoff.check(&pauses).err().as_deref(), wrong);
    }

    #[test]
    fn bounds_of_pauses() {
        let second = Backoff::at_least(Duration::from_secs(1));
        check(second, &[1_000, 5_000], None);
        check(second, &[1_000, 999], Some("pause 2 is 999.0ms, and should be 1.0s at least"));
        check(second.at_most(Duration::from_secs(4)), &[4_001], Some("pause 1 is 4.0s, and should be 4.0s at most"));

        let doubling = second.growing(2.0);
        check(doubling, &[1_000, 2_000, 4_000], None);
        check(doubling, &[1_000, 1_000], Some("pause 2 is 1.0s, and should be 2.0s at least"));
        check(doubling.at_most(Duration::from_secs(2)), &[1_000, 2_000, 2_000], None);

        let jittered = doubling.jitter(0.5);
        check(jittered, &[500, 1_000, 2_000], None);
        check(jittered, &[1_500, 3_000, 6_000], None);
        check(jittered, &[499], Some("pause 1 is 499.0ms, and should be 500.0ms at least"));
        check(jittered, &[2_001], Some("pause 1 is 2.0s, and should be 2.0s at most"));
    }

    #[test]
    fn no_number_is_too_large() {
        let backoff = Backoff::at_least(Duration::MAX).growing(f64::MAX).jitter(1.0);
        assert!(backoff.check(&[exactly(Duration::MAX); 3]).is_ok());
    }

    #[test]
    fn nobody_is_accused_of_what_is_in_doubt() {
        let pause =
            |known, at_most| [Pause { known: Duration::from_millis(known), at_most: Duration::from_millis(at_most) }];
        let second = Backoff::at_least(Duration::from_secs(1)).jitter(0.0);
        assert!(second.check(&pause(960, 1_000)).is_ok() && second.check(&pause(1_500, 1_700)).is_ok());
        assert!(second.check(&pause(960, 999)).is_err() && second.check(&pause(1_501, 1_501)).is_err());
    }

    #[test]
    #[should_panic(expected = "between 0 and 1, and not 7")]
    fn a_share_is_no_percentage() {
        let _ = Backoff::at_least(Duration::ZERO).jitter(7.0);
    }

    #[test]
    #[should_panic(expected = "a factor of NaN")]
    fn a_factor_is_a_number() {
        let _ = Backoff::at_least(Duration::ZERO).growing(f64::NAN);
    }

    #[test]
    fn it_can_be_read() {
        let backoff =
            Backoff::at_least(Duration::from_secs(1)).growing(2.0).jitter(0.5).at_most(Duration::from_secs(9));
        let text = "pauses of at least 1s, each 2 times the one before, give or take 50 %, and of at most 9s";
        assert_eq!(backoff.to_string(), text);
    }
}
