//! How long a client waited before it came again.

use std::time::Duration;

use super::Wire;
use super::attempt::{Attempt, Pause};

impl Wire {
    /// The pauses before retries, those of each target, and of each of its parts, by themselves.
    pub(crate) fn pauses(&self) -> Vec<Vec<Pause>> {
        let is_retry = |pair: &&[&Attempt; 2]| pair[0].failure.is_some() && !pair[1].resend;
        let of_one = |pairs: Vec<[&Attempt; 2]>| -> Vec<Pause> {
            pairs.iter().filter(is_retry).filter_map(|pair| Attempt::pause(*pair)).collect()
        };
        self.chains().into_iter().map(of_one).filter(|pauses| !pauses.is_empty()).collect()
    }

    /// The pauses behind replies that asked for one, with what they asked for.
    pub(crate) fn asked_pauses(&self) -> Vec<(Duration, Pause)> {
        let asked = |pair: &[&Attempt; 2]| Some((pair[0].retry_after?, Attempt::pause(*pair)?));
        self.chains().iter().flatten().filter_map(asked).collect()
    }

    /// The first pause for each target.
    pub(crate) fn first_pauses(&self) -> Vec<Pause> {
        let sequences = self.sequences();
        let firsts = sequences.iter().filter_map(|pairs| pairs.iter().find(|[_, later]| !later.resend));
        firsts.filter_map(|pair| Attempt::pause(*pair)).collect()
    }
}

/// How many of these pauses, at most, end within such a window.
pub(crate) fn together(pauses: &[Pause], window: Duration) -> usize {
    let mut known: Vec<_> = pauses.iter().map(|pause| pause.known).collect();
    known.sort_unstable();
    let within = |at: usize| known[at..].iter().take_while(|it| **it - known[at] <= window).count();
    (0..known.len()).map(within).max().unwrap_or_default()
}
