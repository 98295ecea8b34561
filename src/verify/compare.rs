//! Performs a wire text, and compares.

use std::{io, net::SocketAddr, ops::Range, time::Duration};

use super::{
    coding::gunzip,
    control,
    expectation::{Piece, Want, want},
    head::{is_alike, named, shown},
    message::{self, Broken, Message},
    notation::{Ask, Edit, End, Step, Wire},
    probe::{Ending, Next, Probe},
    servers::Servers,
};
use crate::{ParseError, StartError};

/// Why an entry is not what it is said to be.
#[derive(Debug)]
pub(super) enum Error {
    /// At this place of the wire text.
    Differs(Range<usize>, String),
    Io(io::Error),
    Notation(ParseError),
    Start(StartError),
}

/// Performs what a text says with an entry that plays on these servers. What ought to come is waited for so long.
pub(super) fn compare(
    wire: &str,
    servers: impl FnOnce() -> Result<Servers, StartError>,
    patience: Duration,
) -> Result<(), Error> {
    let wire = Wire::parse(wire).map_err(Error::Notation)?;
    let servers = servers().map_err(Error::Start)?;
    play(&wire, servers.played(), &servers, patience)
}

/// Performs it at this address.
pub(super) fn play(wire: &Wire, addr: SocketAddr, servers: &Servers, patience: Duration) -> Result<(), Error> {
    let mut ask = Ask { method: "GET", lines: Vec::new() };
    let correct = |ask: &Ask| match control::reply(servers.control(), ask, patience) {
        Ok(reply) => Ok(reply),
        Err(Broken::Io(error)) => Err(Error::Io(error)),
        Err(Broken::Differs(differs)) => Err(Error::Differs(0..0, format!("the correct reply: {differs}"))),
    };
    let plain = correct(&ask)?;
    let mut reply = plain.clone();
    let mut probe = Probe::connect(addr, patience).map_err(Error::Io)?;
    for (step, span) in wire.steps() {
        if let Step::Ask(asked) = step {
            ask = asked.clone();
            reply = correct(&ask)?;
        }
        perform(step, &mut probe, &ask, &reply, &plain).map_err(|broken| match broken {
            Broken::Io(error) => Error::Io(error),
            Broken::Differs(differs) => Error::Differs(span.clone(), differs),
        })?;
    }
    Ok(())
}

fn perform(step: &Step, probe: &mut Probe, ask: &Ask, reply: &Message, plain: &Message) -> Result<(), Broken> {
    match step {
        Step::Ask(ask) => probe.ask(&control::request(ask)),
        Step::AtLeast(least) => {
            let next = probe.next()?;
            let passed = probe.since_asked();
            if next != Next::Nothing && passed < *least {
                return Err(Broken::Differs(format!("it came after {} ms", passed.as_millis())));
            }
        }
        Step::End(end) => ending(*end, probe, ask.method, plain)?,
        _ => {
            if let Some(want) = want(step, reply).map_err(Broken::Differs)? {
                come(&want, probe, ask)?;
            }
        }
    }
    Ok(())
}

/// Compares what comes.
fn come(want: &Want, probe: &mut Probe, ask: &Ask) -> Result<(), Broken> {
    match want {
        Want::Bytes(pieces) => pieces.iter().try_for_each(|piece| bytes(piece, probe)),
        Want::Gzip(plain) => coded(plain, probe),
        Want::Head(expected) => {
            let came = message::until(probe, expected.end(), "a head")?;
            expected.differs(&came).map_or(Ok(()), |differs| Err(Broken::Differs(differs)))
        }
        Want::Reply { code, body, edits } => {
            let message = message::read(probe, ask.method)?;
            whole(&message, *code, body.as_deref(), edits).map_err(Broken::Differs)
        }
    }
}

fn whole(message: &Message, code: u16, body: Option<&[u8]>, edits: &[Edit]) -> Result<(), String> {
    let head = &message.head;
    if head.code() != Some(code) {
        return Err(format!("expected status {code}, got {}", shown(head.status_line())));
    }
    for edit in edits {
        match edit {
            Edit::With(line) if !head.lines().iter().any(|came| is_alike(line, came, head.now())) => {
                return Err(format!("expected {}, got {}", shown(line), shown(head.bytes())));
            }
            Edit::Without(name) if head.lines().iter().any(|line| named(line, name)) => {
                return Err(format!("got `{name}`, which is not expected"));
            }
            _ => {}
        }
    }
    match body {
        Some(body) if body != message.body => {
            let piece = Piece { bytes: body.to_owned(), ..Piece::default() };
            Err(match piece.differs_at(&message.body) {
                Some(at) => differs(body, &message.body, at),
                None => format!("expected {} bytes of a body, got {}", body.len(), message.body.len()),
            })
        }
        _ => Ok(()),
    }
}

