//! How a server is stopped: first gently, then at once.

use tokio_util::sync::CancellationToken;

/// How a server is stopped. Clones stop together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stop {
    gently: CancellationToken,
    at_once: CancellationToken,
}

impl Stop {
    /// What stops with this, and can be stopped before.
    pub(crate) fn child(&self) -> Self {
        Self { gently: self.gently.child_token(), at_once: self.at_once.child_token() }
    }

    /// Whether it was asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.gently.is_cancelled()
    }

    /// No new connections, no new requests; what goes on may end.
    pub(crate) fn stop(&self) {
        self.gently.cancel();
    }

    /// Everything ends now.
    pub(crate) fn kill(&self) {
        self.gently.cancel();
        self.at_once.cancel();
    }

    /// Completes when the server is to stop, gently or at once.
    pub(crate) async fn stopped(&self) {
        self.gently.cancelled().await;
    }

    /// Completes when the server is to stop at once.
    pub(crate) async fn killed(&self) {
        self.at_once.cancelled().await;
    }
}
