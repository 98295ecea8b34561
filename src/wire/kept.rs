//! A connection that waits for its next request, because something is planned for it.

use bytes::Bytes;

use super::conn::{ClientEnd, Conn};
use super::h1::Settings;

/// Whether a client that is kept has asked again.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Asked {
    Again,
    /// It has left, or the server is to stop.
    NoMore,
}

/// Waits until the client sends something.
pub(super) async fn asked(conn: &Conn, unread: &mut Bytes, settings: &Settings) -> Asked {
    if !unread.is_empty() {
        return Asked::Again;
    }
    let mut byte = [0];
    tokio::select! {
        biased;
        () = settings.stop.stopped() => Asked::NoMore,
        peeked = conn.stream.peek(&mut byte) => match peeked {
            Ok(0) => {
                conn.client_ended(ClientEnd::Fin);
                Asked::NoMore
            }
            Ok(_) => Asked::Again,
            Err(error) => {
                conn.io_failed(&error);
                Asked::NoMore
            }
        },
    }
}
