//! Takes failures of its own, such as a full disk or a missing permission, for those of the network, and retries.
//!
//! The loop catches everything of one type, and that type has both in it: pip's resumes catch `OSError`. Then a full
//! disk is filled four times, and the error says "Request failed after 3 retries" (astral-sh/uv#13885: curl's "(23)
//! client returned ERROR on write" taken for the network's).

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "blames-network",
    summary: "takes a full disk for a failure of the network, and retries",
    change: |policy| {
        policy.retrying.transient.local = true;
    },
};
