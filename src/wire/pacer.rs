//! A throttle: when the next slice is due, and how large it is.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

use crate::units::Rate;

/// Slices a second: often enough to look smooth, seldom enough to cost little.
const SLICES_PER_SECOND: u64 = 50;

/// How much lateness is made up for.
const CATCH_UP: Duration = Duration::from_secs(1);

/// Spreads bytes evenly over time: small slices at regular moments, no bursts to catch up.
#[derive(Debug)]
pub(super) struct Pacer {
    rate: u64,
    due: Option<Pin<Box<Sleep>>>,
    last: Option<Instant>,
}

impl Pacer {
    pub(super) fn new(rate: Rate) -> Self {
        Self { rate: rate.bytes_per_second().max(1), due: None, last: None }
    }

    /// How many bytes go out at once.
    pub(super) fn slice(&self) -> u64 {
        (self.rate / SLICES_PER_SECOND).max(1)
    }

    /// Ready when the next slice may go out.
    pub(super) fn poll_due(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(due) = &mut self.due {
            ready!(due.as_mut().poll(cx));
            self.due = None;
        }
        Poll::Ready(())
    }

    /// `bytes` went out: the next slice is due when the rate allows for them.
    pub(super) fn sent(&mut self, bytes: u64) {
        let takes = Duration::from_nanos(
            u64::try_from(u128::from(bytes) * 1_000_000_000 / u128::from(self.rate)).unwrap_or(u64::MAX),
        );
        let now = Instant::now();
        // What comes late on a busy machine is made up for, so that the rate holds on average; a client that stopped
        // reading for longer gets no burst for it.
        let from = match self.last {
            Some(last) if last + CATCH_UP > now => last,
            _ => now,
        };
        let due = from + takes;
        self.last = Some(due);
        self.due = Some(Box::pin(sleep_until(due)));
    }
}
