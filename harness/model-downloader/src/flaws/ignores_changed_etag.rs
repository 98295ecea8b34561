//! Asks for the rest without `If-Range`, and puts parts of two versions together.
//!
//! It needs a file that changes between two attempts, which does not happen on one's own machine, and happens each
//! night with `latest`. It has happened to huggingface_hub (#4143) and llama.cpp (#15963). curl, wget, aria2 and
//! rustup send no `If-Range`. RFC 9110 §15.3.7.3: parts may be combined only if they share a strong validator.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "ignores-changed-etag",
    summary: "goes on with a part of one version in another",
    change: |policy| {
        policy.resuming.check_validator = false;
    },
};
