//! Numbers that depend on the seed and on what is decided, and on nothing else.
//!
//! The generator and the map from its numbers to decisions are fixed for ever: they are part of what a seed means.

use std::{collections::BTreeSet, hash::Hasher};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};
use siphasher::sip::SipHasher24;

use super::target::Target;

/// What a rule is to the generator: its text, and its number among rules with the same text, counted from 0.
///
/// Rules before and after it do not matter, so that inserting one does not change what the others do.
pub(super) fn rule_identity(text: &str, ordinal: u64) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0, 0);
    hasher.write(text.as_bytes());
    hasher.write(&ordinal.to_le_bytes());
    hasher.finish()
}

/// What a target is to the generator.
pub(super) fn target_identity(target: &Target) -> u64 {
    let mut hasher = SipHasher24::new_with_keys(0, 0);
    hasher.write(target.as_str().as_bytes());
    hasher.finish()
}

/// What connections are to the generator, in the place of a target: the identity of `-`, which no target has.
pub(super) const CONNECTIONS: u64 = 0x5c61_d1cc_8617_e887;

/// The number that is drawn when a rule sees a target for the `count`th time: the first of a ChaCha8 stream whose key
/// is these four numbers, little-endian.
pub(super) fn draw(seed: u64, rule: u64, target: u64, count: u64) -> u64 {
    let mut key = [0; 32];
    for (part, number) in key.chunks_exact_mut(8).zip([seed, rule, target, count]) {
        part.copy_from_slice(&number.to_le_bytes());
    }
    ChaCha8Rng::from_seed(key).next_u64()
}

/// What stands in the place of a rule where bytes are corrupted: no rule has this text, for there is no `: ` in it.
const CORRUPTION: &str = "corrupt-bytes";

/// The number that decides which bytes are corrupted on the `attempt`th attempt for a target, whatever rule says so.
pub(super) fn corruption(seed: u64, target: &Target, attempt: u64) -> u64 {
    draw(seed, rule_identity(CORRUPTION, 0), target_identity(target), attempt)
}

/// So many different numbers below `end`, in order; there have to be as many.
///
/// Floyd's algorithm over a ChaCha8 stream whose key is the number that was drawn, little-endian, and zeros: for each `j`
/// from `end - count` up to `end - 1` the next number, multiplied by `j + 1` and divided by 2^64, or `j` if that one
/// was chosen before.
pub(super) fn choose(drawn: u64, count: u32, end: u64) -> BTreeSet<u64> {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&drawn.to_le_bytes());
    let mut stream = ChaCha8Rng::from_seed(key);
    let mut chosen = BTreeSet::new();
    for j in end.saturating_sub(count.into())..end {
        let wide = u128::from(stream.next_u64()) * (u128::from(j) + 1);
        let number = u64::try_from(wide >> 64).unwrap_or(j);
        if !chosen.insert(number) {
            chosen.insert(j);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    // Computed by an independent implementation of SipHash-2-4 and ChaCha8.
    #[test]
    fn the_identities_are_fixed_for_ever() {
        assert_eq!(rule_identity("*.whl: drop x*", 0), 0x1fc2_22a4_d2dc_c103);
        assert_eq!(rule_identity("*.whl: drop x*", 1), 0x8818_ab09_d6b7_be32);
        assert_eq!(target_identity(&Target::new("GET", "/a/b?x=1")), 0x62b4_f22e_d1e9_792a);
    }

    #[test]
    fn connections_are_apart_from_all_targets() {
        let mut hasher = SipHasher24::new_with_keys(0, 0);
        hasher.write(b"-");
        assert_eq!(hasher.finish(), CONNECTIONS);
    }

    #[test]
    fn what_is_chosen_is_all_there_is_or_less() {
        assert_eq!(choose(7, 5, 5), (0..5).collect());
        assert_eq!(choose(7, 0, 5).len(), 0);
        // Every number is chosen about as often.
        let mut times = [0_u32; 10];
        (0..10_000).flat_map(|drawn| choose(drawn, 3, 10)).for_each(|number| times[number as usize] += 1);
        assert!(times.iter().all(|times| (2_800..3_200).contains(times)), "{times:?}");
    }

    #[test]
    fn the_draws_are_fixed_for_ever() {
        assert_eq!(draw(0, 0, 0, 0), 0xd640_5f89_2fef_003e);
        assert_eq!(draw(42, 1, 2, 3), 0x5e6e_c86c_09d2_31bd);
        assert_eq!(draw(u64::MAX, u64::MAX, u64::MAX, u64::MAX), 0x4556_7e4d_4921_a139);
    }
}
