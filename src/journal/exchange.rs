//! One attempt, with all that is known of it.

use std::fmt;
use std::time::Duration;

use crate::decision::Target;

/// One attempt with all that is known of it.
///
/// While it is still going on, [`Exchange::end`] is `None`, and what is only known at the end is not there yet: status,
/// bytes, notes.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Exchange {
    /// The record's number in the journal, from 1, in order of arrival; connections are numbered in the same series.
    pub seq: u64,
    /// The number of the connection that it went over, from 1.
    pub conn: u64,
    /// Its number on that connection, from 1; above 1 the connection was reused.
    pub nth: u64,
    /// The port of the server that it came to: its own, or that of the mirror.
    pub port: u16,
    /// What was asked for; `None` if the connection ended before its request head was complete.
    pub target: Option<Target>,
    /// How many attempts there have been for the target, this one included.
    pub attempt: u64,
    /// Whether it only repeats a request whose reused connection died before any byte of a response.
    ///
    /// HTTP stacks do this silently (RFC 9112 §9.3.1). An application that retries at once looks the same, so counts
    /// are given with and without resends.
    pub resend: bool,
    /// The request's `Range` header, if it had one.
    pub range: Option<String>,
    /// The credentials that the request had, without what is secret about them: `authorization: Basic #1`.
    ///
    /// In the place of a secret there is a number, the same for the same secret as long as the server lives, so that it
    /// can be told who gets which: a client that follows a redirect to another origin should drop those that it was given
    /// for the first one (RFC 9110 §15.4 has it "consider removing" them). Beyond 10,000 secrets the number is `#?`, which
    /// says nothing about which one it is.
    ///
    /// Told is what stands in
    ///
    /// - `Authorization` and `Proxy-Authorization`: the scheme, if it is a known one;
    /// - `Cookie`: the names of the first sixteen of a request; `cookie: #1` is one without a name. The same cookie is right
    ///   for each port of a host (RFC 6265 §8.5);
    /// - fields that are a secret as a whole: `Api-Key`, `Circle-Token`, `Deploy-Token`, `Job-Token`, `Private-Token`,
    ///   `X-Amz-Security-Token`, `X-Amz-Server-Side-Encryption-Customer-Key`, `X-Api-Key`, `X-Auth-Token`, `X-Goog-Api-Key`,
    ///   `X-JFrog-Art-Api`, `X-NuGet-ApiKey`, `X-Vault-Token`.
    ///
    /// Not redacted is the URL: a token in the query (`X-Amz-Signature`, `access_token`) stands in [`target`](Self::target)
    /// in the clear, as it does in the log, in the table, and in what `--record` and `--print-schedule` write.
    pub credentials: Vec<String>,
    /// What was planned, as script text.
    pub plan: String,
    /// The status code on the wire; `None` if no status line was sent.
    pub status: Option<u16>,
    /// Which byte of the fixture is the first of the body: 0 in a 200, the start of the range in a 206. `None` if the body
    /// is not of a fixture.
    pub start: Option<u64>,
    /// Body bytes that were handed to the kernel, without framing.
    pub body_sent: u64,
    /// Body bytes that the client's kernel has acknowledged; `None` where the platform does not tell.
    pub body_acked: Option<u64>,
    /// How it ended; `None` while it goes on.
    pub end: Option<End>,
    /// Who ended it; `None` while it goes on.
    pub by: Option<By>,
    /// `false` if the planned fault could not happen: there was no body, the offset lay outside, the client left first.
    pub applied: bool,
    /// Whether the break came at the drain deadline, before the client had acknowledged everything.
    pub deadline_hit: bool,
    /// What else there is to say, such as that the file shrank while it was served.
    pub note: Option<String>,
    /// When the request head was complete, since the server's start.
    pub at: Duration,
    /// When it was settled, since the server's start.
    pub ended_at: Option<Duration>,
    /// How long after the end of the target's previous attempt it came; `None` for the first, and for one that
    /// arrived while the previous one still went on.
    pub gap: Option<Duration>,
}

impl Exchange {
    /// The request's method, or `-`.
    pub fn method(&self) -> &str {
        self.target.as_ref().map_or("-", Target::method)
    }

    /// Path and query of the target, or `-`.
    pub fn path_and_query(&self) -> &str {
        self.target.as_ref().map_or("-", Target::path_and_query)
    }

    /// Whether the whole message was sent and acknowledged.
    pub fn is_complete(&self) -> bool {
        self.end == Some(End::Complete)
    }
}

/// How an exchange or a connection ended.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum End {
    /// The client closed its write side, or all of the connection: on the wire the two look the same.
    ClientFin,
    /// The client reset the connection.
    ClientRst,
    /// The whole message was sent, and acknowledged.
    Complete,
    /// The server closed the connection in order, before the end of the message.
    Fin,
    /// The server reset the connection.
    Rst,
    /// The server fell silent and stayed so, until the client left or the server stopped.
    Stalled,
}

impl End {
    /// The name in journal lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientFin => "client-fin",
            Self::ClientRst => "client-rst",
            Self::Complete => "complete",
            Self::Fin => "fin",
            Self::Rst => "rst",
            Self::Stalled => "stalled",
        }
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Who ended an exchange.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]

pub enum By {
    /// The downloader.
    Client,
    /// This server.
    Server,
}

impl By {
    /// The name in journal lines.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}

impl fmt::Display for By {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
