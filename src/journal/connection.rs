//! One accepted connection.

use std::net::SocketAddr;
use std::time::Duration;

use super::{By, End};

/// One accepted connection with all that is known of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Connection {
    /// The record's number in the journal, in one series with the exchanges.
    pub seq: u64,
    /// The connection's number, from 1, in order of acceptance.
    pub conn: u64,
    /// The client's address.
    pub peer: SocketAddr,
    /// The port of the server that it came to.
    pub port: u16,
    /// How many requests arrived whole on it.
    pub requests: u64,
    /// Bytes that were handed to the kernel, heads and framing included.
    pub bytes_sent: u64,
    /// Bytes that the client's kernel has acknowledged; `None` where the platform does not tell.
    pub bytes_acked: Option<u64>,
    /// How it ended; `None` while it is open.
    pub end: Option<End>,
    /// Who ended it; `None` while it is open.
    pub by: Option<By>,
    /// When it was accepted, since the server's start.
    pub at: Duration,
    /// When it was closed, since the server's start.
    pub ended_at: Option<Duration>,
}
