//! Takes a 408 for final, as it does every other 4xx.
//!
//! "4xx is the client's fault." Of this one it is, and the server says which: it has waited too long for the request,
//! and closes the connection. RFC 9110 §15.5.9: the client may repeat it on a new one. cargo retries 5xx and 429;
//! rustup no 4xx; pip has it in no list.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "gives-up-on-408",
    summary: "takes a 408 for final",
    change: |policy| {
        policy.retrying.transient.statuses.retain(|&status| status != 408);
    },
};
