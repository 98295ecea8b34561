//! A client on a bare socket, which sees what the wire brings and nothing else.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, Protocol, Socket, Type};

use super::chunked::Chunked;
use super::head::{Framing, Head};
use super::request::Request;
use super::{PATIENCE, QUIET};

/// How eagerly a client reads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Speed {
    Fast,
    /// A receive buffer of 16 KiB, and a pause of 5 ms behind each 64 KiB.
    Slow,
}

/// How a connection ended, or did not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// End of file.
    Eof,
    /// More bytes than the message has.
    Bytes,
    /// `ECONNRESET`.
    Reset,
    /// Neither a byte nor an end.
    Silence,
}

/// A reply as it came.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) head: Head,
    pub(crate) framing: Framing,
    /// How many body bytes came, without framing.
    pub(crate) len: u64,
    /// The body; empty if it was compared instead.
    pub(crate) body: Vec<u8>,
    /// Where the body differed from what it was compared to.
    pub(crate) wrong_at: Option<u64>,
    /// Whether the message was whole, by its framing.
    pub(crate) complete: bool,
    /// What came instead of the rest of the message, or as its end; `None` if the connection goes on.
    pub(crate) ending: Option<Ending>,
}

impl Reply {
    pub(crate) fn status(&self) -> u16 {
        self.head.status
    }

    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.get(name)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What is done with a body.
enum Sink<'a> {
    Collect,
    Compare(&'a [u8]),
}

const PAUSE: Duration = Duration::from_millis(5);
const BUFFER: usize = 64 * 1024;

/// A connection.
#[derive(Debug)]
pub(crate) struct Raw {
    stream: TcpStream,
    speed: Speed,
    /// Bytes until the next pause.
    until_pause: usize,
    timeout: Duration,
    buffer: Vec<u8>,
    unread: std::ops::Range<usize>,
}

impl Raw {
    #[track_caller]
    pub(crate) fn connect(addr: SocketAddr) -> Self {
        Self::connect_with(addr, Speed::Fast)
    }

