//! Puts a weak `ETag` into `If-Range`.
//!
//! An `ETag` is an `ETag`. A weak one says that the content means the same, and not that it is the same bytes; in
//! `If-Range` it must not stand (RFC 9110 §13.1.5), and a server that lets it pass sends the rest of something else.
//! pip sends whatever `ETag` there is.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "sends-weak-etags",
    summary: "resumes on a weak ETag",
    change: |policy| {
        policy.resuming.trust_weak = true;
    },
};
