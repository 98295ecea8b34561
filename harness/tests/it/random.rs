//! Output that nobody has seen before.

use std::time::Instant;

use flaky_harness::{Chain, Claims};
use proptest::prelude::*;

use crate::PATIENCE;

/// What the formats look for, in any order.
const PIECES: &[&str] = &[
    "error: ",
    "Error: ",
    "ERROR: ",
    "Caused by:",
    "  Caused by: a",
    "  cause: b",
    "    0: c",
    "    1: d",
    "Traceback (most recent call last):",
    "  File \"a.py\"",
    "A: b",
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
    "    at e (f:1:2) {",
    "  [cause]: Error: g",
    "}",
    "npm error code X",
    "npm error network h failed, reason: i",
    "  × j",
    "  │ k",
    "  ╰─▶ l",
    "  |-> m",
    "curl: (56) n",
    "--2026-11-24 02:52:40--  http://h/",
    "Giving up.",
    "11/24 02:58:06 [ERROR] o",
    "Exception: p",
    "panic: q",
    "goroutine 1 [running]:",
    "thread 'main' panicked at r",
    "get: s: failed",
    "Retrying in 1s",
    "attempt 1/3 failed",
    "after 3 retries",
    " ",
    "",
    "\r",
    "\u{1b}[31m",
    "\u{1b}[2K",
    "\u{1b}]8;;",
    "\u{8}",
];

fn read(output: &[u8]) {
    let chain = Chain::from_output(output);
    let claims = Claims::read(output, &chain, &[]);
    assert_eq!(chain.is_empty(), chain.format().is_none());
    assert!(claims.total().is_some() || claims.retries().is_none_or(|retries| retries == claims.announced()));
    let _text = chain.to_string();
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn bytes_are_read(output in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&output);
    }

    #[test]
    fn pieces_are_read(pieces in proptest::collection::vec((proptest::sample::select(PIECES), any::<bool>()), 0..40)) {
        let output: String = pieces.iter().map(|(piece, ends)| format!("{piece}{}", if *ends { "\n" } else { "" })).collect();
        read(output.as_bytes());
    }
}

/// What takes a tenth of a second here would take minutes if time grew with the square of the length.
#[test]
fn time_grows_with_the_length() {
    let bases = PIECES.iter().map(|piece| format!("{piece}\n")).chain(["a: ".to_owned(), "(".to_owned()]);
    for base in bases {
        let output = base.repeat(100_000 / base.len());
        let start = Instant::now();
        read(output.as_bytes());
        assert!(start.elapsed() < PATIENCE, "{base:?}: {:?}", start.elapsed());
    }
}
