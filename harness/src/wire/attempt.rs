//! What judging needs to know of an exchange.

use std::time::Duration;

use flaky_server::{By, End, Entry, Exchange, Target, units::parse_duration};

/// What judging needs to know of an exchange.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attempt {
    pub(crate) target: Option<Target>,
    pub(crate) resend: bool,
    /// Where the `Range` header begins, if it has one range with a beginning.
    pub(crate) range_start: Option<u64>,
    /// Whether it asks for less than the whole file.
    pub(crate) wants_part: bool,
    pub(crate) status: Option<u16>,
    pub(crate) received: u64,
    /// How it failed, as far as the wire knows.
    pub(crate) failure: Option<Failure>,
    /// The `Retry-After` of the reply.
    pub(crate) retry_after: Option<Duration>,
    pub(crate) gap: Option<Duration>,
    /// How much earlier than the server knows it may have ended for the client.
    pub(crate) doubt: Duration,
}

/// A reply has arrived when the client's kernel has acknowledged it, which that may put off: Linux by 40 ms as a rule,
/// and no system for longer than this.
const DELAYED_ACK: Duration = Duration::from_millis(200);

/// How long a client waited, as far as the server can know.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Pause {
    /// So long at least.
    pub(crate) known: Duration,
    /// And no longer than this.
    pub(crate) at_most: Duration,
}

/// How an attempt failed on the wire.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Failure {
    /// No status line came.
    BeforeHead,
    /// The head came, and not all of the body.
    InBody,
    /// It was complete, and an error.
    Status(u16),
}

impl Attempt {
    pub(crate) fn new(exchange: &Exchange) -> Self {
        let range = exchange.range.as_deref();
        Self {
            target: exchange.target.clone(),
            resend: exchange.resend,
            range_start: range.and_then(start),
            wants_part: range.is_some_and(|range| !is_whole(range)),
            status: exchange.status,
            received: exchange.body_acked.unwrap_or(exchange.body_sent),
            failure: Failure::of(exchange.status, exchange.end).filter(|_| !left_by_itself(exchange)),
            retry_after: retry_after(exchange),
            gap: exchange.gap,
            doubt: exchange.ended_at.map_or(Duration::ZERO, |end| end.saturating_sub(exchange.at).min(DELAYED_ACK)),
        }
    }

    /// The pause between the end of an attempt and the next one for the same target.
    pub(crate) fn pause([earlier, later]: [&Self; 2]) -> Pause {
        let known = later.gap.unwrap_or_default();
        Pause { known, at_most: known + earlier.doubt }
    }

    /// Whether it was answered with a redirect, and completely.
    pub(crate) fn is_redirect(&self) -> bool {
        self.failure.is_none() && matches!(self.status, Some(301 | 302 | 303 | 307 | 308))
    }

    /// Where its bytes belong in the file.
    pub(crate) fn offset(&self) -> Option<u64> {
        match self.status? {
            200 => Some(0),
            206 => self.range_start,
            _ => None,
        }
    }
}

impl Failure {
    pub(crate) fn of(status: Option<u16>, end: Option<End>) -> Option<Self> {
        match (status, end) {
            (None, _) => Some(Self::BeforeHead),
            (Some(_), end) if end != Some(End::Complete) => Some(Self::InBody),
            (Some(status @ 400..), _) => Some(Self::Status(status)),
            (Some(_), _) => None,
        }
    }

    /// Whether it is worth another attempt: a connection always is; of statuses, those that RFC 9110 §15.5.9 and
    /// §15.6, RFC 6585 §4, and the lists of clients call temporary.
    pub(crate) fn is_transient(self) -> bool {
        match self {
            Self::BeforeHead | Self::InBody => true,
            Self::Status(status) => matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 520..=524 | 527),
        }
    }
}

/// Whether the client left although nothing was wrong: its disk is full, say, or it has seen enough.
fn left_by_itself(exchange: &Exchange) -> bool {
    let is_well = exchange.plan.parse::<Entry>().is_ok_and(|entry| !entry.has_fault());
    exchange.by == Some(By::Client) && is_well
}

/// The first byte that `bytes=N-M` or `bytes=N-` asks for.
fn start(range: &str) -> Option<u64> {
    let (first, _) = range.trim().strip_prefix("bytes=")?.split_once('-')?;
    first.trim().parse().ok()
}

/// `bytes=0-` asks for what a request without a range asks for: clients send it that resume with nothing in hand.
fn is_whole(range: &str) -> bool {
    range.trim() == "bytes=0-"
}

fn retry_after(exchange: &Exchange) -> Option<Duration> {
    exchange.status?;
    let value = exchange.plan.split(' ').find_map(|term| term.strip_prefix("retry-after="))?;
    parse_duration(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_begin_somewhere() {
        assert_eq!(start("bytes=100-"), Some(100));
        assert_eq!(start("bytes=100-199"), Some(100));
        assert_eq!(start("bytes=-5"), None);
        assert_eq!(start("lines=1-"), None);
    }

    #[test]
    fn a_range_may_be_the_whole_file() {
        assert!(is_whole("bytes=0-"));
        assert!(!is_whole("bytes=1-") && !is_whole("bytes=0-9") && !is_whole("bytes=-9"));
    }

    #[test]
    fn failures_have_a_place() {
        assert_eq!(Failure::of(None, Some(End::Rst)), Some(Failure::BeforeHead));
        assert_eq!(Failure::of(Some(200), Some(End::Rst)), Some(Failure::InBody));
        assert_eq!(Failure::of(Some(200), None), Some(Failure::InBody));
        assert_eq!(Failure::of(Some(503), Some(End::Complete)), Some(Failure::Status(503)));
        assert_eq!(Failure::of(Some(200), Some(End::Complete)), None);
        assert_eq!(Failure::of(Some(302), Some(End::Complete)), None);
    }

    #[test]
    fn some_statuses_are_worth_another_attempt() {
        let transient: Vec<u16> = (400..600).filter(|status| Failure::Status(*status).is_transient()).collect();
        assert_eq!(transient, [408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 527]);
    }
}
