//! Keeps what did not verify in its cache, and takes it from there on the next run without looking.
//!
//! What is in the cache was verified when it came, was it not? Then one bad download fails once, and one bad file
//! stays for ever: mamba (mamba-org/mamba#442, #512, #1817), uv (astral-sh/uv#16841, #19562), nab (#467, "cached
//! forever as if complete").

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "trusts-its-cache",
    summary: "keeps a bad file in its cache, and takes it for good on the next run",
    change: |policy| {
        policy.keeping.trust_cache = true;
    },
};