    #[track_caller]
    pub(crate) fn connect_with(addr: SocketAddr, speed: Speed) -> Self {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP)).unwrap();
        if speed == Speed::Slow {
            // Before it connects: the window is agreed upon then.
            socket.set_recv_buffer_size(16 * 1024).unwrap();
        }
        socket.connect(&addr.into()).unwrap_or_else(|error| panic!("cannot connect to {addr}: {error}"));
        let stream = TcpStream::from(socket);
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        Self { stream, speed, until_pause: BUFFER, timeout: PATIENCE, buffer: vec![0; BUFFER], unread: 0..0 }
    }

    pub(crate) fn local_addr(&self) -> SocketAddr {
        self.stream.local_addr().unwrap()
    }

    #[track_caller]
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("the server takes the request");
    }

    /// Sends what the server will take; it may refuse to read on.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// How long a write may be blocked.
    pub(crate) fn write_patience(&self, timeout: Duration) {
        self.stream.set_write_timeout(Some(timeout)).unwrap();
    }

    /// Says that nothing more will be sent.
    #[track_caller]
    pub(crate) fn half_close(&mut self) {
        match self.stream.shutdown(Shutdown::Write) {
            // The server has reset the connection already.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => {}
            result => result.expect("the write side can be closed"),
        }
    }

    /// Closes with a reset, whatever is under way.
    pub(crate) fn reset(self) {
        socket2::SockRef::from(&self.stream).set_linger(Some(Duration::ZERO)).unwrap();
    }

    /// Sends a request, and reads its reply.
    #[track_caller]
    pub(crate) fn ask(&mut self, request: &Request) -> Reply {
        self.send(&request.to_bytes());
        self.reply(&request.method)
    }

    /// Reads one reply.
    #[track_caller]
    pub(crate) fn reply(&mut self, method: &str) -> Reply {
        self.receive(method, Sink::Collect, u64::MAX)
    }

    /// Reads one reply, whose body is to begin as `expected` does. Silence behind `stall` body bytes is expected too.
    #[track_caller]
    pub(crate) fn compare(&mut self, expected: &[u8], stall: Option<u64>) -> Reply {
        self.receive("GET", Sink::Compare(expected), stall.unwrap_or(u64::MAX))
    }

    /// Reads a head, and nothing of the body.
    #[track_caller]
    pub(crate) fn head(&mut self) -> Head {
        match self.try_head() {
            Ok(head) => head,
            Err(ending) => panic!("no head, but {ending:?}"),
        }
    }

    /// Reads one head; where none comes, says what comes instead.
    #[track_caller]
    pub(crate) fn try_head(&mut self) -> Result<Head, Ending> {
        self.patience(PATIENCE);
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            if self.unread.is_empty()
                && let Err(ending) = self.fill()
            {
                assert!(bytes.is_empty(), "{ending:?} within a head: {}", bytes.escape_ascii());
                return Err(ending);
            }
            bytes.push(self.buffer[self.unread.start]);
            self.unread.start += 1;
        }
        Ok(Head::parse(&bytes))
    }

    #[track_caller]
    fn receive(&mut self, method: &str, sink: Sink<'_>, stall: u64) -> Reply {
        let head = self.head();
        self.receive_behind(head, method, &sink, stall)
    }

    /// Reads the body behind a head that was read already.
    #[track_caller]
    pub(crate) fn compare_body(&mut self, head: Head, expected: &[u8]) -> Reply {
        self.receive_behind(head, "GET", &Sink::Compare(expected), u64::MAX)
    }

    #[track_caller]
    fn receive_behind(&mut self, head: Head, method: &str, sink: &Sink<'_>, stall: u64) -> Reply {
        let framing = head.framing(method);
        let mut reply =
            Reply { head, framing, len: 0, body: Vec::new(), wrong_at: None, complete: false, ending: None };
        self.receive_body(&mut reply, sink, stall);
        reply
    }

    #[track_caller]
    fn receive_body(&mut self, reply: &mut Reply, sink: &Sink<'_>, stall: u64) {
        let mut chunked = Chunked::new();
        loop {
            reply.complete = match reply.framing {
                Framing::None => true,
                Framing::Length(length) => reply.len == length,
                Framing::Chunked => chunked.is_over(),
                Framing::Close => false,
            };
            if reply.complete {
                return;
            }
            if self.unread.is_empty() {
                self.patience(if reply.len >= stall { QUIET } else { PATIENCE });
                let Err(ending) = self.fill() else { continue };
                reply.complete = reply.framing == Framing::Close && ending == Ending::Eof;
                reply.ending = Some(ending);
                return;
            }
            let bytes = &self.buffer[self.unread.clone()];
            self.unread.start += match reply.framing {
                Framing::Chunked => chunked.decode(bytes, |piece| take(reply, sink, piece)),
                Framing::Length(length) => {
                    let used = bytes.len().min(usize::try_from(length - reply.len).unwrap());
                    take(reply, sink, &bytes[..used]);
                    used
                }
                Framing::Close | Framing::None => {
                    take(reply, sink, bytes);
                    bytes.len()
                }
            };
        }
    }

    /// Reads some bytes of a body that is not decoded.
    #[track_caller]
    pub(crate) fn some(&mut self) -> usize {
        self.try_some().expect("bytes")
    }

    /// Reads some bytes that are not decoded; where none come, says what comes instead.
    #[track_caller]
    pub(crate) fn try_some(&mut self) -> Result<usize, Ending> {
        if self.unread.is_empty() {
            self.patience(PATIENCE);
            self.fill()?;
        }
        Ok(std::mem::take(&mut self.unread).len())
    }

    /// How the connection ends behind a whole message; waits for it as long as it takes.
    pub(crate) fn ending(&mut self) -> Ending {
        self.ending_within(PATIENCE)
    }

    /// Whether the connection goes on in silence.
    pub(crate) fn quiet(&mut self) -> Ending {
        self.ending_within(QUIET)
    }

    fn ending_within(&mut self, time: Duration) -> Ending {
        if !self.unread.is_empty() {
            return Ending::Bytes;
        }
        self.patience(time);
        self.fill().err().unwrap_or(Ending::Bytes)
    }

    fn patience(&mut self, timeout: Duration) {
        if self.timeout != timeout {
            self.stream.set_read_timeout(Some(timeout)).unwrap();
            self.timeout = timeout;
        }
    }

    /// Reads at least one byte.
    #[track_caller]
    fn fill(&mut self) -> Result<(), Ending> {
        let most = match self.speed {
            Speed::Fast => BUFFER,
            Speed::Slow => self.until_pause,
        };
        let read = loop {
            match self.stream.read(&mut self.buffer[..most]) {
                Ok(0) => return Err(Ending::Eof),
                Ok(read) => break read,
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::ConnectionReset => return Err(Ending::Reset),
                    io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => return Err(Ending::Silence),
                    _ => panic!("cannot read: {error}"),
                },
            }
        };
        self.unread = 0..read;
        if self.speed == Speed::Slow {
            self.until_pause -= read;
            if self.until_pause == 0 {
                self.until_pause = BUFFER;
                std::thread::sleep(PAUSE);
            }
        }
        Ok(())
    }
}

fn take(reply: &mut Reply, sink: &Sink<'_>, bytes: &[u8]) {
    let at = usize::try_from(reply.len).unwrap();
    reply.len += bytes.len() as u64;
    match sink {
        Sink::Collect => reply.body.extend_from_slice(bytes),
        Sink::Compare(expected) => {
            if reply.wrong_at.is_none() && expected.get(at..at + bytes.len()) != Some(bytes) {
                let same = expected.get(at..).unwrap_or_default().iter().zip(bytes).take_while(|(a, b)| a == b);
                reply.wrong_at = Some((at + same.count()) as u64);
            }
        }
    }
}
