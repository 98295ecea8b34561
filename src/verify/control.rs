//! The correct reply.

use std::{net::SocketAddr, time::Duration};

use super::{
    fixture::PATH,
    message::{self, Broken, Message},
    notation::Ask,
    probe::Probe,
};

/// The request of somebody who asks for the file like this.
pub(super) fn request(ask: &Ask) -> Vec<u8> {
    let mut request = format!("{} {PATH} HTTP/1.1\r\nhost: localhost\r\n", ask.method);
    for line in &ask.lines {
        request += line;
        request += "\r\n";
    }
    request += "\r\n";
    request.into_bytes()
}

/// Asks a server that breaks nothing.
pub(super) fn reply(addr: SocketAddr, ask: &Ask, patience: Duration) -> Result<Message, Broken> {
    let mut probe = Probe::connect(addr, patience)?;
    probe.ask(&request(ask));
    message::read(&mut probe, ask.method)
}
