//! The driver at work on the bare socket: the rest of a plan, once hyper is dismissed.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::Interest;

use super::conn::{ClientEnd, Conn, Verdict};
use super::drain::{Drained, drained};
use super::h1::Settings;
use super::takeover::{RawReply, Takeover};
use crate::content::ReadError;
use crate::decision::Step;
use crate::journal::{By, End, Ending};

/// After our FIN the client gets this long to close as well, while what it still sends is read and thrown away: a
/// close with unread bytes would be a reset, and could take the end of the reply with it (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(2);

/// A client that closed while the server is silent cannot be told from one that waits. Probes find out: a closed
/// socket answers them with a reset, at the latest when its host forgets it (a minute, tcp(7) `tcp_fin_timeout`).
const PROBE_AFTER: Duration = Duration::from_secs(5);

/// Performs the rest of a plan; all exchanges are settled afterwards, and the socket can be dropped.
pub(super) async fn perform(conn: &Arc<Conn>, takeover: Takeover, settings: &Settings) -> Ending {
    let ending = tokio::select! {
        biased;
        () = settings.stop.killed() => stopped(conn),
        ending = steps(conn, takeover, settings) => ending,
        () = reset_by_client(conn) => left(conn),
    };
    if ending.end == End::Fin {
        // Behind all that: a client that resets the connection now has seen its end, or could have.
        tokio::select! {
            biased;
            () = settings.stop.killed() => {}
            () = linger(conn) => {}
        }
    }
    ending
}

async fn steps(conn: &Arc<Conn>, takeover: Takeover, settings: &Settings) -> Ending {
    let Takeover { mut steps, mut raw, note, late } = takeover;
    let mut deadline_hit = late;
    // Only a break has a deadline: a whole reply gets all the time that it needs.
    let breaks = matches!(steps.back(), Some(Step::Fin | Step::Rst | Step::Stop));
    let patience = breaks.then_some(settings.drain_deadline);
    while let Some(step) = steps.pop_front() {
        let result = match step {
            Step::Wait(duration) => {
                tokio::time::sleep(duration).await;
                Ok(())
            }
            Step::Head => match &raw {
                Some(raw) => write_all(conn, &raw.head, patience).await,
                None => Ok(()),
            },
            Step::Body(upto) => pump(conn, raw.as_mut(), Some(upto), patience).await,
            Step::Drain => match drained(conn, Some(settings.drain_deadline)).await {
                Drained::Empty => Ok(()),
                Drained::Deadline => {
                    deadline_hit = true;
                    Ok(())
                }
                Drained::Reset => return left(conn),
            },
            Step::End => pump(conn, raw.as_mut(), None, patience).await,
            Step::Fin => {
                // What earlier replies on this connection still have under way goes first.
                match drained(conn, Some(if deadline_hit { Duration::ZERO } else { settings.drain_deadline })).await {
                    Drained::Empty => {}
                    Drained::Deadline => deadline_hit = true,
                    Drained::Reset => return left(conn),
                }
                let verdict =
                    Verdict { deadline_hit, note: note.clone(), ..Verdict::new(End::Fin, By::Server).performed() };
                conn.settle_all(&verdict);
                // A client that is gone by now gets nothing more; what happened is settled.
                let _ = conn.send_fin();
                return verdict.ending;
            }
            Step::Rst => return reset(conn, deadline_hit, note, settings).await,
            Step::Stop => return stall(conn, deadline_hit, settings).await,
        };
        match result {
            Ok(()) => {}
            Err(Failed::Client) => return left(conn),
            Err(Failed::Deadline) => {
                deadline_hit = true;
                // Only the break is left to do.
                steps.drain(..steps.len() - 1);
            }
            Err(Failed::Content(error)) => return reset(conn, deadline_hit, Some(error.to_string()), settings).await,
        }
    }
    end(conn, settings).await
}

/// Why a step failed.
enum Failed {
    Client,
    /// The client has read nothing for so long that the break cannot wait any longer.
    Deadline,
    Content(ReadError),
}

async fn pump(
    conn: &Conn,
    raw: Option<&mut RawReply>,
    upto: Option<u64>,
    patience: Option<Duration>,
) -> Result<(), Failed> {
    let Some(RawReply { reader, .. }) = raw else { return Ok(()) };
    let upto = upto.unwrap_or_else(|| reader.len());
    while reader.position() < upto {
        let bytes: Bytes = poll_fn(|cx| reader.poll_next(cx, upto)).await.map_err(Failed::Content)?;
        write_all(conn, &bytes, patience).await?;
    }
    Ok(())
}

async fn write_all(conn: &Conn, mut bytes: &[u8], patience: Option<Duration>) -> Result<(), Failed> {
    while !bytes.is_empty() {
        let writable = match patience {
            None => conn.stream.writable().await,
            Some(patience) => {
                let writable = tokio::time::timeout(patience, conn.stream.writable()).await;
                writable.map_err(|_| Failed::Deadline)?
            }
        };
        let written = match writable {
            Ok(()) => conn.stream.try_write(bytes),
            Err(error) => Err(error),
        };
        match written {
            Ok(written) => {
                conn.wrote(&[IoSlice::new(bytes)], written);
                bytes = &bytes[written..];
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => {
                conn.io_failed(&error);
                return Err(Failed::Client);
            }
        }
    }
    Ok(())
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
async fn reset(conn: &Arc<Conn>, mut deadline_hit: bool, note: Option<String>, settings: &Settings) -> Ending {
    // A reset throws away what is still under way, and on a reused connection that may be an earlier reply.
    match drained(conn, Some(if deadline_hit { Duration::ZERO } else { settings.drain_deadline })).await {
        Drained::Empty => {}
        Drained::Deadline => deadline_hit = true,
        Drained::Reset => return left(conn),
    }
    let verdict = Verdict { deadline_hit, note, ..Verdict::new(End::Rst, By::Server).performed() };
    conn.settle_all(&verdict);
    conn.close_with_rst();
    verdict.ending
}

/// Says nothing more until the client leaves or the server stops.
async fn stall(conn: &Arc<Conn>, deadline_hit: bool, settings: &Settings) -> Ending {
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
        let probes = TcpKeepalive::new().with_time(PROBE_AFTER).with_interval(PROBE_AFTER);
        // Without probes the connection lives until the server stops.
        let _ = SockRef::from(&conn.stream).set_tcp_keepalive(&probes);
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

/// Reads and throws away until the client ends its side, for a bounded time.
pub(super) async fn linger(conn: &Conn) {
    if conn.client().is_some() {
        return;
    }
    // When the time is over, the close that follows is all that is left to do.
    let _ = tokio::time::timeout(LINGER, discard(conn)).await;
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
