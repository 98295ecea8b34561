//! Accepting connections.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::gate;
use super::service::Service;
use crate::journal::Journal;
use crate::wire::{self, Settings, Stop};

/// How long accepting pauses when the system is out of something, files most likely.
const PAUSE: Duration = Duration::from_millis(50);

/// What an accept loop works with.
#[derive(Clone, Debug)]
pub(super) struct Acceptor {
    pub(super) service: Arc<Service>,
    pub(super) journal: Journal,
    pub(super) settings: Settings,
    pub(super) connections: Arc<Semaphore>,
    pub(super) tasks: TaskTracker,
}

impl Acceptor {
    /// The same, up to this stop.
    pub(super) fn until(mut self, stop: Stop) -> Self {
        self.settings.stop = stop;
        self
    }

    /// Accepts connections at this port until it is stopped. Then they are refused.
    pub(super) async fn run(self, listener: Arc<TcpListener>, port: u16) {
        self.accept_all(&listener, port).await;
        gate::close(&listener);
    }

    async fn accept_all(&self, listener: &TcpListener, port: u16) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = self.settings.stop.stopped() => return,
                accepted = self.accept(listener) => accepted,
            };
            let Ok((stream, peer, permit)) = accepted else {
                // Out of files, or the client was gone before it was accepted. Neither ends a server.
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let Self { service, journal, settings, .. } = self.clone();
            let served = wire::serve(stream, peer, port, journal, service, settings);
            self.tasks.spawn(async move {
                served.await;
                drop(permit);
            });
        }
    }

    async fn accept(
        &self,
        listener: &TcpListener,
    ) -> io::Result<(tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
        // In this order: a permit that waited with an idle listener would be missed by the others.
        let (stream, peer) = listener.accept().await?;
        let permit = Arc::clone(&self.connections).acquire_owned().await.map_err(io::Error::other)?;
        Ok((stream, peer, permit))
    }
}
