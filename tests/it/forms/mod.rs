//! Replies whose form is wrong on purpose: each byte of them, on fresh and on reused connections.

/// What comes behind a message, and what becomes of its connection.
mod behind;
/// Chunks, and the trailer section.
mod chunks;
/// Status lines and headers, and what comes before them.
mod heads;
/// Schedules that stand in files.
mod schedules;

use flaky_server::verify::check;

/// Holds an entry against the wire, on a connection of its own.
#[track_caller]
fn holds_at_first(entry: &str, wire: &str) {
    if let Err(mismatch) = check(entry, wire) {
        panic!("{mismatch}");
    }
}

/// Holds an entry against the wire, as the first on a connection and as the second. (Attempts are counted by method: what
/// is asked for is GET.)
#[track_caller]
fn holds(entry: &str, wire: &str) {
    holds_at_first(entry, wire);
    if let Err(mismatch) = check(&format!("ok, {entry}"), &format!("GET head body {wire}")) {
        panic!("on a reused connection: {mismatch}");
    }
}
