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

/// Holds an entry against the wire, as the first on a connection and as the second.
#[track_caller]
fn holds(entry: &str, wire: &str) {
    if let Err(mismatch) = check(entry, wire) {
        panic!("{mismatch}");
    }
    if let Err(mismatch) = check(&format!("ok, {entry}"), &format!("GET head body {wire}")) {
        panic!("on a reused connection: {mismatch}");
    }
}
