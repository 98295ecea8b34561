//! What happens to a connection before there is a request.

use std::sync::Arc;

use super::conn::{ClientEnd, Conn};
use super::ending::{linger, send_probes};
use super::h1::Settings;
use crate::decision::{OnAccept, Step};
use crate::journal::{By, End, Ending};

/// The exchange without a target that a connection has instead of requests.
struct Exchange<'a> {
    conn: &'a Conn,
    seq: u64,
}

/// Performs the plan for a new connection. `None` if requests are to be read now; otherwise all is settled, and the socket
/// can be dropped.
pub(super) async fn perform(conn: &Arc<Conn>, plan: OnAccept, settings: &Settings) -> Option<Ending> {
    // A connection that passes has requests of its own to tell of.
    let exchange = plan.is_end().then(|| Exchange { conn, seq: conn.begin_headless(plan.text()) });
    for step in plan.steps() {
        match (step, &exchange) {
            (Step::Wait(duration), None) => tokio::select! {
                biased;
                () = settings.stop.stopped() => return None,
                () = tokio::time::sleep(*duration) => {}
            },
            (Step::Wait(duration), Some(exchange)) => tokio::select! {
                biased;
                () = settings.stop.killed() => return Some(exchange.stopped()),
                client = gone(conn) => return Some(exchange.left(client)),
                () = tokio::time::sleep(*duration) => {}
            },
            (Step::Fin, Some(exchange)) => {
                let ending = exchange.performed(End::Fin);
                // A client that is gone by now gets nothing more; what happened is settled.
                let _ = conn.send_fin();
                linger(conn, settings).await;
                return Some(ending);
            }
            (Step::Rst, Some(exchange)) => {
                // Settled first, so that the journal knows when the client does.
                let ending = exchange.performed(End::Rst);
                conn.close_with_rst();
                return Some(ending);
            }
            (_, Some(exchange)) => return Some(hang(exchange, settings).await),
            (_, None) => return None,
        }
    }
    None
}

/// Neither reads nor writes until the client leaves or the server stops.
async fn hang(exchange: &Exchange<'_>, settings: &Settings) -> Ending {
    let conn = exchange.conn;
    // For a client that vanishes, or that cannot send its FIN past what nobody reads.
    send_probes(conn);
    tokio::select! {
        biased;
        () = settings.stop.stopped() => {}
        client = gone(conn) => conn.client_ended(client),
    }
    let ending = exchange.performed(End::Stalled);
    conn.close_with_rst();
    ending
}

/// Completes when the client has ended its side, without reading what it sent.
async fn gone(conn: &Conn) -> ClientEnd {
    closed(conn).await;
    if conn.is_reset() { ClientEnd::Rst } else { ClientEnd::Fin }
}

/// Waits for the closed read side alone: bytes that nobody reads make a socket readable for ever.
#[cfg(target_os = "linux")]
async fn closed(conn: &Conn) {
    // Besides urgent data, which the socket is not registered for, this interest is in the end of what the client sends.
    // It fails when the runtime is shut down.
    let _ = conn.stream.ready(tokio::io::Interest::PRIORITY).await;
}

#[cfg(not(target_os = "linux"))]
async fn closed(conn: &Conn) {
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
    while conn.stream.ready(tokio::io::Interest::READABLE).await.is_ok_and(|ready| !ready.is_read_closed()) {
        tokio::time::sleep(PAUSE).await;
    }
}

impl Exchange<'_> {
    /// It ended as planned.
    fn performed(&self, end: End) -> Ending {
        self.settle(Ending { end, by: By::Server }, true, None)
    }

    fn left(&self, client: ClientEnd) -> Ending {
        self.conn.client_ended(client);
        self.settle(client.ending(), false, None)
    }

    fn stopped(&self) -> Ending {
        let ending = self.settle(Ending { end: End::Rst, by: By::Server }, false, Some("the server was stopped"));
        self.conn.close_with_rst();
        ending
    }

    fn settle(&self, ending: Ending, applied: bool, note: Option<&str>) -> Ending {
        self.conn.settle_headless(self.seq, ending, applied, note.map(str::to_owned));
        ending
    }
}
