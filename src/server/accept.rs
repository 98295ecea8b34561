//! Binding ports and accepting connections.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use super::service::Service;
use crate::journal::Journal;
use crate::wire::{self, Settings};

/// Connections that wait in the kernel until they are accepted; the system caps it.
const BACKLOG: i32 = 4096;

/// The send buffer of a connection: large enough not to slow loopback down, small enough that thousands of stalled
/// connections do not use up the kernel's memory for TCP, which would reset some of them.
const SEND_BUFFER: usize = 256 * 1024;

/// How long accepting pauses when the system is out of something, files most likely.
const PAUSE: Duration = Duration::from_millis(50);

/// Binds an address, on the caller's thread.
pub(super) fn bind(addr: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    // On Windows this option would allow two servers on one port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if addr.is_ipv6() {
        // The IPv4 address is bound on its own.
        socket.set_only_v6(true)?;
    }
    // Accepted connections inherit it. The default serves as well, only with more memory.
    let _ = socket.set_send_buffer_size(SEND_BUFFER);
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

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
    /// Accepts connections until the server is stopped.
    pub(super) async fn run(self, listener: tokio::net::TcpListener) {
        loop {
            let accepted = tokio::select! {
                biased;
                () = self.settings.stop.stopped() => return,
                accepted = self.accept(&listener) => accepted,
            };
            let Ok((stream, peer, permit)) = accepted else {
                // Out of files, or the client was gone before it was accepted. Neither ends a server.
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let Self { service, journal, settings, .. } = self.clone();
            let served = wire::serve(stream, peer, journal, service, settings);
            self.tasks.spawn(async move {
                served.await;
                drop(permit);
            });
        }
    }

    async fn accept(
        &self,
        listener: &tokio::net::TcpListener,
    ) -> io::Result<(tokio::net::TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
        // In this order: a permit that waited with an idle listener would be missed by the others.
        let (stream, peer) = listener.accept().await?;
        let permit = Arc::clone(&self.connections).acquire_owned().await.map_err(io::Error::other)?;
        Ok((stream, peer, permit))
    }
}
