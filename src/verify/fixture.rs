//! The files that are served: known to the check, whatever the server does to them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The path of the file that is asked for.
pub(super) const PATH: &str = "/file";

/// The path of the other one.
pub(super) const OTHER_PATH: &str = "/other";

/// When the file was modified: Sun, 06 Nov 1994 08:49:37 GMT.
pub(super) fn modified() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(784_111_777)
}

/// When the other one was: a day later.
pub(super) fn other_modified() -> SystemTime {
    modified() + Duration::from_secs(24 * 60 * 60)
}

/// Bytes of the file.
pub(super) const LEN: usize = 1_000;

const OTHER_LEN: usize = 300;

/// The bytes of the file.
pub(super) fn file() -> Vec<u8> {
    noise(1, LEN)
}

/// The bytes of its second revision.
pub(super) fn revised() -> Vec<u8> {
    // Fixed for ever, as a schedule is to mean the same bytes.
    file().into_iter().map(|byte| byte ^ 2).collect()
}

/// The bytes of the other one.
pub(super) fn other() -> Vec<u8> {
    noise(2, OTHER_LEN)
}

/// Bytes that look random and are always the same, none of them like the one before, nor like the inverse of it.
fn noise(mut state: u64, len: usize) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::with_capacity(len);
    while bytes.len() < len {
        // The constants are those of a known generator (Knuth, MMIX). Its high bits are the good ones.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let byte = (state >> 56) as u8;
        if bytes.last().is_none_or(|&last| last != byte && last != !byte) {
            bytes.push(byte);
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_shift_is_noticed() {
        let (file, other) = (file(), other());
        assert_eq!((file.len(), other.len()), (1_000, 300));
        assert!(file.windows(2).all(|pair| pair[0] != pair[1] && pair[0] != !pair[1]));
        let places: HashSet<_> = file.windows(4).chain(other.windows(4)).collect();
        assert_eq!(places.len(), 997 + 297);
    }
}
