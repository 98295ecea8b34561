//! Waiting until the client's kernel has everything: what makes a break exact.

use std::time::{Duration, Instant};

use super::conn::Conn;

/// How waiting for the client's acknowledgement ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Drained {
    /// The client's kernel has acknowledged every byte, or the platform does not tell.
    Empty,
    /// The deadline came first.
    Deadline,
    /// The client reset the connection first: its queue would never become empty.
    Reset,
}

/// Loopback acknowledges within microseconds, so the first looks come one after the other.
const EAGER_LOOKS: u32 = 32;

/// A slow reader is looked at ever more seldom: thousands of them, looked at every millisecond, would eat a core.
const PAUSES: std::ops::RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_millis(20);

/// Where the kernel does not tell how much is acknowledged, a break waits this long instead. Best effort.
const BLIND_WAIT: Duration = Duration::from_millis(50);

/// Waits until the client's kernel has acknowledged every byte that was written.
pub(super) async fn drained(conn: &Conn, deadline: Option<Duration>) -> Drained {
    let start = Instant::now();
    for look in 0_u32.. {
        match conn.unacknowledged() {
            Some(0) => return Drained::Empty,
            Some(_) => {}
            None => {
                tokio::time::sleep(BLIND_WAIT).await;
                return if conn.is_reset() { Drained::Reset } else { Drained::Empty };
            }
        }
        if conn.is_reset() {
            return Drained::Reset;
        }
        let waited = start.elapsed();
        if deadline.is_some_and(|deadline| waited >= deadline) {
            return Drained::Deadline;
        }
        if look < EAGER_LOOKS {
            tokio::task::yield_now().await;
        } else {
            let pause = (waited / 8).clamp(*PAUSES.start(), *PAUSES.end());
            let left = deadline.map_or(pause, |deadline| deadline.saturating_sub(waited));
            tokio::time::sleep(pause.min(left)).await;
        }
    }
    Drained::Deadline
}
