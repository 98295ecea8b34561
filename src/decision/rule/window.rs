//! When, since the server's start, a rule holds.

use std::{fmt, time::Duration};

use crate::units::{UnitError, display_duration, parse_duration};

/// When, since the server's start, a rule holds.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Window {
    from: Option<Duration>,
    /// Never zero.
    lasting: Option<Duration>,
}

impl Window {
    pub(super) fn start(&mut self, from: Duration) {
        self.from = Some(from);
    }

    pub(super) fn last(&mut self, lasting: Duration) -> Result<(), UnitError> {
        if lasting.is_zero() {
            return Err(UnitError::new("nothing happens within no time", "it is at least something, such as `1ms`"));
        }
        self.lasting = Some(lasting);
        Ok(())
    }

    /// Whether it is open so long after the server's start. Its first moment is part of it, its last is not.
    pub(super) fn contains(&self, elapsed: Duration) -> bool {
        elapsed
            .checked_sub(self.from.unwrap_or_default())
            .is_some_and(|since| self.lasting.is_none_or(|lasting| since < lasting))
    }

    /// Whether there is a condition of this name already.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names().any(|of| of == name)
    }

    /// Sets the condition of this name.
    pub(super) fn set(&mut self, name: &str, value: &str) -> Result<(), UnitError> {
        let duration = parse_duration(value)?;
        match name {
            "from" => self.start(duration),
            _ => self.last(duration)?,
        }
        Ok(())
    }

    /// The names of its conditions.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.from.map(|_| "from").into_iter().chain(self.lasting.map(|_| "for"))
    }
}

impl fmt::Display for Window {
    /// Each condition with a space before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, duration) in [("from", self.from), ("for", self.lasting)] {
            if let Some(duration) = duration {
                write!(f, " {name}={}", display_duration(duration))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(conditions: &[(&str, &str)], open_at: &[u64]) {
        let mut window = Window::default();
        for (name, value) in conditions {
            window.set(name, value).unwrap();
        }
        let open: Vec<u64> = (0..6).filter(|&s| window.contains(Duration::from_secs(s))).collect();
        assert_eq!(open, open_at, "{window}");
    }

    #[test]
    fn a_window_is_open_from_its_start_to_before_its_end() {
        check(&[], &[0, 1, 2, 3, 4, 5]);
        check(&[("from", "2s")], &[2, 3, 4, 5]);
        check(&[("for", "2s")], &[0, 1]);
        check(&[("from", "2s"), ("for", "2s")], &[2, 3]);
        check(&[("from", "0s"), ("for", "1ms")], &[0]);
        check(&[("from", "1s"), ("for", "18446744073709551615s")], &[1, 2, 3, 4, 5]);
    }

    #[test]
    fn wrong_values_are_errors() {
        for (name, value) in [("for", "0s"), ("for", "2"), ("from", "-1s"), ("from", "")] {
            assert!(Window::default().set(name, value).is_err(), "{name}={value}");
        }
    }
}
