//! A connection that waits for its next request, because something is planned for it.

use bytes::Bytes;

use super::conn::{ClientEnd, Conn};
use super::h1::Settings;

/// Whether a client that is kept has asked again.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(super) enum Turn {
    Again,
    /// It has left, or the server is to stop.
    NoMore,
}

/// Waits until the client sends something.
pub(super) async fn asked(conn: &Conn, unread: &mut Bytes, settings: &Settings) -> Turn {
    if !unread.is_empty() {
        return Turn::Again;
    }
    let mut byte = [0];
    tokio::select! {
        biased;
        () = settings.stop.stopped() => Turn::NoMore,
        peeked = conn.stream.peek(&mut byte) => match peeked {
            Ok(0) => {
                conn.client_ended(ClientEnd::Fin);
                Turn::NoMore
            }
            Ok(_) => Turn::Again,
            Err(error) => {
                conn.io_failed(&error);
                Turn::NoMore
            }
        },
    }
}
