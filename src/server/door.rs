//! One address of a server, whose port stays its own while it refuses connections.

use std::io;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections that wait in the kernel until they are accepted; the system caps it.
const BACKLOG: i32 = 4096;

/// The send buffer of a connection: large enough not to slow loopback down, small enough that thousands of stalled
/// connections do not use up the kernel's memory for TCP, which would reset some of them.
const SEND_BUFFER: usize = 256 * 1024;

/// One address of a server. Closed, it refuses connections.
///
/// A socket that is bound and does not listen keeps the port: strangers who want any free port do not get it, and the
/// kernel refuses whoever connects. On Linux it is bound beside the listener before that one is closed; elsewhere the
/// port is free while the door is closed.
#[derive(Debug)]
pub(super) struct Door {
    addr: SocketAddr,
    /// Bound, and about to listen.
    next: Option<Socket>,
}

impl Door {
    /// Binds an address, on the caller's thread. The door is closed.
    pub(super) fn bind(addr: SocketAddr) -> io::Result<Self> {
        let socket = bound(addr)?;
        let addr = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        Ok(Self { addr, next: Some(socket) })
    }

    /// The address, with the port that was chosen.
    pub(super) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Opens it: it stays open until the listener is closed.
    ///
    /// # Errors
    ///
    /// If somebody else listens on the port.
    pub(super) fn open(&mut self) -> io::Result<TcpListener> {
        if self.next.is_none() {
            *self = Self::bind(self.addr)?;
        }
        let Some(socket) = &self.next else { return Err(io::ErrorKind::AddrNotAvailable.into()) };
        // Accepted connections inherit it. The default serves as well, only with more memory.
        let _ = socket.set_send_buffer_size(SEND_BUFFER);
        socket.set_nonblocking(true)?;
        // Connections inherit this, too: beside them the port can be bound again.
        share_with_the_dead(socket, true)?;
        if let Err(error) = socket.listen(BACKLOG) {
            share_with_the_dead(socket, false)?;
            return Err(error);
        }
        self.next.take().map(Into::into).ok_or_else(|| io::ErrorKind::AddrNotAvailable.into())
    }

    /// Keeps the port beyond the end of this listener, which is about to be closed.
    pub(super) fn keep(&mut self, listener: &tokio::net::TcpListener) {
        // Without it the port is free until the door is opened again.
        self.next = beside(listener, self.addr).ok();
    }
}

/// A socket on the address of a listener, bound beside it. Both have to allow that, and only for as long as it takes
/// (socket(7), `SO_REUSEPORT`): nobody else gets in later, unless a process of the same user names the port and asks to
/// share it.
#[cfg(target_os = "linux")]
fn beside(listener: &tokio::net::TcpListener, addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(addr)?;
    share_with_the_dead(&socket, true)?;
    socket2::SockRef::from(listener).set_reuse_port(true)?;
    socket.set_reuse_port(true)?;
    socket.bind(&addr.into())?;
    socket.set_reuse_port(false)?;
    share_with_the_dead(&socket, false)?;
    Ok(socket)
}

/// Elsewhere nothing is bound beside a listener.
#[cfg(not(target_os = "linux"))]
fn beside(_listener: &tokio::net::TcpListener, _addr: SocketAddr) -> io::Result<Socket> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A socket that is bound, and shares its address with nobody who listens.
fn bound(addr: SocketAddr) -> io::Result<Socket> {
    let socket = socket(addr)?;
    let result = match socket.bind(&addr.into()) {
        // An earlier server may have left connections behind that the system has not forgotten.
        Err(error) if error.kind() == io::ErrorKind::AddrInUse && addr.port() != 0 => {
            share_with_the_dead(&socket, true)?;
            socket.bind(&addr.into()).and_then(|()| share_with_the_dead(&socket, false))
        }
        result => result,
    };
    result.map(|()| socket)
}

/// Whether the address can be bound beside connections that go on, or linger, without a listener (socket(7),
/// `SO_REUSEADDR`). On Windows this option would allow two servers on one port.
fn share_with_the_dead(socket: &Socket, share: bool) -> io::Result<()> {
    if cfg!(unix) { socket.set_reuse_address(share) } else { Ok(()) }
}

fn socket(addr: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    if addr.is_ipv6() {
        // The IPv4 address is bound on its own.
        socket.set_only_v6(true)?;
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};

    use super::{Domain, Door, Socket, Type};

    #[tokio::test]
    async fn closed_it_refuses_and_open_it_accepts() {
        let mut door = Door::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let connect = |door: &Door| TcpStream::connect(door.addr()).map_err(|error| error.kind());
        for _ in 0..3 {
            assert_eq!(connect(&door).unwrap_err(), ErrorKind::ConnectionRefused);
            let addr = door.addr();
            let open = tokio::net::TcpListener::from_std(door.open().unwrap()).unwrap();
            connect(&door).unwrap();
            assert_eq!(open.local_addr().unwrap(), addr);
            door.keep(&open);
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn its_port_is_nobody_elses() {
        let mut door = Door::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let is_taken = |addr: SocketAddr| {
            let stranger = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            let shares = TcpListener::bind(addr);
            stranger.bind(&addr.into()).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
                && shares.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
        };
        assert!(is_taken(door.addr()));
        for _ in 0..3 {
            let open = tokio::net::TcpListener::from_std(door.open().unwrap()).unwrap();
            assert!(is_taken(door.addr()));
            assert_eq!(Door::bind(door.addr()).unwrap_err().kind(), ErrorKind::AddrInUse);
            door.keep(&open);
            drop(open);
            assert!(is_taken(door.addr()));
        }
    }
}
