//! The raw client: it sends what it is told to, and keeps what comes, with the time.

use std::{
    io::{self, ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// One connection.
#[derive(Debug)]
pub(super) struct Probe {
    /// `None` if the server reset it while it was made.
    stream: Option<TcpStream>,
    patience: Duration,
    /// All that came.
    came: Vec<u8>,
    /// How much had come at which time.
    times: Vec<(usize, Instant)>,
    /// How much of it has been looked at.
    at: usize,
    ended: Option<(Ending, Instant)>,
    /// A failed write may have taken the news of a reset with it.
    is_reset: bool,
    asked: Instant,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Ending {
    Fin,
    Rst,
}

/// What comes next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// At least one byte that has not been looked at.
    Bytes,
    Ended(Ending),
    /// Nothing for as long as it was waited for.
    Nothing,
}

/// How long silence is listened to.
const QUIET: Duration = Duration::from_millis(50);

impl Probe {
    /// Connects. What ought to come is waited for so long.
    pub(super) fn connect(addr: SocketAddr, patience: Duration) -> io::Result<Self> {
        let asked = Instant::now();
        let (stream, ended) = match TcpStream::connect(addr) {
            Ok(stream) => (Some(stream), None),
            // The reset was faster than the end of the handshake.
            Err(error) if is_reset(&error) => (None, Some((Ending::Rst, Instant::now()))),
            Err(error) => return Err(error),
        };
        if let Some(stream) = &stream {
            // It fails on dead sockets alone.
            let _ = stream.set_nodelay(true);
        }
        Ok(Self { stream, patience, came: Vec::new(), times: Vec::new(), at: 0, ended, is_reset: false, asked })
    }

    /// Sends these bytes. It may fail: how the connection ended is told by what is read.
    pub(super) fn ask(&mut self, request: &[u8]) {
        self.asked = Instant::now();
        if let Some(Err(error)) = self.stream.as_mut().map(|stream| stream.write_all(request)) {
            self.is_reset |= is_reset(&error);
        }
    }

    /// The bytes that have come and not been looked at.
    pub(super) fn unread(&self) -> &[u8] {
        &self.came[self.at..]
    }

    /// So many of them have been looked at.
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Waits for something that has not been looked at.
    pub(super) fn next(&mut self) -> io::Result<Next> {
        if self.unread().is_empty() { self.more() } else { Ok(Next::Bytes) }
    }

    /// Waits for more bytes than have come.
    pub(super) fn more(&mut self) -> io::Result<Next> {
        self.fill(self.patience)
    }

    /// Waits a little for something that ought not to come.
    pub(super) fn listen(&mut self) -> io::Result<Next> {
        if self.unread().is_empty() { self.fill(QUIET) } else { Ok(Next::Bytes) }
    }

    /// How long after the last request that came which [`next`](Self::next) has told of.
    pub(super) fn since_asked(&self) -> Duration {
        let byte = self.times.iter().find(|(len, _)| *len > self.at).map(|(_, time)| *time);
        let time = byte.or_else(|| self.ended.map(|(_, time)| time)).unwrap_or_else(Instant::now);
        time.saturating_duration_since(self.asked)
    }

    fn fill(&mut self, timeout: Duration) -> io::Result<Next> {
        if let Some((ending, _)) = self.ended {
            return Ok(Next::Ended(ending));
        }
        let Some(stream) = &mut self.stream else { return Ok(Next::Ended(Ending::Rst)) };
        stream.set_read_timeout(Some(timeout))?;
        let mut buffer = [0; 16 * 1024];
        let ending = loop {
            match stream.read(&mut buffer) {
                Ok(0) if self.is_reset => break Ending::Rst,
                Ok(0) => break Ending::Fin,
                Ok(read) => {
                    self.came.extend_from_slice(&buffer[..read]);
                    self.times.push((self.came.len(), Instant::now()));
                    return Ok(Next::Bytes);
                }
                Err(error) if is_reset(&error) => break Ending::Rst,
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock | ErrorKind::TimedOut => return Ok(Next::Nothing),
                    _ => return Err(error),
                },
            }
        };
        self.ended = Some((ending, Instant::now()));
        Ok(Next::Ended(ending))
    }
}

fn is_reset(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted)
}
