//! What the tests have in common.

mod chunked;
mod head;
mod panics;
mod raw;
mod request;
mod server;
#[cfg(target_os = "linux")]
pub(crate) mod vocabulary;

use std::time::Duration;

pub(crate) use head::Framing;
pub(crate) use panics::{count_panics, no_panics};
pub(crate) use raw::{Ending, Raw, Reply, Speed};
pub(crate) use request::{Request, get};
pub(crate) use server::{builder, content, ok, serve, settled, settled_all, start, wait_for_port};

/// What never takes this long, even beside two busy loops, does not happen at all.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// No byte and no end of the connection for this long is silence.
pub(crate) const QUIET: Duration = Duration::from_millis(150);

/// A generator of numbers that are the same in every run (splitmix64).
#[derive(Debug)]
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) fn bytes(&mut self, len: usize) -> Vec<u8> {
        std::iter::repeat_with(|| self.next().to_le_bytes()).take(len.div_ceil(8)).flatten().take(len).collect()
    }
}
