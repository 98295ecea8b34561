//! What the fuzz targets have in common: entries of the whole vocabulary, and a mutator that knows its words. Both come
//! from the reference at run time, so that a new term is fuzzed as soon as it is there.

// With the integration tests.
#[path = "../../it/support/vocabulary.rs"]
mod vocabulary;

use flaky_server::Entry;
use flaky_server::decision::{Spec, reference};

pub use self::words::{file_words, http_words, script_words};

mod words;

/// The length of each fixture.
pub const LEN: u64 = 3_000;

/// A generator of numbers (splitmix64).
#[derive(Debug)]
pub struct Rng(pub u64);

impl Rng {
    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }
}

/// An entry that has this term.
pub fn entry(spec: &'static Spec, rng: &mut Rng) -> Entry {
    let paths: Vec<String> = reference().map(|spec| format!("/{}", spec.name())).collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    vocabulary::entry(spec, vocabulary::About { paths: &paths, len: LEN }, &mut |end| rng.below(end))
}

/// Puts a word somewhere, or lets libFuzzer change the input in its ways.
pub fn mutate(words: &[String], data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut rng = Rng(seed.into());
    let word = words[rng.below(words.len() as u64) as usize].as_bytes();
    let at = rng.below(size as u64 + 1) as usize;
    let replaced = if rng.below(2) == 0 { 0 } else { word.len().min(size - at) };
    let new_size = size - replaced + word.len();
    if rng.below(2) == 0 || new_size > max_size.min(data.len()) {
        return libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    }
    data.copy_within(at + replaced..size, at + word.len());
    data[at..at + word.len()].copy_from_slice(word);
    new_size
}
