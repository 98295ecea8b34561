//! A row of the reference.

use super::{Mismatch, check};
use crate::decision::{Show, Spec};

/// A term with an entry that has it, and what is on the wire then.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    spec: &'static Spec,
    show: Show,
}

impl Row {
    pub(super) fn new(spec: &'static Spec, show: Show) -> Self {
        Self { spec, show }
    }

    /// The term.
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// The entry, and what is on the wire.
    pub fn show(&self) -> Show {
        self.show
    }

    /// Whether it is so: see [`check`].
    ///
    /// # Errors
    ///
    /// If something else is on the wire.
    pub fn check(&self) -> Result<(), Mismatch> {
        check(self.show.entry, self.show.wire)
    }
}
