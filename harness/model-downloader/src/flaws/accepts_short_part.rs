//! Takes the end of a 206 for that of the file.
//!
//! What was asked for is everything from here on, so what comes is everything, is it not? A server may send less (RFC
//! 9110 §15.3.7), and says so: in `Content-Range`, behind the slash. pip holds the first byte against what it asked for
//! and not the length.

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "accepts-short-part",
    summary: "takes the end of a part for that of the file",
    change: |policy| {
        policy.reading.check_total = false;
    },
};
