//! What an exchange is told in, in the table and in the log.

use std::time::Duration;

use super::Exchange;

/// Method, target and range.
pub(crate) fn request(exchange: &Exchange) -> String {
    match (&exchange.target, &exchange.range) {
        (None, _) => "-".to_owned(),
        (Some(target), None) => target.to_string(),
        (Some(target), Some(range)) => format!("{target} [{range}]"),
    }
}

/// Its number, and which request on it this is, if it is not the first.
pub(crate) fn connection(exchange: &Exchange) -> String {
    if exchange.nth > 1 { format!("{}.{}", exchange.conn, exchange.nth) } else { exchange.conn.to_string() }
}

/// The number, and whether it is a resend.
pub(crate) fn attempt(exchange: &Exchange) -> String {
    if exchange.resend { format!("{} (resend)", exchange.attempt) } else { exchange.attempt.to_string() }
}

/// How it ended, and what of the plan did not come to pass.
pub(crate) fn ending(exchange: &Exchange) -> String {
    let mut text = match exchange.end {
        None => "open".to_owned(),
        Some(end) => end.to_string(),
    };
    if !exchange.applied {
        text += ", not applied";
    }
    if exchange.deadline_hit {
        text += ", at the deadline";
    }
    text
}

/// A duration to three digits or so.
pub(crate) fn short(duration: Duration) -> String {
    match duration.as_millis() {
        ms @ 0..1_000 => format!("{ms}ms"),
        ms @ 1_000..100_000 => format!("{:.1}s", ms as f64 / 1_000.0),
        ms => format!("{}s", ms / 1_000),
    }
}
