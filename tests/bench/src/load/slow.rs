//! Thousands of connections, each of which reads slowly.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use super::http::{content_length, request};
use crate::client::End;

/// Each connection reads this much in one turn.
const BITE: usize = 32 * 1024;

/// A turn of all connections takes at least this long: a reader gets about 320 kB a second.
const TURN: Duration = Duration::from_millis(100);

/// After this long without an end something has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a crowd got.
#[derive(Debug, Default)]
pub(crate) struct Crowd {
    /// Whole replies.
    pub(crate) whole: usize,
    /// Replies that were reset behind exactly the byte where they were to be.
    pub(crate) exact: usize,
    /// What else came.
    pub(crate) failures: Vec<String>,
}

struct Reader {
    stream: TcpStream,
    head: Vec<u8>,
    body: Option<u64>,
    /// Where its reply is to be reset; `None` for a whole one.
    reset: Option<u64>,
}

/// What one connection is to ask for, and where the reply is to be reset.
pub(crate) type Wish<'a> = (&'a str, Option<u64>);

/// Opens `connections` connections that ask for the first and the second wish in turn, and reads them all slowly to
/// their ends; meanwhile calls `look` once a turn.
pub(crate) fn crowd(
    addr: SocketAddr,
    connections: usize,
    wishes: [Wish<'_>; 2],
    len: u64,
    mut look: impl FnMut(),
) -> anyhow::Result<Crowd> {
    let mut readers = Vec::with_capacity(connections);
    for (_, (path, reset)) in (0..connections).zip(wishes.iter().cycle()) {
        let mut stream = TcpStream::connect(addr).context("cannot connect")?;
        stream.write_all(&request(path))?;
        stream.set_nonblocking(true)?;
        readers.push(Reader { stream, head: Vec::new(), body: None, reset: *reset });
    }
    let mut crowd = Crowd::default();
    let mut buffer = vec![0; BITE];
    let started = Instant::now();
    while !readers.is_empty() {
        ensure!(started.elapsed() < PATIENCE, "{} connections did not end", readers.len());
        let turn = Instant::now();
        readers.retain_mut(|reader| match reader.bite(&mut buffer, len) {
            Ok(None) => true,
            Ok(Some(end)) => {
                reader.judge(end, len, &mut crowd);
                false
            }
            Err(error) => {
                crowd.failures.push(format!("{error:#}"));
                false
            }
        });
        look();
        std::thread::sleep(TURN.saturating_sub(turn.elapsed()));
    }
    Ok(crowd)
}

impl Reader {
    /// Reads what there is, up to a bite; `Some` at the end of the reply.
    fn bite(&mut self, buffer: &mut [u8], len: u64) -> anyhow::Result<Option<End>> {
        let read = match self.stream.read(buffer) {
            Ok(0) => return Ok(Some(End::Eof)),
            Ok(read) => read,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return Ok(Some(End::Reset)),
            Err(error) => return Err(error.into()),
        };
        match &mut self.body {
            Some(body) => *body += read as u64,
            None => {
                self.head.extend_from_slice(&buffer[..read]);
                let end = self.head.windows(4).position(|window| window == b"\r\n\r\n");
                if let Some(end) = end {
                    let declared = content_length(&self.head[..end + 4])?;
                    ensure!(declared == len, "a length of {declared}");
                    self.body = Some((self.head.len() - end - 4) as u64);
                    self.head = Vec::new();
                }
            }
        }
        // The connection persists behind a whole reply.
        Ok((self.reset.is_none() && self.body == Some(len)).then_some(End::Eof))
    }

    fn judge(&self, end: End, len: u64, crowd: &mut Crowd) {
        match (self.reset, self.body, end) {
            (None, Some(body), End::Eof) if body == len => crowd.whole += 1,
            (Some(at), Some(body), End::Reset) if body == at => crowd.exact += 1,
            (reset, body, end) => crowd.failures.push(format!("{body:?} bytes, then {end:?}; a reset at {reset:?}")),
        }
    }
}
