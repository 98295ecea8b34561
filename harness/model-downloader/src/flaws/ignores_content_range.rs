//! Takes any 206 for what it has asked for.
//!
//! "206 means that the range was honoured." It means that the client has to look (RFC 9110 §15.3.7): caches that work
//! in blocks begin earlier (httrack#428), and others are wrong. conda does not check the offset; containerd takes any
//! 206 (`withOffsetCheck`); pip checks it if it can be read (pypa/pip#14131: "how likely is this?").

use super::Flaw;

pub(super) static FLAW: Flaw = Flaw {
    name: "ignores-content-range",
    summary: "does not look at where a 206 begins",
    change: |policy| {
        policy.resuming.check_range = false;
        policy.reading.check_total = false;
    },
};
