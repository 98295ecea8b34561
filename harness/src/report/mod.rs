//! Texts for people: what a failed assertion prints, and its parts.

mod failure;
mod replay;
mod waterfall;

use std::error::Error;
use std::iter;

#[cfg(feature = "audit")]
pub(crate) use self::failure::account;
pub(crate) use self::failure::failure;
pub(crate) use self::replay::replay;

/// An error with its causes, one a line.
pub(crate) fn describe(error: &dyn Error) -> String {
    let causes =
        iter::successors(error.source(), |error| (*error).source()).map(|cause| format!("\n  caused by: {cause}"));
    iter::once(error.to_string()).chain(causes).collect()
}

/// Every line of a text, indented.
pub(crate) fn indented(text: &str) -> String {
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") }).collect()
}
