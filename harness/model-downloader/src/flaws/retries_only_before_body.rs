//! Retries a request that got no reply, and not a body that broke off.
//!
//! The HTTP client has retries, they were switched on, and the body is read somewhere else. reqwest-retry cannot do
//! otherwise: it has returned the response by then. make-fetch-happen, and with it npm, retries nothing that fails in
//! the body; nor does Poetry unless it is told to.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "retries-only-before-body",
    summary: "retries what fails before the body, and nothing in it",
    change: |policy| {
        policy.retrying.in_body = false;
    },
};
