//! What hyper waits for, and what comes then.

use std::task::Waker;

use super::takeover::Takeover;

/// Whether hyper may go on with this connection.
#[derive(Debug, Default)]
pub(super) enum Hold {
    #[default]
    Free,
    /// Everything that is meant to go out before the hold has been handed to hyper, but not yet to the kernel.
    Armed(Then),
    /// hyper's buffer is empty: head and body up to the hold are in the kernel.
    Flushed(Then),
}

/// What comes once everything before the hold is in the kernel.
#[derive(Debug)]
pub(super) enum Then {
    /// The body goes on by itself.
    Resume(Waker),
    /// hyper is dismissed, and the driver performs the rest of the plan.
    TakeOver(Box<Takeover>),
}
