//! What an audit says of an outcome.

use std::fmt;

use super::Level;

/// What an audit says of an outcome, the worst first.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Verdict {
    /// It says that all is well, and the file is not the one that was served.
    Corrupted,
    /// It had not ended at the time limit.
    Hung,
    /// It was ended by a signal that nobody has sent it, or panicked.
    Crashed,
    /// After the failure, a run against a healthy server fails as well, or succeeds with wrong bytes, or without asking.
    Poisoned,
    /// It sent what it must not send.
    Forbidden,
    /// It made more attempts than its budget allows.
    Exceeded,
    /// It failed where it should have succeeded, and not for want of a retry.
    FailedNeedlessly,
    /// It gave up without a retry.
    Skipped,
    /// It gave up with retries left.
    StoppedShort,
    /// It failed, and left a file that is not whole under the name of the whole.
    LeftPartial,
    /// It says another number of retries than there were.
    Untrue,
    /// It came back earlier than it was told to.
    IgnoredRetryAfter,
    /// It came back at once, again and again.
    NoBackoff,
    /// It comes back at the same moment as all others of its kind.
    Lockstep,
    /// It does not say what went wrong last.
    LostCause,
    /// It began anew, and promises to go on where it was cut off.
    StartedOver,
    /// It failed after retries, and does not say that there were any.
    Silent,
    /// It accepted what nobody can know to be wrong without a digest, and knows none.
    Undetectable,
    /// It went on at a speed that it does not promise to refuse.
    Unpromised,
    /// The fault could not happen: it asked for nothing to which it could.
    NotMet,
    /// It failed as it should.
    FailedCleanly,
    /// It succeeded after retries.
    Recovered,
    /// It succeeded at once.
    Succeeded,
}

impl Verdict {
    /// All of them, the worst first.
    pub const ALL: &'static [Self] = &[
        Self::Corrupted,
        Self::Hung,
        Self::Crashed,
        Self::Poisoned,
        Self::Forbidden,
        Self::Exceeded,
        Self::FailedNeedlessly,
        Self::Skipped,
        Self::StoppedShort,
        Self::LeftPartial,
        Self::Untrue,
        Self::IgnoredRetryAfter,
        Self::NoBackoff,
        Self::Lockstep,
        Self::LostCause,
        Self::StartedOver,
        Self::Silent,
        Self::Undetectable,
        Self::Unpromised,
        Self::NotMet,
        Self::FailedCleanly,
        Self::Recovered,
        Self::Succeeded,
    ];

    /// Whether it is held against the downloader.
    pub fn is_finding(self) -> bool {
        self < Self::Undetectable
    }

    /// Its name, for other programs: `failed-cleanly`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Corrupted => "corrupted",
            Self::Hung => "hung",
            Self::Crashed => "crashed",
            Self::Poisoned => "poisoned",
            Self::Forbidden => "forbidden",
            Self::Exceeded => "exceeded",
            Self::FailedNeedlessly => "failed-needlessly",
            Self::Skipped => "skipped",
            Self::StoppedShort => "stopped-short",
            Self::LeftPartial => "left-partial",
            Self::Untrue => "untrue",
            Self::IgnoredRetryAfter => "ignored-retry-after",
            Self::NoBackoff => "no-backoff",
            Self::Lockstep => "lockstep",
            Self::LostCause => "lost-cause",
            Self::StartedOver => "started-over",
            Self::Silent => "silent",
            Self::Undetectable => "undetectable",
            Self::Unpromised => "unpromised",
            Self::NotMet => "not-met",
            Self::FailedCleanly => "failed-cleanly",
            Self::Recovered => "recovered",
            Self::Succeeded => "succeeded",
        }
    }

    /// Its name in a table of Markdown: in bold if it is held against the downloader.
    pub(crate) fn marked(self) -> String {
        if self.is_finding() { format!("**{self}**") } else { self.to_string() }
    }

    /// What it means, in one sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Corrupted => "says that all is well, and the file is not the one that was served",
            Self::Hung => "had not ended at the time limit",
            Self::Crashed => "was ended by a signal that nobody has sent it, or panicked",
            Self::Poisoned => {
                "cannot download the file from a healthy server afterwards, or takes what it has for the file"
            }
            Self::Forbidden => "sent what it must not send",
            Self::Exceeded => "made more attempts than its budget of retries allows",
            Self::FailedNeedlessly => "failed where it should have succeeded, and not for want of a retry",
            Self::Skipped => "gave up without a retry",
            Self::StoppedShort => "gave up with retries left",
            Self::LeftPartial => "failed, and left a file that is not whole under the name of the whole",
            Self::Untrue => "says another number of retries than the wire saw",
            Self::IgnoredRetryAfter => "came back earlier than `Retry-After` says",
            Self::NoBackoff => "came back at once, again and again",
            Self::Lockstep => "comes back at the same moment as all others of its kind",
            Self::LostCause => "does not say what went wrong last",
            Self::StartedOver => "began anew, though it promises to go on where it was cut off",
            Self::Silent => "failed after retries, and does not say that there were any",
            Self::Undetectable => "accepted what cannot be known to be wrong without a digest; no fault of its",
            Self::Unpromised => "went on at a speed that it does not promise to refuse; no fault of its",
            Self::NotMet => "asked for nothing to which this could happen",
            Self::FailedCleanly => "failed as it should",
            Self::Recovered => "succeeded after retries",
            Self::Succeeded => "succeeded at once",
        }
    }

    /// How binding it is what it breaks in a case of this level.
    pub(crate) fn level(self, case: Level) -> Level {
        match self {
            Self::Corrupted | Self::Forbidden => case.max(Level::Should),
            Self::Crashed
            | Self::FailedNeedlessly
            | Self::Hung
            | Self::IgnoredRetryAfter
            | Self::LeftPartial
            | Self::Poisoned => Level::Should,
            _ => Level::Policy,
        }
    }
}

impl fmt::Display for Verdict {
    /// Its name, in words: `failed cleanly`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name().replace('-', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_them_all() {
        let page = include_str!("../docs/cases.md");
        for verdict in Verdict::ALL {
            let row = format!("| {} | {} |\n", verdict.marked(), verdict.meaning());
            assert!(page.contains(&row), "{row}");
        }
    }

    #[test]
    fn the_list_is_in_order() {
        assert!(Verdict::ALL.is_sorted());
        assert_eq!(Verdict::ALL.last(), Some(&Verdict::Succeeded));
        let findings = Verdict::ALL.iter().filter(|verdict| verdict.is_finding()).count();
        assert_eq!(findings, 17);
    }
}
