//! A mark by which the processes of one run are known.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher as _, Hasher as _};
use std::process;

/// The variable that carries it: a program hands it on to all that it starts, unless it takes pains not to.
pub(super) const NAME: &str = "FLAKY_TRIAL";

/// A mark that no other run has, in this process or another.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Marker(String);

impl Marker {
    pub(super) fn new() -> Self {
        // The standard library's source of randomness: new keys each time.
        Self(format!("{}-{:016x}", process::id(), RandomState::new().build_hasher().finish()))
    }

    pub(super) fn value(&self) -> &str {
        &self.0
    }

    /// Whether it is in an environment as Linux shows it: `NAME=value`, each with a zero byte behind it.
    #[cfg(target_os = "linux")]
    pub(super) fn is_in(&self, environment: &[u8]) -> bool {
        let ours = format!("{NAME}={}", self.0);
        environment.split(|&byte| byte == 0).any(|variable| variable == ours.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_are_the_same() {
        assert_ne!(Marker::new(), Marker::new());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_the_whole_variable_counts() {
        let marker = Marker("1-2".to_owned());
        assert!(marker.is_in(b"A=1\0FLAKY_TRIAL=1-2\0"));
        assert!(marker.is_in(b"FLAKY_TRIAL=1-2"));
        assert!(!marker.is_in(b"A=1\0FLAKY_TRIAL=1-23\0"));
        assert!(!marker.is_in(b"A=FLAKY_TRIAL=1-2\0"));
        assert!(!marker.is_in(b""));
    }
}
