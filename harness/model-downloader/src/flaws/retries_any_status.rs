//! Retries whatever is not 2xx.
//!
//! Nobody has made a list, or it has one entry too few: git-lfs repeats nearly all, pnpm all but 401, 403 and 404, and
//! so a 410, which says that it is gone for good (RFC 9110 §15.5.11).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "retries-any-status",
    summary: "retries whatever is not 2xx",
    change: |policy| {
        policy.retrying.transient.statuses = (300..600).collect();
    },
};
