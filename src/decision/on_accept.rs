//! The resolved decision for one connection, before there is a request.

use std::sync::Arc;

use super::{entry::Entry, fault::Draft, plan::Step};

/// What the wire is to do with a new connection.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use flaky_server::decision::{OnAccept, Step};
///
/// let plan = OnAccept::new(&"delay=1s reset-on-accept".parse()?);
/// assert_eq!(plan.steps(), [Step::Wait(Duration::from_secs(1)), Step::Rst]);
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OnAccept {
    steps: Vec<Step>,
    text: Arc<str>,
}

impl OnAccept {
    /// What an entry comes to on a new connection; one about requests has nothing to say there but what takes time.
    pub fn new(entry: &Entry) -> Self {
        let mut draft = Draft::default();
        for term in entry.terms() {
            term.lower(&mut draft);
        }
        Self { steps: draft.finish_on_accept(), text: entry.shared_text() }
    }

    /// What is done, in order: waits, and then what ends the connection ([`Step::Fin`], [`Step::Rst`] or [`Step::Stop`]).
    /// Where nothing ends it, requests are read.
    ///
    /// Nothing is read meanwhile, by [`Step::Stop`] never.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Whether the connection ends with it.
    pub fn is_end(&self) -> bool {
        self.steps.last().is_some_and(|step| !matches!(step, Step::Wait(_)))
    }

    /// The entry of the script, as its text.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::testing::any_entry;

    proptest! {
        #[test]
        fn only_entries_about_connections_end_one(entry in any_entry()) {
            let plan = OnAccept::new(&entry);
            let ends = entry.has_fault() && entry.terms().iter().any(|t| t.spec().name().ends_with("-on-accept"));
            prop_assert_eq!(plan.is_end(), ends);
            let waits = plan.steps().iter().filter(|step| matches!(step, Step::Wait(_))).count();
            prop_assert_eq!(plan.steps().len(), waits + usize::from(ends));
        }
    }
}
