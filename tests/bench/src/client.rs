//! A client on a bare socket: no library between the kernel and the count.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};

use anyhow::{Context as _, bail};

/// How a reply ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End {
    Eof,
    Reset,
}

/// Asks for `path` on a new connection that is not to persist; returns how many body bytes came, and how that ended.
pub(crate) fn fetch(addr: SocketAddr, path: &str) -> anyhow::Result<(u64, End)> {
    let mut stream = TcpStream::connect(addr).context("cannot connect")?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut buffer = vec![0; 256 * 1024];
    let mut head = Vec::new();
    let mut body: Option<u64> = None;
    let end = loop {
        match stream.read(&mut buffer) {
            Ok(0) => break End::Eof,
            Ok(n) => match &mut body {
                Some(body) => *body += n as u64,
                None => {
                    head.extend_from_slice(&buffer[..n]);
                    if let Some(end) = head.windows(4).position(|window| window == b"\r\n\r\n") {
                        body = Some((head.len() - end - 4) as u64);
                    }
                }
            },
            Err(error) if error.kind() == ErrorKind::ConnectionReset => break End::Reset,
            Err(error) => bail!(error),
        }
    };
    let body = body.with_context(|| format!("no head came, {} bytes of one, {end:?}", head.len()))?;
    Ok((body, end))
}
