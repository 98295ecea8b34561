//! Pseudo-random bytes, at any offset.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// An endless stream of pseudo-random bytes that can be read anywhere: a ChaCha8 stream. It is fixed for ever.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    start: ChaCha8Rng,
}

/// The words in which the generator counts.
const WORD: u64 = 4;

impl Noise {
    /// The stream of a key.
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self { start: ChaCha8Rng::from_seed(key) }
    }

    /// The bytes from `offset` on, each combined with the mask.
    pub(super) fn fill(&self, offset: u64, mask: u8, bytes: &mut [u8]) {
        let mut generator = self.start.clone();
        generator.set_word_pos((offset / WORD).into());
        let ahead = (offset % WORD) as usize;
        let (first, rest) = bytes.split_at_mut(if ahead == 0 { 0 } else { bytes.len().min(WORD as usize - ahead) });
        if !first.is_empty() {
            let word = generator.next_u32().to_le_bytes();
            first.copy_from_slice(&word[ahead..ahead + first.len()]);
        }
        generator.fill_bytes(rest);
        if mask != 0 {
            bytes.iter_mut().for_each(|byte| *byte ^= mask);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Noise;

    fn read(offset: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        Noise::new([7; 32]).fill(offset, 0, &mut bytes);
        bytes
    }

    #[test]
    fn any_part_is_that_of_the_whole() {
        let whole = read(0, 1000);
        for offset in 0..200 {
            for len in [0, 1, 2, 3, 4, 5, 63, 64, 65, 700] {
                assert!(read(offset as u64, len) == whole[offset..offset + len], "{len} from {offset}");
            }
        }
        let far = read(u64::MAX - 100, 100);
        assert_eq!(read(u64::MAX - 50, 50), far[50..]);
        assert_ne!(far, whole[..100]);
    }
}
