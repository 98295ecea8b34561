//! A client that hands over exactly what the kernel gave it.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use super::program::PATIENCE;

/// How a connection ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    Eof,
    Reset,
}

/// What came over one connection.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Received {
    /// The status line and the header fields, without those that tell the time.
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
    pub(crate) ending: Ending,
}

impl Received {
    /// 0 if no status line came.
    pub(crate) fn status(&self) -> u16 {
        self.head.first().and_then(|line| line.get(9..12)).map_or(0, |code| code.parse().unwrap())
    }

    /// Whether the whole body came, with a status of success.
    pub(crate) fn is_whole(&self) -> bool {
        let length =
            self.head.iter().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        self.status() == 200 && length == Some(self.body.len()) && self.ending == Ending::Eof
    }
}

/// Asks for a target over a connection of its own.
#[track_caller]
pub(crate) fn get(addr: SocketAddr, path: &str) -> Received {
    request(addr, "GET", path)
}

/// Asks with this method.
#[track_caller]
pub(crate) fn request(addr: SocketAddr, method: &str, path: &str) -> Received {
    send(addr, format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").as_bytes())
}

/// Sends these bytes, and reads to the end.
#[track_caller]
pub(crate) fn send(addr: SocketAddr, bytes: &[u8]) -> Received {
    let mut socket = connect(addr);
    // The server may have broken the connection already.
    let _ = socket.write_all(bytes);
    let mut received = Vec::new();
    let ending = match socket.read_to_end(&mut received) {
        Ok(_) => Ending::Eof,
        Err(error) if error.kind() == ErrorKind::ConnectionReset => Ending::Reset,
        Err(error) => panic!("{error}, after {:?}", received.escape_ascii().to_string()),
    };
    let end = received.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |at| at + 4);
    let head = String::from_utf8(received[..end].to_vec()).unwrap();
    let tells_time = |line: &str| line.starts_with("date:") || line.starts_with("last-modified:");
    let head = head.lines().filter(|line| !line.is_empty() && !tells_time(&line.to_ascii_lowercase()));
    Received { head: head.map(str::to_owned).collect(), body: received[end..].to_vec(), ending }
}

/// A connection on which reading does not block for ever.
#[track_caller]
pub(crate) fn connect(addr: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(addr).unwrap_or_else(|error| panic!("{addr}: {error}"));
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    socket
}
