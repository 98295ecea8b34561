//! The chain of an error that a function returned.

use std::error::Error;
use std::io;

use super::Link;

/// More links than this are a circle.
const MOST: usize = 1_000;

/// An error and its sources.
///
/// An [`io::Error`] that wraps another error shows the text of that one, and gives the source of that one as its own:
/// together they are one link.
pub(super) fn links(error: &(dyn Error + 'static)) -> Vec<Link> {
    let sources = std::iter::successors(Some(error), |&error| error.source());
    sources.take(MOST).map(link).collect()
}

fn link(error: &(dyn Error + 'static)) -> Link {
    match error.downcast_ref::<io::Error>() {
        Some(error) => Link::of_io(error),
        None => Link::said(error.to_string()),
    }
}
