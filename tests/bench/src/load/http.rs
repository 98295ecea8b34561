//! One persistent connection.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};

/// A server that is silent for this long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// One persistent connection, and what is read over it: nothing is kept.
pub(crate) struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    /// Connects; reads at most `buffer` bytes at once.
    pub(crate) fn connect(addr: SocketAddr, buffer: usize) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(addr).context("cannot connect")?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buffer: vec![0; buffer] })
    }

    /// Asks for a path.
    pub(crate) fn ask(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(request).context("cannot send a request")
    }

    /// Reads a whole reply with status 200 and a declared length; returns the length of its body.
    pub(crate) fn reply(&mut self) -> anyhow::Result<u64> {
        let mut filled = 0;
        let head = loop {
            ensure!(filled < self.buffer.len(), "a head larger than the buffer");
            let read = self.stream.read(&mut self.buffer[filled..]).context("no head came")?;
            ensure!(read > 0, "the connection ended before a head");
            filled += read;
            if let Some(end) = self.buffer[..filled].windows(4).position(|window| window == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let len = content_length(&self.buffer[..head])?;
        let mut body = (filled - head) as u64;
        ensure!(body <= len, "{body} bytes of a body of {len}");
        while body < len {
            let read = self.stream.read(&mut self.buffer).context("a body stopped")?;
            ensure!(read > 0, "the connection ended at {body} of {len} bytes");
            body += read as u64;
        }
        ensure!(body == len, "{body} bytes of a body of {len}");
        Ok(len)
    }
}

/// A request for a path.
pub(crate) fn request(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}

/// The declared length of a reply that has status 200.
pub(super) fn content_length(head: &[u8]) -> anyhow::Result<u64> {
    if !head.starts_with(b"HTTP/1.1 200 ") {
        bail!("not a 200: {}", head.escape_ascii());
    }
    let head = std::str::from_utf8(head).context("a head that is no text")?;
    let value = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim())
    });
    value.context("a reply without a length")?.parse().context("a length that is no number")
}
