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
/// kernel refuses whoever connects. On Linux the next such socket is bound beside the one that is about to listen, as
/// long as that is possible (socket(7), `SO_REUSEADDR`); elsewhere the port is free while the door is closed.
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

    /// Opens it: it stays open until the listener is dropped.
    ///
    /// # Errors
    ///
    /// If somebody else listens on the port.
    pub(super) fn open(&mut self) -> io::Result<TcpListener> {
        let socket = self.next.take().map_or_else(|| bound(self.addr), Ok)?;
        // Before it listens: beside a listener nobody binds. Without it the port is free while the door is closed.
        let next = if cfg!(target_os = "linux") { bound(self.addr).ok() } else { None };
        if let Err(error) = socket.listen(BACKLOG) {
            self.next = Some(socket);
            return Err(error);
        }
        self.next = next;
        Ok(socket.into())
    }
}

fn bound(addr: SocketAddr) -> io::Result<Socket> {
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
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;
    use std::net::{Ipv4Addr, TcpStream};

    use super::{Domain, Door, Socket, Type};

    #[test]
    fn closed_it_refuses_and_open_it_accepts() {
        let mut door = Door::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let connect = |door: &Door| TcpStream::connect(door.addr()).map_err(|error| error.kind());
        for _ in 0..3 {
            assert_eq!(connect(&door).unwrap_err(), ErrorKind::ConnectionRefused);
            let open = door.open().unwrap();
            let addr = door.addr();
            connect(&door).unwrap();
            assert_eq!(open.local_addr().unwrap(), addr);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn its_port_is_nobody_elses() {
        let mut door = Door::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        drop(door.open().unwrap());
        let stranger = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        assert_eq!(stranger.bind(&door.addr().into()).unwrap_err().kind(), ErrorKind::AddrInUse);
    }

    #[test]
    fn a_port_in_use_is_an_error() {
        let mut first = Door::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let _open = first.open().unwrap();
        assert_eq!(Door::bind(first.addr()).unwrap_err().kind(), ErrorKind::AddrInUse);
    }
}
