//! The driver at work on the bare socket: the rest of a plan, once hyper is dismissed.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use socket2::{SockRef, TcpKeepalive};
use tokio::io::Interest;

use super::conn::{ClientEnd, Conn, Verdict};
use super::drain::{Drained, drained};
use super::h1::Settings;
use super::message::{Failed, Message};
use super::request;
use super::takeover::Takeover;
use crate::decision::Step;
use crate::journal::{By, End, Ending};

/// After our FIN the client gets this long to close as well, while what it still sends is read and thrown away: a
/// close with unread bytes would be a reset, and could take the end of the reply with it (RFC 9112 §9.6).
const LINGER: Duration = Duration::from_secs(2);

/// A client that closed while the server is silent cannot be told from one that waits. Probes find out: a closed
/// socket answers them with a reset, at the latest when its host forgets it (a minute, tcp(7) `tcp_fin_timeout`).
pub(super) const PROBE_AFTER: Duration = Duration::from_secs(5);

/// What becomes of a connection whose plan was performed.
pub(super) enum Performed {
    /// All exchanges are settled, and the socket can be dropped.
    Over(Ending),
    /// It lives on; this was read of what the client sent since.
    GoesOn(Bytes),
}

/// Performs the rest of a plan. `unread` is what was read behind the request.
pub(super) async fn perform(conn: &Arc<Conn>, takeover: Takeover, unread: Bytes, settings: &Settings) -> Performed {
    let performed = tokio::select! {
        biased;
        () = settings.stop.killed() => Performed::Over(stopped(conn)),
        performed = steps(conn, takeover, unread, settings) => performed,
        () = reset_by_client(conn) => Performed::Over(left(conn)),
    };
    if matches!(performed, Performed::Over(Ending { end: End::Fin, .. })) {
        // Behind all that: a client that resets the connection now has seen its end, or could have.
        tokio::select! {
            biased;
            () = settings.stop.killed() => {}
            () = linger(conn) => {}
        }
    }
    performed
}

async fn steps(conn: &Arc<Conn>, takeover: Takeover, mut unread: Bytes, settings: &Settings) -> Performed {
    let Takeover { mut steps, mut message, note, late } = takeover;
    let mut deadline_hit = late;
    // Only a break has a deadline: a whole reply gets all the time that it needs.
    let breaks = steps.back().is_some_and(Step::is_break) && !steps.contains(&Step::End);
    let patience = breaks.then_some(settings.drain_deadline);
    if let Some(message) = &mut message {
        message.has_patience(patience);
    }
    let mut keep = message.as_ref().is_some_and(|message| message.keep);
    while let Some(step) = steps.pop_front() {
        let result = match (step, message.as_deref_mut()) {
            (Step::Wait(duration), _) => {
                tokio::time::sleep(duration).await;
                Ok(())
            }
            (Step::Drain, _) => match drained(conn, Some(settings.drain_deadline)).await {
                Drained::Empty => Ok(()),
                Drained::Deadline => {
                    deadline_hit = true;
                    Ok(())
                }
                Drained::Reset => return Performed::Over(left(conn)),
            },
            (Step::Fin, _) => return Performed::Over(fin(conn, deadline_hit, note, settings).await),
            (Step::Rst, _) => return Performed::Over(reset(conn, deadline_hit, note, settings).await),
            (Step::Stop, _) => return Performed::Over(stall(conn, deadline_hit, settings).await),
            (Step::Idle(_) | Step::Await, _) if !keep => {
                conn.missed();
                break;
            }
            (Step::Idle(duration), _) => {
                conn.settle_whole();
                match tokio::time::timeout(duration, asked(conn, &mut unread, settings)).await {
                    Err(_) => Ok(()),
                    Ok(Asked::Again) => break,
                    Ok(Asked::NoMore) => {
                        keep = false;
                        break;
                    }
                }
            }
            (Step::Await, message) => {
                conn.settle_whole();
                if asked(conn, &mut unread, settings).await == Asked::NoMore {
                    keep = false;
                    break;
                }
                let request = request::read(conn, &mut unread);
                conn.begin_unanswered(request, message.map_or("", |message| &message.plan));
                Ok(())
            }
            (
                Step::Body(_)
                | Step::End
                | Step::Extra(_)
                | Step::Head
                | Step::HeadTo(_)
                | Step::Interim { .. }
                | Step::SecondResponse
                | Step::TrailerTo(_),
                None,
            ) => Ok(()),
            (Step::Body(upto), Some(message)) => message.body(conn, upto).await,
            (Step::End, Some(message)) => message.end(conn).await,
            (Step::Extra(count), Some(message)) => message.extra(conn, count).await,
            (Step::Head, Some(message)) => message.head(conn).await,
            (Step::HeadTo(offset), Some(message)) => match message.head_to(conn, offset).await {
                Ok(true) => Ok(()),
                Ok(false) => {
                    steps = instead(conn, message, [Step::Head, Step::End]);
                    Ok(())
                }
                Err(failed) => Err(failed),
            },
            (Step::Interim { status, count }, Some(message)) => message.interims(conn, status, count).await,
            (Step::SecondResponse, Some(message)) => message.second_response(conn).await,
            (Step::TrailerTo(upto), Some(message)) => match message.trailer_to(conn, upto).await {
                Ok(true) => Ok(()),
                Ok(false) => {
                    steps = instead(conn, message, [Step::End]);
                    Ok(())
                }
                Err(failed) => Err(failed),
            },
        };
        match result {
            Ok(()) => {}
            Err(Failed::Gone) => return Performed::Over(left(conn)),
            Err(Failed::Deadline) => {
                deadline_hit = true;
                // Only the break is left to do.
                steps = steps.pop_back().into_iter().collect();
            }
            Err(Failed::Content(error)) => {
                return Performed::Over(reset(conn, deadline_hit, Some(error.to_string()), settings).await);
            }
        }
    }
    conn.done();
    if keep {
        return Performed::GoesOn(unread);
    }
    Performed::Over(end(conn, settings).await)
}

/// These are the steps where a break cannot be: the reply is correct, and gets all the time that it needs.
fn instead<const N: usize>(conn: &Conn, message: &mut Message, steps: [Step; N]) -> VecDeque<Step> {
    conn.missed();
    message.has_patience(None);
    steps.into()
}

/// Whether a client that is kept has asked again.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Asked {
    Again,
    /// It has left, or the server is to stop.
    NoMore,
}

/// Waits until the client sends something.
async fn asked(conn: &Conn, unread: &mut Bytes, settings: &Settings) -> Asked {
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

/// Closes in order, and settles what is open: the newest exchange is broken off.
async fn fin(conn: &Arc<Conn>, mut deadline_hit: bool, note: Option<String>, settings: &Settings) -> Ending {
    // What earlier replies on this connection still have under way goes first.
    match drained(conn, Some(if deadline_hit { Duration::ZERO } else { settings.drain_deadline })).await {
        Drained::Empty => {}
        Drained::Deadline => deadline_hit = true,
        Drained::Reset => return left(conn),
    }
    let verdict = Verdict { deadline_hit, note, ..Verdict::new(End::Fin, By::Server).performed() };
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
