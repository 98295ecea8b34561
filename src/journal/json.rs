//! Records as JSON lines. Keys may be added, never changed.

use std::time::Duration;

use serde::Serialize;

use super::{Availability, Connection, Exchange};

/// The version of the lines.
const VERSION: u8 = 1;

#[derive(Serialize)]
struct ExchangeLine<'a> {
    v: u8,
    kind: &'static str,
    seq: u64,
    conn: u64,
    nth: u64,
    port: u16,
    method: &'a str,
    target: &'a str,
    attempt: u64,
    resend: bool,
    range: Option<&'a str>,
    credentials: &'a [String],
    plan: &'a str,
    status: Option<u16>,
    start: Option<u64>,
    body_sent: u64,
    body_acked: Option<u64>,
    end: Option<&'static str>,
    by: Option<&'static str>,
    applied: bool,
    deadline_hit: bool,
    t_ms: f64,
    gap_ms: Option<f64>,
    note: Option<&'a str>,
}

#[derive(Serialize)]
struct ConnectionLine {
    v: u8,
    kind: &'static str,
    seq: u64,
    conn: u64,
    peer: String,
    port: u16,
    requests: u64,
    bytes_sent: u64,
    bytes_acked: Option<u64>,
    end: Option<&'static str>,
    by: Option<&'static str>,
    t_ms: f64,
}

#[derive(Serialize)]
struct AvailabilityLine {
    v: u8,
    kind: &'static str,
    t_ms: f64,
}

impl Availability {
    /// As one JSON object on one line, without the line's end.
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program is the one that observes"))]
    pub(crate) fn to_json(self) -> String {
        to_line(&AvailabilityLine {
            v: VERSION,
            kind: if self.is_up { "up" } else { "down" },
            t_ms: milliseconds(self.at),
        })
    }
}

impl Exchange {
    /// The record as one JSON object on one line, without the line's end.
    ///
    /// `t_ms` is when the request came, since the server's start; `gap_ms` how long after the end of the target's
    /// previous attempt. Both are milliseconds, to a thousandth.
    pub fn to_json(&self) -> String {
        let line = ExchangeLine {
            v: VERSION,
            kind: "exchange",
            seq: self.seq,
            conn: self.conn,
            nth: self.nth,
            port: self.port,
            method: self.method(),
            target: self.path_and_query(),
            attempt: self.attempt,
            resend: self.resend,
            range: self.range.as_deref(),
            credentials: &self.credentials,
            plan: &self.plan,
            status: self.status,
            start: self.start,
            body_sent: self.body_sent,
            body_acked: self.body_acked,
            end: self.end.map(super::End::as_str),
            by: self.by.map(super::By::as_str),
            applied: self.applied,
            deadline_hit: self.deadline_hit,
            t_ms: milliseconds(self.at),
            gap_ms: self.gap.map(milliseconds),
            note: self.note.as_deref(),
        };
        to_line(&line)
    }
}

impl Connection {
    /// The record as one JSON object on one line, without the line's end.
    pub fn to_json(&self) -> String {
        let line = ConnectionLine {
            v: VERSION,
            kind: "connection",
            seq: self.seq,
            conn: self.conn,
            peer: self.peer.to_string(),
            port: self.port,
            requests: self.requests,
            bytes_sent: self.bytes_sent,
            bytes_acked: self.bytes_acked,
            end: self.end.map(super::End::as_str),
            by: self.by.map(super::By::as_str),
            t_ms: milliseconds(self.at),
        };
        to_line(&line)
    }
}

fn to_line(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("plain fields with string keys are always JSON")
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1_000.0
}
