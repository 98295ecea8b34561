//! Whole messages, read by their framing (RFC 9112 §6.3).

use std::io;

use super::{
    head::{END, Head, shown},
    probe::{Ending, Next, Probe},
};

/// A head with its body, decoded.
#[derive(Clone, Debug)]
pub(super) struct Message {
    pub(super) head: Head,
    pub(super) body: Vec<u8>,
}

/// The longest head that is waited for.
const LONGEST_HEAD: usize = 64 * 1024 * 1024;

/// Why there is none.
#[derive(Debug)]
pub(super) enum Broken {
    Io(io::Error),
    /// What came in its place.
    Differs(String),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads up to and with this, at the latest at the end of the connection.
pub(super) fn until(probe: &mut Probe, end: &[u8], what: &str) -> Result<Vec<u8>, Broken> {
    loop {
        let unread = probe.unread();
        if let Some(place) = unread.windows(end.len()).position(|window| window == end) {
            let taken = unread[..place + end.len()].to_owned();
            probe.skip(taken.len());
            return Ok(taken);
        }
        if unread.len() > LONGEST_HEAD {
            return Err(Broken::Differs(format!("expected {what}, got {} bytes without its end", unread.len())));
        }
        more(probe, what)?;
    }
}

/// Reads the whole message that begins here, an answer to this method.
pub(super) fn read(probe: &mut Probe, method: &str) -> Result<Message, Broken> {
    let head = Head::new(until(probe, END, "a head")?);
    let Some(code) = head.code() else {
        return Err(Broken::Differs(format!("expected a status line, got {}", shown(head.status_line()))));
    };
    let body = if method == "HEAD" || code < 200 || matches!(code, 204 | 304) {
        Vec::new()
    } else if head.value("transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked")) {
        chunks(probe)?
    } else if let Some(length) = head.value("content-length") {
        let length = length.parse().map_err(|_| Broken::Differs(format!("`{length}` is no content-length")))?;
        exactly(probe, length)?
    } else {
        to_the_end(probe)?
    };
    Ok(Message { head, body })
}

fn chunks(probe: &mut Probe) -> Result<Vec<u8>, Broken> {
    let mut body = Vec::new();
    loop {
        let line = until(probe, b"\r\n", "the size of a chunk")?;
        let size = str::from_utf8(&line).ok().and_then(|line| usize::from_str_radix(line.trim_end(), 16).ok());
        let Some(size) = size else {
            return Err(Broken::Differs(format!("expected the size of a chunk, got {}", shown(&line))));
        };
        body.extend(exactly(probe, size)?);
        let end = exactly(probe, 2)?;
        if end != b"\r\n" {
            return Err(Broken::Differs(format!("expected the end of a chunk, got {}", shown(&end))));
        }
        if size == 0 {
            return Ok(body);
        }
    }
}

fn exactly(probe: &mut Probe, length: usize) -> Result<Vec<u8>, Broken> {
    while probe.unread().len() < length {
        more(probe, "the rest of a body")?;
    }
    let taken = probe.unread()[..length].to_owned();
    probe.skip(length);
    Ok(taken)
}

fn to_the_end(probe: &mut Probe) -> Result<Vec<u8>, Broken> {
    loop {
        match probe.more()? {
            Next::Bytes => {}
            Next::Ended(Ending::Fin) => {
                let body = probe.unread().to_owned();
                probe.skip(body.len());
                return Ok(body);
            }
            next => return Err(Broken::Differs(format!("expected the rest of a body, got {}", next.shown()))),
        }
    }
}

fn more(probe: &mut Probe, what: &str) -> Result<(), Broken> {
    let behind = probe.unread().len();
    match probe.more()? {
        Next::Bytes => Ok(()),
        next if behind == 0 => Err(Broken::Differs(format!("expected {what}, got {}", next.shown()))),
        next => {
            let unread = shown(probe.unread());
            Err(Broken::Differs(format!("expected {what}, got {unread} and then {}", next.shown())))
        }
    }
}

impl Next {
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Bytes => "bytes",
            Self::Ended(Ending::Fin) => "FIN",
            Self::Ended(Ending::Rst) => "RST",
            Self::Nothing => "silence",
        }
    }
}
