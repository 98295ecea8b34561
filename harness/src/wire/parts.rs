//! Attempts for different parts of a file, which are asked for side by side: what follows what.

use super::attempt::{Attempt, Failure};

/// Attempts that are for the same part of a file, each of which may be a retry of the one before it.
struct Chain<'a> {
    attempts: Vec<&'a Attempt>,
    /// Where the part begins.
    from: Option<u64>,
    /// How far its last attempt came: from there, or from before that, a client goes on.
    until: Option<u64>,
}

impl<'a> Chain<'a> {
    fn new(attempt: &'a Attempt) -> Self {
        let mut chain = Self { attempts: Vec::new(), from: first_byte(attempt), until: None };
        chain.push(attempt);
        chain
    }

    fn push(&mut self, attempt: &'a Attempt) {
        self.from = self.from.into_iter().chain(first_byte(attempt)).min();
        self.until = last_byte(attempt);
        self.attempts.push(attempt);
    }

    /// Whether an attempt may be for the rest of this part, or for the part once more.
    fn goes_on_with(&self, attempt: &Attempt) -> bool {
        // Who begins anew asks for all.
        if !attempt.wants_part {
            return true;
        }
        // What still goes on is asked for beside others; behind an attempt at all, any part may be what is left of it.
        let Some(last) = self.attempts.last().filter(|last| Attempt::follows([last, attempt])) else { return false };
        !last.wants_part
            || match (first_byte(attempt), self.from, self.until) {
                (Some(first), Some(from), Some(until)) => (from..=until).contains(&first),
                (first, from, _) => first == from,
            }
    }
}

/// The attempts for one file, those for each part by themselves.
pub(super) fn chains<'a>(attempts: &[&'a Attempt]) -> Vec<Vec<&'a Attempt>> {
    let mut chains: Vec<Chain<'a>> = Vec::new();
    for attempt in attempts {
        // The last one is the one that went on last.
        match chains.iter().rposition(|chain| chain.goes_on_with(attempt)) {
            Some(at) => {
                let mut chain = chains.remove(at);
                chain.push(attempt);
                chains.push(chain);
            }
            None => chains.push(Chain::new(attempt)),
        }
    }
    chains.into_iter().map(|chain| chain.attempts).collect()
}

/// Where what it asks for begins; `None` if that is not known, as of the last bytes of a file.
fn first_byte(attempt: &Attempt) -> Option<u64> {
    attempt.asked.or_else(|| (!attempt.wants_part).then_some(0))
}

/// The last byte that may be asked for again, or the first that is missing. Behind a complete reply nothing is missing: what
/// begins there is the next part.
fn last_byte(attempt: &Attempt) -> Option<u64> {
    let end = attempt.start.map(|start| start + attempt.received);
    let is_complete = matches!(attempt.failure, None | Some(Failure::Content)) && !attempt.left;
    let until = first_byte(attempt).max(end.map(|end| if is_complete { end.saturating_sub(1) } else { end }));
    until.map(|until| attempt.asked_last.map_or(until, |last| until.min(last)))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// An attempt at what begins there, which broke after so many bytes.
    fn broken(asked: u64, received: u64) -> Attempt {
        Attempt {
            asked: Some(asked),
            wants_part: true,
            start: Some(asked),
            received,
            failure: Some(Failure::InBody),
            ended_at: Some(Duration::ZERO),
            ..Attempt::default()
        }
    }

    fn whole(received: u64) -> Attempt {
        Attempt { asked: None, wants_part: false, ..broken(0, received) }
    }

    #[track_caller]
    fn check(attempts: &[Attempt], lengths: &[usize]) {
        let attempts: Vec<_> = attempts.iter().collect();
        let found: Vec<_> = chains(&attempts).iter().map(Vec::len).collect();
        assert_eq!(found, lengths);
    }

    #[test]
    fn who_resumes_or_begins_anew_is_at_the_same_part() {
        check(&[whole(100), broken(100, 50), broken(150, 0), broken(150, 9)], &[4]);
        check(&[whole(100), whole(100), broken(100, 0), whole(100)], &[4]);
        check(&[whole(0), broken(500, 50), broken(900, 50)], &[2, 1]);
        // A little of it once more, behind an attempt that brought nothing.
        check(&[whole(100), broken(100, 0), broken(90, 9)], &[3]);
    }

    #[test]
    fn parts_side_by_side_are_no_retries_of_each_other() {
        let side_by_side = [broken(0, 50), broken(100, 50), broken(200, 50)];
        check(&side_by_side, &[1, 1, 1]);
        let [a, b, c] = side_by_side;
        check(&[a, b, broken(50, 0), c, broken(150, 0), broken(250, 0)], &[2, 2, 2]);
    }

    /// As of a client that goes on with the first reply, and asks for the end of the file beside it.
    #[test]
    fn what_still_goes_on_is_followed_by_nothing() {
        let endless = || Attempt { ended_at: Some(Duration::from_secs(9)), ..whole(100) };
        check(&[endless(), broken(500, 50), broken(550, 50), broken(600, 50)], &[1, 3]);
    }

    #[test]
    fn the_next_part_is_no_retry() {
        let complete = |asked, received| Attempt { failure: None, ..broken(asked, received) };
        check(&[complete(0, 100), complete(100, 100)], &[1, 1]);
        check(&[broken(0, 100), complete(100, 100)], &[2]);
        // It broke behind all that was asked for.
        let all = Attempt { asked_last: Some(99), ..broken(0, 100) };
        check(&[all.clone(), all, complete(100, 100)], &[2, 1]);
        // The end of an archive, before anything else of it is read.
        let end = || Attempt { asked: None, start: Some(900), ..broken(0, 10) };
        check(&[end(), end(), broken(0, 100)], &[2, 1]);
        check(&[whole(100), end(), broken(100, 50), broken(150, 0)], &[4]);
    }
}
