//! Bytes that were received in vain.

use std::collections::BTreeMap;
use std::ops::Range;

use flaky_server::ByteSize;

use super::attempt::Attempt;

/// How many of the received bytes were there already, or belong to no file.
pub(super) fn of(attempts: &[Attempt]) -> ByteSize {
    let mut files: BTreeMap<&str, Vec<Range<u64>>> = BTreeMap::new();
    let mut received = 0;
    for attempt in attempts {
        received += attempt.received;
        if let Some(start) = attempt.start {
            files.entry(&attempt.file).or_default().push(start..start + attempt.received);
        }
    }
    let useful: u64 = files.into_values().map(union).sum();
    ByteSize::b(received - useful)
}

/// How many bytes the ranges cover.
fn union(mut ranges: Vec<Range<u64>>) -> u64 {
    ranges.sort_by_key(|range| range.start);
    let mut covered = 0;
    let mut end = 0;
    for range in ranges {
        let start = range.start.max(end);
        covered += range.end.saturating_sub(start);
        end = end.max(range.end);
    }
    covered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(status: u16, start: u64, received: u64) -> Attempt {
        let start = Some(start).filter(|_| status < 300);
        Attempt { start, received, ..Attempt::default() }
    }

    #[track_caller]
    fn check(attempts: &[Attempt], wasted: u64) {
        assert_eq!(of(attempts), ByteSize::b(wasted));
    }

    #[test]
    fn what_is_received_twice_is_wasted_once() {
        check(&[attempt(200, 0, 100)], 0);
        check(&[attempt(200, 0, 60), attempt(200, 0, 100)], 60);
        check(&[attempt(200, 0, 60), attempt(206, 60, 40)], 0);
        check(&[attempt(200, 0, 60), attempt(206, 50, 50)], 10);
        check(&[attempt(206, 50, 50), attempt(206, 0, 50)], 0);
        check(&[attempt(206, 10, 10), attempt(200, 0, 100), attempt(206, 5, 5)], 15);
    }

    #[test]
    fn bodies_of_errors_are_wasted() {
        check(&[attempt(503, 0, 20), attempt(200, 0, 100)], 20);
    }

    #[test]
    fn a_server_that_ignores_the_range_sends_all() {
        check(&[attempt(200, 0, 50), attempt(200, 0, 100)], 50);
    }
}
