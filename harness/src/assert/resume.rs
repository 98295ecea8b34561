//! Whether retries resumed, or began anew.

use super::{Assert, AssertionError, panicking};
use crate::wire::Attempt;

impl Assert<'_> {
    panicking! {
        /// A later attempt asked for the file from this byte on, and got it from there (206). In a trial that runs
        /// [after](crate::Trial::after) another, the first attempt is a later one as well.
        resumed_at, try_resumed_at, offset: u64
    }

    /// The twin of [`resumed_at`](Self::resumed_at).
    ///
    /// # Errors
    ///
    /// If none did.
    pub fn try_resumed_at(self, offset: u64) -> Result<Self, AssertionError> {
        let later = self.later();
        let holds = later.iter().any(|attempt| attempt.start == Some(offset) && attempt.status == Some(206));
        let got = || list(&later);
        self.check_wire(holds, || format!("a later attempt that resumes at byte {offset}"), got, Vec::new)
    }

    panicking! {
        /// There were later attempts, and all of them asked for the whole file, if only as `bytes=0-`. In a trial
        /// that runs [after](crate::Trial::after) another, the first attempt is a later one as well.
        restarted, try_restarted
    }

    /// The twin of [`restarted`](Self::restarted).
    ///
    /// # Errors
    ///
    /// If there were none, or one that asked for a part.
    pub fn try_restarted(self) -> Result<Self, AssertionError> {
        let later = self.later();
        let holds = !later.is_empty() && later.iter().all(|attempt| !attempt.wants_part);
        self.check_wire(holds, || "later attempts, each for the whole file".to_owned(), || list(&later), Vec::new)
    }

    /// All attempts for a target but its first, which follows on nothing unless there was a trial before.
    fn later(self) -> Vec<Attempt> {
        if self.outcome.facts().continues {
            return self.outcome.wire().all().to_vec();
        }
        self.outcome.wire().sequences().iter().flatten().map(|[_, later]| (*later).clone()).collect()
    }
}

fn list(later: &[Attempt]) -> String {
    let status = |attempt: &Attempt| attempt.status.map_or_else(|| "no head".to_owned(), |status| status.to_string());
    let one = |attempt: &Attempt| match (attempt.asked, attempt.start) {
        _ if !attempt.wants_part => "one for the whole file".to_owned(),
        (Some(asked), Some(start)) if asked != start => {
            format!("one from byte {asked}, answered from byte {start} ({})", status(attempt))
        }
        (Some(asked), _) => format!("one from byte {asked} ({})", status(attempt)),
        (None, _) => format!("one for a range ({})", status(attempt)),
    };
    match later {
        [] => "no later attempt".to_owned(),
        later => later.iter().map(one).collect::<Vec<_>>().join(", "),
    }
}