impl Piece {
    /// The first byte that differs, of those that both have.
    fn differs_at(&self, came: &[u8]) -> Option<usize> {
        let is_same = |at: usize| {
            let (expected, came) = (self.bytes[at], came[at]);
            expected == came || (self.is_hex && expected.eq_ignore_ascii_case(&came)) || self.masked.contains(&at)
        };
        (0..self.bytes.len().min(came.len())).find(|&at| !is_same(at))
    }
}

fn bytes(piece: &Piece, probe: &mut Probe) -> Result<(), Broken> {
    let expected = &piece.bytes;
    loop {
        let came = probe.unread();
        if let Some(at) = piece.differs_at(came) {
            return Err(Broken::Differs(differs(expected, came, at)));
        }
        let behind = came.len();
        if behind >= expected.len() {
            probe.skip(expected.len());
            return Ok(());
        }
        match probe.more()? {
            Next::Bytes => {}
            next => {
                let len = expected.len();
                return Err(Broken::Differs(format!("expected {len} bytes, got {behind} and then {}", next.shown())));
            }
        }
    }
}

fn coded(plain: &[u8], probe: &mut Probe) -> Result<(), Broken> {
    loop {
        if let Some((came, len)) = gunzip(probe.unread()) {
            let piece = Piece { bytes: plain.to_owned(), ..Piece::default() };
            return match piece.differs_at(&came) {
                Some(at) => Err(Broken::Differs(differs(plain, &came, at))),
                None if came.len() != plain.len() => {
                    Err(Broken::Differs(format!("expected {} bytes with a coding, got {}", plain.len(), came.len())))
                }
                None => {
                    probe.skip(len);
                    Ok(())
                }
            };
        }
        match probe.more()? {
            Next::Bytes => {}
            next => {
                let unread = shown(probe.unread());
                let differs = format!("expected bytes with a coding, got {unread} and then {}", next.shown());
                return Err(Broken::Differs(differs));
            }
        }
    }
}

/// Both around the first byte that differs.
fn differs(expected: &[u8], came: &[u8], at: usize) -> String {
    const AROUND: usize = 8;
    let around = |bytes: &[u8]| {
        let (from, to) = (at.saturating_sub(AROUND), bytes.len().min(at + AROUND));
        let (before, behind) = (if from > 0 { "..." } else { "" }, if to < bytes.len() { "..." } else { "" });
        format!("\"{before}{}{behind}\"", bytes[from..to].escape_ascii())
    };
    format!("byte {at}: expected {}, got {}", around(expected), around(came))
}

/// The end of the connection, or none.
fn ending(end: End, probe: &mut Probe, method: &'static str, plain: &Message) -> Result<(), Broken> {
    let (expected, next) = match end {
        End::Fin => (Next::Ended(Ending::Fin), probe.next()?),
        End::Rst => (Next::Ended(Ending::Rst), probe.next()?),
        End::Silence => (Next::Nothing, probe.listen()?),
        End::Open => return open(probe, method, plain),
    };
    if next == expected {
        return Ok(());
    }
    let got = if next == Next::Bytes { shown(probe.unread()) } else { next.shown().to_owned() };
    Err(Broken::Differs(format!("expected {}, got {got}", expected.shown())))
}

/// The connection carries another request of the same kind, as attempts are counted by it, and one behind that: it was not
/// about to be closed.
fn open(probe: &mut Probe, method: &'static str, plain: &Message) -> Result<(), Broken> {
    if !probe.unread().is_empty() {
        return Err(Broken::Differs(format!("expected no more bytes, got {}", shown(probe.unread()))));
    }
    let ask = Ask { method, lines: Vec::new() };
    let body = if method == "HEAD" { Vec::new() } else { plain.body.clone() };
    for _ in 0..2 {
        probe.ask(&control::request(&ask));
        let next = |broken| match broken {
            Broken::Differs(differs) => Broken::Differs(format!("the next request: {differs}")),
            broken => broken,
        };
        come(&Want::Head(plain.head.edited(&[])), probe, &ask).map_err(next)?;
        let piece = Piece { bytes: body.clone(), ..Piece::default() };
        bytes(&piece, probe).map_err(next)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_sizes_may_be_of_either_case() {
        let piece = |is_hex| Piece { bytes: b"3E8\r\n".to_vec(), is_hex, ..Piece::default() };
        assert_eq!(piece(true).differs_at(b"3e8\r\n"), None);
        assert_eq!(piece(true).differs_at(b"3f8\r\n"), Some(1));
        assert_eq!(piece(false).differs_at(b"3e8\r\n"), Some(1));
    }

    #[test]
    fn both_are_shown_around_the_difference() {
        let (expected, came) = (b"0123456789abcdefghij".to_vec(), b"0123456789\0bc".to_vec());
        assert_eq!(
            differs(&expected, &came, 10),
            r#"byte 10: expected "...23456789abcdefgh...", got "...23456789\x00bc""#
        );
    }
}
