//! Exactness: `reset-after=N` and its siblings break behind exactly N body bytes, in every trial.
//!
//! The guarantee is that of Linux; elsewhere the journal cannot know what was acknowledged.

mod matrix;
mod variants;

use std::net::SocketAddr;
use std::sync::OnceLock;

use flaky_server::{By, End, Entry, Exchange};

use crate::support::{Ending, Framing, Raw, Speed, content};

const MIB: usize = 1024 * 1024;

/// More than all buffers between a server and a slow client.
const LEN: usize = 5 * MIB + 4321;

fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<&[u8]> = OnceLock::new();
    BYTES.get_or_init(|| content(LEN))
}

/// A way to break a reply.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Fault {
    Reset,
    Truncate,
    Stall,
}

impl Fault {
    const ALL: [Self; 3] = [Self::Reset, Self::Truncate, Self::Stall];

    /// What the client is to see.
    fn ending(self) -> Ending {
        match self {
            Self::Reset => Ending::Reset,
            Self::Truncate => Ending::Eof,
            Self::Stall => Ending::Silence,
        }
    }

    /// What the journal is to say.
    fn end(self) -> End {
        match self {
            Self::Reset => End::Rst,
            Self::Truncate => End::Fin,
            Self::Stall => End::Stalled,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reset => "reset-after",
            Self::Truncate => "truncate-after",
            Self::Stall => "stall-after",
        }
    }
}

/// A fault in a place.
#[derive(Clone, Copy, Debug)]
struct Break {
    fault: Fault,
    n: usize,
    framing: &'static str,
}

const FRAMINGS: [&str; 3] = ["length", "chunked", "close"];

impl Break {
    fn term(self) -> String {
        let Self { fault, n, framing } = self;
        match framing {
            "length" => format!("{}={n}", fault.name()),
            other => format!("{}={n} framing={other}", fault.name()),
        }
    }

    /// Reads a reply whose body, were it whole, would be `body`, to the end of the connection.
    #[track_caller]
    fn check_reply(self, raw: &mut Raw, body: &[u8], what: &str) {
        let what = format!("{} of {}, {what}", self.term(), body.len());
        let reply = raw.compare(body, (self.fault == Fault::Stall).then_some(self.n as u64));
        let framing = match self.framing {
            "length" => Framing::Length(body.len() as u64),
            "chunked" => Framing::Chunked,
            _ => Framing::Close,
        };
        assert_eq!(reply.framing, framing, "framing: {what}");
        assert_eq!((reply.len, reply.wrong_at), (self.n as u64, None), "body: {what}, {reply:?}");
        let whole = match self.framing {
            "length" => self.n == body.len(),
            "chunked" => false,
            // Nobody can tell such an end from an orderly one.
            _ => self.fault == Fault::Truncate,
        };
        assert_eq!(reply.complete, whole, "complete: {what}");
        let ending = reply.ending.unwrap_or_else(|| match self.fault {
            Fault::Stall => raw.quiet(),
            Fault::Reset | Fault::Truncate => raw.ending(),
        });
        assert_eq!(ending, self.fault.ending(), "ending: {what}");
    }

    /// Whether the journal agrees with what the client has seen.
    #[track_caller]
    fn check_exchange(self, exchange: &Exchange, what: &str) {
        let what = format!("{}, {what}: {exchange:?}", self.term());
        assert_eq!(exchange.body_acked, Some(self.n as u64), "acknowledged: {what}");
        assert_eq!(exchange.body_sent, self.n as u64, "sent: {what}");
        assert_eq!(exchange.end, Some(self.fault.end()), "end: {what}");
        assert_eq!(exchange.by, Some(By::Server), "by: {what}");
        assert!(exchange.applied, "applied: {what}");
        assert!(!exchange.deadline_hit, "deadline: {what}");
        assert_eq!(exchange.note, None, "note: {what}");
        let plan: Entry = self.term().parse().expect("the term is right");
        assert_eq!(exchange.plan, plan.to_string(), "plan: {what}");
    }
}

#[track_caller]
fn connect(addr: SocketAddr, speed: Speed) -> Raw {
    Raw::connect_with(addr, speed)
}
