//! How a connection ends, or does not.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::Interest;

use super::conn::{ClientEnd, Conn};
use super::drain::{Drained, drained};
use super::h1::Settings;
use super::verdict::Verdict;
use crate::journal::{By, End, Ending};

/// After our FIN the client gets this long to close as well, while what it still sends is read and thrown away: a
/// close with unread bytes would be a reset, and could take the end of the reply with it (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(2);

/// A client that closed while the server is silent cannot be told from one that waits. Probes find out: a closed
/// socket answers them with a reset, at the latest when its host forgets it (a minute, tcp(7) `tcp_fin_timeout`).
const PROBE_AFTER: Duration = Duration::from_secs(5);

/// Waits for what earlier replies on this connection still have under way, which a reset would throw away, unless the
/// deadline is over; says whether it is now. `None` if the client has reset the connection.
async fn drained_for_a_break(conn: &Conn, deadline_hit: bool, settings: &Settings) -> Option<bool> {
    match drained(conn, Some(if deadline_hit { Duration::ZERO } else { settings.drain_deadline })).await {
        Drained::Empty => Some(deadline_hit),
        Drained::Deadline => Some(true),
        Drained::Reset => None,
    }
}

/// Closes in order, and settles what is open: the newest exchange is broken off, unless it is whole.
pub(super) async fn fin(
    conn: &Arc<Conn>,
    is_whole: bool,
    deadline_hit: bool,
    note: Option<String>,
    settings: &Settings,
) -> Ending {
    let Some(deadline_hit) = drained_for_a_break(conn, deadline_hit, settings).await else { return left(conn) };
    let verdict = Verdict { deadline_hit, note, ..Verdict::new(End::Fin, By::Server).performed() };
    if is_whole && !deadline_hit {
        conn.settle_whole();
    }
    conn.settle_all(&verdict);
    // A client that is gone by now gets nothing more; what happened is settled.
    let _ = conn.send_fin();
    verdict.ending
}

/// Ends the connection in order behind whole messages, and settles what is open.
pub(super) async fn end(conn: &Arc<Conn>, settings: &Settings) -> Ending {
    // A client that is gone already needs no goodbye.
    let _ = conn.send_fin();
    // No deadline: nothing is to be broken here, and a slow reader gets all the time it needs.
    tokio::select! {
        biased;
        () = settings.stop.killed() => return stopped(conn),
        drained = drained(conn, None) => {
            if drained == Drained::Reset {
                return left(conn);
            }
        }
    }
    let ending = match conn.client() {
        Some(ClientEnd::Fin) => Ending { end: End::ClientFin, by: By::Client },
        Some(ClientEnd::Rst) => Ending { end: End::ClientRst, by: By::Client },
        None => Ending { end: End::Fin, by: By::Server },
    };
    conn.settle_all(&Verdict { ending, performed: false, deadline_hit: false, note: None });
    ending
}

/// Resets the connection: settled first, so that the journal knows when the client does.
pub(super) async fn reset(conn: &Arc<Conn>, deadline_hit: bool, note: Option<String>, settings: &Settings) -> Ending {
    let Some(deadline_hit) = drained_for_a_break(conn, deadline_hit, settings).await else { return left(conn) };
    let verdict = Verdict { deadline_hit, note, ..Verdict::new(End::Rst, By::Server).performed() };
    conn.settle_all(&verdict);
    conn.close_with_rst();
    verdict.ending
}

/// Says nothing more until the client leaves or the server stops.
pub(super) async fn stall(conn: &Arc<Conn>, deadline_hit: bool, settings: &Settings) -> Ending {
    let verdict = Verdict { deadline_hit, ..Verdict::new(End::Stalled, By::Server).performed() };
    if conn.client().is_none() {
        tokio::select! {
            biased;
            () = settings.stop.stopped() => {}
            () = discard(conn) => {}
        }
        if conn.client() == Some(ClientEnd::Fin) {
            // For the client it is over, as far as anybody can tell.
            conn.settle_all(&verdict);
        }
    }
    if conn.client() != Some(ClientEnd::Rst) {
        send_probes(conn);
        tokio::select! {
            biased;
            () = settings.stop.stopped() => {}
            () = reset_by_client(conn) => {}
        }
    }
    conn.settle_all(&verdict);
    // An orderly end could be taken for the end of the body.
    conn.close_with_rst();
    verdict.ending
}

/// Has the kernel find out whether the client is there. Where it does not, the connection lives until the server stops.
pub(super) fn send_probes(conn: &Conn) {
    let probes = TcpKeepalive::new().with_time(PROBE_AFTER).with_interval(PROBE_AFTER);
    let _ = SockRef::from(&conn.stream).set_tcp_keepalive(&probes);
}

/// Reads and throws away until the client ends its side, for a bounded time, or until the server stops at once.
pub(super) async fn linger(conn: &Conn, settings: &Settings) {
    if conn.client().is_some() {
        return;
    }
    // Then the close that follows is all that is left to do.
    tokio::select! {
        biased;
        () = settings.stop.killed() => {}
        _ = tokio::time::timeout(LINGER, discard(conn)) => {}
    }
}

/// Reads and throws away until the client ends its side.
async fn discard(conn: &Conn) {
    loop {
        if let Err(error) = conn.stream.readable().await {
            return conn.io_failed(&error);
        }
        // Not across the wait: every connection would keep it as a part of its task.
        let mut buffer = [0; 4096];
        match conn.stream.try_read(&mut buffer) {
            Ok(0) => return conn.client_ended(ClientEnd::Fin),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return conn.io_failed(&error),
        }
    }
}

/// Completes when the client has reset the connection.
pub(super) async fn reset_by_client(conn: &Conn) {
    if conn.stream.ready(Interest::ERROR).await.is_err() || conn.is_reset() {
        return;
    }
    // The event is reported again and again, even when nothing is behind it any more.
    std::future::pending::<()>().await;
}

/// The client left before it was over.
pub(super) fn left(conn: &Conn) -> Ending {
    conn.client_ended(ClientEnd::Rst);
    let verdict = Verdict::new(End::ClientRst, By::Client);
    conn.settle_all(&verdict);
    verdict.ending
}

/// The server was stopped before it was over.
pub(super) fn stopped(conn: &Conn) -> Ending {
    let note = Some("the server was stopped".to_owned());
    let verdict = Verdict { note, ..Verdict::new(End::Rst, By::Server) };
    if conn.is_idle() {
        return Ending { end: End::Fin, by: By::Server };
    }
    conn.settle_all(&verdict);
    conn.close_with_rst();
    verdict.ending
}
