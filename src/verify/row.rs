//! A row of the reference.

#[cfg(feature = "cli")]
use super::notation::{Ask, Wire};
use super::{Mismatch, check};
use crate::decision::{Show, Spec};

/// A term with an entry that has it, and what is on the wire then.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    spec: &'static Spec,
    show: Show,
}

impl Row {
    pub(crate) fn new(spec: &'static Spec, show: Show) -> Self {
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

    /// What the client asks first. A text that is wrong asks nothing special; [`check`](Self::check) tells.
    #[cfg(feature = "cli")]
    pub(crate) fn first_ask(&self) -> Ask {
        let wire = Wire::parse(self.show.wire).ok();
        wire.and_then(|wire| wire.first_ask().cloned()).unwrap_or(Ask { method: "GET", lines: Vec::new() })
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
