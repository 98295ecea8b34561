//! The pace of a body: when the next slice is due, and how large it is.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::decision::Plan;

/// Slices a second: often enough to look smooth, seldom enough to cost little.
const SLICES_PER_SECOND: u64 = 50;

/// How much lateness is made up for.
const CATCH_UP: Duration = Duration::from_secs(1);

/// How far ahead a timer is set at most: a century. A clock may not go as far as a duration does.
const LATEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Tells when the next slice of a body is due.
#[derive(Debug)]
pub(super) struct Pacer {
    pace: Pace,
    /// How many bytes may go out before there is anything to wait for.
    left: u64,
    due: Option<Pin<Box<Sleep>>>,
}

#[derive(Debug)]
enum Pace {
    /// Pieces, each at once, and time between them.
    Pieces { piece: u64, every: Duration },
    /// Bytes spread evenly over time: small slices at regular moments, no bursts to catch up.
    Steady { rate: u64, last: Option<Instant> },
}

impl Pacer {
    /// The pace that is planned, if any is.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let pieces = plan.drip().map(|drip| {
            let piece = drip.piece.bytes().max(1);
            (Pace::Pieces { piece, every: drip.every }, piece)
        });
        let steady = || {
            let rate = plan.rate()?.bytes_per_second().max(1);
            Some((Pace::Steady { rate, last: None }, plan.burst()))
        };
        let (pace, left) = pieces.or_else(steady)?;
        Some(Self { pace, left, due: None })
    }

    /// How many bytes go out at once, at most.
    pub(super) fn slice(&self) -> u64 {
        match (self.left, &self.pace) {
            (0, Pace::Steady { rate, .. }) => (rate / SLICES_PER_SECOND).max(1),
            (left, _) => left,
        }
    }

    /// Ready when the next slice may go out.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(due) = &mut self.due {
            ready!(due.as_mut().poll(cx));
            self.due = None;
        }
        Poll::Ready(())
    }

    /// `bytes` went out, no more than a slice: the next one is due when the pace allows for it.
    pub(super) fn sent(&mut self, bytes: u64) {
        let now = Instant::now();
        let due = if self.left > 0 {
            self.left = self.left.saturating_sub(bytes);
            match &self.pace {
                Pace::Pieces { piece, every } if self.left == 0 => {
                    self.left = *piece;
                    now + (*every).min(LATEST)
                }
                // What is left of a piece, or of the burst, is not waited for.
                Pace::Pieces { .. } | Pace::Steady { .. } => return,
            }
        } else {
            let Pace::Steady { rate, last } = &mut self.pace else { return };
            let takes = u128::from(bytes) * 1_000_000_000 / u128::from(*rate);
            let takes = Duration::from_nanos(u64::try_from(takes).unwrap_or(u64::MAX));
            // What comes late on a busy machine is made up for, so that the rate holds on average; a client that
            // stopped reading for longer gets no burst for it.
            let from = match *last {
                Some(last) if last + CATCH_UP > now => last,
                _ => now,
            };
            let due = from + takes;
            *last = Some(due);
            due
        };
        self.due = Some(Box::pin(sleep_until(due)));
    }
}
