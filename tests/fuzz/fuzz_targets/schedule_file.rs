//! Arbitrary text as a schedule file: what cannot be read has an error with a place, and what can be read is the same in
//! its canonical form.
#![no_main]

use std::sync::LazyLock;

use flaky_fuzz::{file_words, mutate};
use flaky_server::{Schedule, ScheduleFile};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static WORDS: LazyLock<Vec<String>> = LazyLock::new(file_words);

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    mutate(&WORDS, data, size, max_size, seed)
});

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    let file = match ScheduleFile::parse(&text) {
        Ok(file) => file,
        Err(error) => {
            assert!(error.to_string().contains('^'), "{error}");
            let (input, span) = (error.input(), error.span());
            assert!(input.get(span.clone()).is_some(), "{span:?} is no place in {input:?}");
            return;
        }
    };
    let canonical = file.to_string();
    let read = ScheduleFile::parse(&canonical).unwrap_or_else(|error| panic!("{error}\n{canonical}"));
    assert_eq!(read, file, "{canonical}");
    assert_eq!(read.to_string(), canonical);
    // What a file says can be played.
    Schedule::new(file.rules().cloned(), file.seed().unwrap_or_default()).expect("its rules are right");
});
