//! Follows redirects for as long as there are any.
//!
//! A loop of redirects needs two servers that disagree, such as about http and https. Libraries have limits (reqwest:
//! 10, curl: 50); those who follow by hand, to keep a header or to log, often have none. RFC 9110 §15.4: a client
//! should detect cycles.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "follows-redirects-for-ever",
    summary: "does not count redirects",
    change: |policy| {
        policy.redirecting.most = None;
    },
};
