//! What a trial serves that is not told what to serve.

use std::sync::LazyLock;

/// Where it is served.
pub(crate) const PATH: &str = "/fixture.bin";

/// Its length: `reset-after=1MB` is in its middle.
const LEN: usize = 2_000_000;

static BYTES: LazyLock<Vec<u8>> = LazyLock::new(make);

/// Bytes of no meaning, the same in every run: a piece that is missing, or in a wrong place, shows.
pub(crate) fn bytes() -> &'static [u8] {
    &BYTES
}

/// By splitmix64.
fn make() -> Vec<u8> {
    let mut state = 0_u64;
    let mut bytes = Vec::with_capacity(LEN + 8);
    while bytes.len() < LEN {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend_from_slice(&(z ^ (z >> 31)).to_le_bytes());
    }
    bytes.truncate(LEN);
    bytes
}
