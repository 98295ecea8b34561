//! Goes on where the last redirect has led, and not from the URL that it was given.
//!
//! It saves a request. But a redirect is for now (RFC 9110 §15.4.3), and a URL with a signature in it is good for some
//! minutes: then a large file on a slow line breaks, and the rest is a 403 (huggingface.js#1277, xet-core#238,
//! mem9-ai/drive9#138).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "keeps-signed-url",
    summary: "retries where the last redirect has led",
    change: |policy| {
        policy.redirecting.from_the_start = false;
    },
};
