//! What the wire saw: the exchanges of a trial, and what follows from them.

mod attempt;
mod parts;
mod pauses;
mod places;
mod retries;
#[cfg(feature = "audit")]
mod waits;
mod waste;

use std::collections::BTreeMap;

use flaky_server::{ByteSize, Exchange};

#[cfg(feature = "audit")]
pub(crate) use self::attempt::Failure;
pub(crate) use self::attempt::{Attempt, Pause, Version, is_same_path};
pub(crate) use self::pauses::together;
pub use self::places::Places;
pub(crate) use self::retries::{Group, Span};
#[cfg(feature = "audit")]
pub(crate) use self::waits::{Behind, Wait};

/// What the wire saw of a trial: its exchanges, or those for one target.
#[derive(Clone, Debug, Default)]
pub struct Wire {
    exchanges: Vec<Exchange>,
    attempts: Vec<Attempt>,
}

impl Wire {
    /// `same_file`: they are about one file, whatever query they have, and however it is encoded.
    pub(crate) fn new(exchanges: Vec<Exchange>, same_file: bool) -> Self {
        let attempts = exchanges.iter().map(|exchange| Attempt::new(exchange, same_file)).collect();
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

    /// How many retries there were: the attempts for each target, less the first. Those for one file count as one target
    /// for each method, whatever their query.
    pub fn retries(&self) -> u64 {
        self.span().most
    }

    /// How many retries there were, at least and at most, all in all.
    pub(crate) fn span(&self) -> Span {
        self.groups().iter().fold(Span::default(), |sum, group| sum.plus(group.retries))
    }

    /// The attempts for each thing by themselves.
    pub(crate) fn groups(&self) -> Vec<Group> {
        self.grouped().values().map(|attempts| Group::of(attempts)).collect()
    }

    /// How many attempts ended before they had said what they were for.
    pub(crate) fn nameless(&self) -> u64 {
        self.exchanges.iter().filter(|exchange| exchange.target.is_none()).count() as u64
    }

    /// How many attempts asked again behind one with which nothing was wrong: which the client had left, or of which it
    /// had all.
    pub(crate) fn returns(&self) -> u64 {
        let is_return = |pair: &&[&Attempt; 2]| {
            let [earlier, later] = **pair;
            let had_all = earlier.failure.is_none() && earlier.status == Some(200) && !later.wants_part;
            (earlier.left || had_all) && !later.resend
        };
        self.sequences().iter().flatten().filter(is_return).count() as u64
    }

    /// How many attempts followed another one in a row, of one method and for one part: the most that there were.
    #[cfg(feature = "audit")]
    pub(crate) fn in_a_row(&self) -> u64 {
        self.chains().iter().map(|pairs| pairs.len() as u64).max().unwrap_or_default()
    }

    /// Whether nothing was wrong with the last attempt; nor with the last one for each other part of the file.
    #[cfg(feature = "audit")]
    pub(crate) fn ends_well(&self) -> bool {
        let is_well = |attempt: &Attempt| attempt.failure.is_none() && attempt.status.is_some();
        let groups = self.grouped();
        let last = self.attempts.last().and_then(|last| groups.get(last.group.as_str()));
        last.is_some_and(|group| {
            parts::chains(group).iter().all(|chain| chain.last().is_some_and(|last| is_well(last)))
        })
    }

    /// How many attempts followed a redirect to another query. To follow one is no retry.
    #[cfg(feature = "audit")]
    pub(crate) fn hops(&self) -> u64 {
        let is_hop = |pair: &&[&Attempt; 2]| {
            let [earlier, later] = **pair;
            let is_redirect = earlier.failure.is_none() && matches!(earlier.status, Some(300..=399));
            is_redirect && earlier.target != later.target
        };
        self.sequences().iter().flatten().filter(is_hop).count() as u64
    }

    /// Where the attempts failed that were followed by another one, and how many of each.
    pub fn places(&self) -> Places {
        Places::of(self.grouped().values().flat_map(|attempts| attempts.windows(2)))
    }

    /// How many bytes of bodies the client's kernel has acknowledged; where the platform does not tell, how many were
    /// handed to ours.
    pub fn received(&self) -> u64 {
        self.attempts.iter().map(|attempt| attempt.received).sum()
    }

    /// How many of the [received](Self::received) bytes were received before, in an earlier attempt for the same file, or
    /// were the body of an error.
    pub fn wasted(&self) -> ByteSize {
        waste::of(&self.attempts)
    }

    /// Pairs of attempts for the same thing that follow each other, those for each thing by themselves.
    pub(crate) fn sequences(&self) -> Vec<Vec<[&Attempt; 2]>> {
        self.grouped().values().map(|attempts| pairs(attempts)).collect()
    }

    /// The same for each part of a file by itself, where several are asked for side by side.
    fn chains(&self) -> Vec<Vec<[&Attempt; 2]>> {
        let groups = self.grouped();
        groups.values().flat_map(|attempts| parts::chains(attempts)).map(|attempts| pairs(&attempts)).collect()
    }

    fn grouped(&self) -> BTreeMap<&str, Vec<&Attempt>> {
        let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for attempt in &self.attempts {
            groups.entry(attempt.group.as_str()).or_default().push(attempt);
        }
        groups
    }
}

/// Each attempt with the one behind it.
fn pairs<'a>(attempts: &[&'a Attempt]) -> Vec<[&'a Attempt; 2]> {
    attempts.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}
