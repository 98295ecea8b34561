//! Hides the `io::Error` from the check for transient errors: the text is all there, the error is not.
//!
//! Errors are made into text to get them through an interface, or into an error type that shows what it wraps and does
//! not give it out. A person reads "Connection reset by peer"; the check finds nothing that it knows, and no retry is
//! made. That happened to uv (astral-sh/uv#14425): a failure in CI without "Request failed after" gave it away. h2
//! hides the `io::Error` of a connection in the same way (hyperium/h2#862).

use std::io;

use super::Flaw;
use crate::retry::links;

pub(super) static FLAW: Flaw = Flaw {
    name: "hides-io-error",
    summary: "puts read errors into text, so that the check for transient ones misses them",
    change: |policy| {
        policy.reading.into_io =
            |error| io::Error::other(links(&error).map(ToString::to_string).collect::<Vec<_>>().join(": "));
    },
};
