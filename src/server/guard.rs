//! A rule that is there for a time.

use std::fmt;
use std::sync::{Arc, Weak};

use tokio::runtime::Handle;

use super::service::Service;

/// Keeps a rule in front of the others. Dropping it takes the rule away; exchanges that it has decided keep their plan.
///
/// [`FlakyServer::add_rule`](crate::FlakyServer::add_rule) gives one. It may outlive its server.
#[must_use = "dropping the guard takes the rule away at once; `forget` lets it stay"]
pub struct RuleGuard {
    id: u64,
    service: Weak<Service>,
    runtime: Handle,
}

impl RuleGuard {
    pub(super) fn new(id: u64, service: &Arc<Service>, runtime: &Handle) -> Self {
        Self { id, service: Arc::downgrade(service), runtime: runtime.clone() }
    }

    /// Lets the rule stay, as one of those that [`replace_rules`](crate::FlakyServer::replace_rules) replaces.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::FlakyServer;
    ///
    /// let server = FlakyServer::builder().serve_bytes("/a", "content").start()?;
    /// server.add_rule("/a: drop".parse()?)?.forget();
    /// assert_eq!(server.schedule().rules().len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn forget(mut self) {
        if let Some(service) = std::mem::take(&mut self.service).upgrade() {
            service.ledger().leave_rule(self.id);
        }
    }
}

impl Drop for RuleGuard {
    fn drop(&mut self) {
        let Some(service) = self.service.upgrade() else { return };
        let id = self.id;
        if service.is_deciding() {
            // A closure that takes its own rule away: as soon as the decision has been made.
            self.runtime.spawn(async move { service.remove_rule(id) });
        } else {
            service.remove_rule(id);
        }
    }
}

impl fmt::Debug for RuleGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuleGuard").field("id", &self.id).finish_non_exhaustive()
    }
}
