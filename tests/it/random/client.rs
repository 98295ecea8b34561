//! A client on a bare socket, and what it sees of its connection.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::ask::Ask;
use super::reply::Reply;
use crate::support::PATIENCE;

/// A client that hears nothing for so long leaves. What it sees by then is all that it tells: nothing depends on whether
/// the server was about to go on.
const QUIET: Duration = Duration::from_millis(30);

/// How a connection ended, as its client sees it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    /// End of file.
    Eof,
    /// `ECONNRESET`.
    Reset,
    /// The client closed it.
    Closed,
    /// The client reset it.
    Aborted,
}

/// A connection, as its client sees it.
pub(super) struct Seen {
    /// In the order of connections from the same port.
    pub(super) serial: u64,
    pub(super) port: u16,
    pub(super) received: u64,
    pub(super) ending: Ending,
    /// What was asked for, and what came.
    pub(super) replies: Vec<(Ask, Reply)>,
}

/// An open connection.
pub(super) struct Client {
    stream: TcpStream,
    seen: Seen,
    buffer: Vec<u8>,
}

impl Client {
    pub(super) fn connect(addr: SocketAddr) -> Self {
        static SERIAL: AtomicU64 = AtomicU64::new(0);

        let stream = TcpStream::connect(addr).unwrap_or_else(|error| panic!("cannot connect: {error}"));
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(QUIET)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        let port = stream.local_addr().unwrap().port();
        // Behind the connect: another connection from this port can only begin when this one has ended.
        let serial = SERIAL.fetch_add(1, Ordering::SeqCst);
        let seen = Seen { serial, port, received: 0, ending: Ending::Closed, replies: Vec::new() };
        Self { stream, seen, buffer: vec![0; 64 * 1024] }
    }

    /// Asks, and reads until there is a whole reply, an end, or silence. The connection, if it can have another request.
    pub(super) fn ask(mut self, ask: &Ask) -> Result<Self, Seen> {
        self.seen.replies.push((ask.clone(), Reply::to(&ask.request.method)));
        if let Err(error) = self.stream.write_all(&ask.request.to_bytes()) {
            // The server has ended the connection behind the reply before.
            assert!(is_reset(&error), "cannot write: {error}");
            return Err(self.ended(Ending::Reset));
        }
        while !self.reply().is_whole() {
            match self.read() {
                Ok(0) => return Err(self.ended(Ending::Eof)),
                Ok(_) => {}
                Err(error) if is_reset(&error) => return Err(self.ended(Ending::Reset)),
                Err(error) => {
                    let silent = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
                    assert!(silent, "cannot read: {error}");
                    return Err(self.leave(ask.resets));
                }
            }
        }
        if ask.keeps && !ask.is_lied_to() && self.reply().keeps() { Ok(self) } else { Err(self.leave(ask.resets)) }
    }

    /// Ends the connection.
    ///
    /// A client that just closes cannot know what its kernel has acknowledged by then. This one shuts down both sides
    /// first: what comes later is answered with a reset and not acknowledged (tcp_rcv_state_process() in Linux; RFC 9293
    /// §3.6.1), and what came before can still be read. Its FIN acknowledges all of that.
    pub(super) fn leave(mut self, resets: bool) -> Seen {
        if resets {
            self.abort();
            self.seen.ending = Ending::Aborted;
            return self.seen;
        }
        // It fails if the server has reset the connection meanwhile.
        let _ = self.stream.shutdown(Shutdown::Both);
        while matches!(self.read(), Ok(1..)) {}
        if self.seen.replies.last().is_some_and(|(_, reply)| !reply.is_whole()) {
            // A server that has fallen silent would keep its socket until it has found out that this one is gone.
            self.abort();
        }
        self.seen
    }

    fn abort(&self) {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }

    fn reply(&mut self) -> &mut Reply {
        &mut self.seen.replies.last_mut().expect("something was asked for").1
    }

    /// Reads something.
    fn read(&mut self) -> io::Result<usize> {
        let read = loop {
            match self.stream.read(&mut self.buffer) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result?,
            }
        };
        self.seen.received += read as u64;
        if let Some((_, reply)) = self.seen.replies.last_mut() {
            reply.feed(&self.buffer[..read]);
        }
        Ok(read)
    }

    /// The server has ended the connection.
    fn ended(mut self, ending: Ending) -> Seen {
        // A failed write leaves what came before to be read.
        while matches!(self.read(), Ok(1..)) {}
        if ending == Ending::Eof {
            self.reply().end();
        }
        self.seen.ending = ending;
        self.seen
    }
}

fn is_reset(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}
