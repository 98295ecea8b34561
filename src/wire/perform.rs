//! The driver at work on the bare socket: the rest of a plan, once hyper is dismissed.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;

use super::conn::Conn;
use super::drain::{Drained, drained};
use super::ending::{end, fin, left, linger, reset, reset_by_client, stall, stopped};
use super::h1::Settings;
use super::kept::{Turn, asked};
use super::message::{Failed, Message};
use super::request;
use super::takeover::Takeover;
use crate::decision::Step;
use crate::journal::{End, Ending};

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
        linger(conn, settings).await;
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
    // Whether the message has come to its end, so that nothing of it is broken off.
    let mut is_whole = false;
    while let Some(step) = steps.pop_front() {
        let result = match (step, message.as_deref_mut()) {
            (Step::Wait(duration), _) => {
                tokio::time::sleep(duration).await;
                Ok(())
            }
            (Step::Drain, _) => {
                // Where nothing is broken off, there is all the time that the client needs.
                let is_kept = matches!(steps.front(), Some(Step::Idle(_) | Step::Await));
                match drained(conn, (!is_kept).then_some(settings.drain_deadline)).await {
                    Drained::Empty => Ok(()),
                    Drained::Deadline => {
                        deadline_hit = true;
                        Ok(())
                    }
                    Drained::Reset => return Performed::Over(left(conn)),
                }
            }
            (Step::Fin, _) => return Performed::Over(fin(conn, is_whole, deadline_hit, note, settings).await),
            (Step::Rst, _) => return Performed::Over(reset(conn, deadline_hit, note, settings).await),
            (Step::Stop, _) => return Performed::Over(stall(conn, deadline_hit, settings).await),
            (Step::Idle(_) | Step::Await, _) if !keep => {
                conn.missed();
                break;
            }
            (Step::Idle(duration), _) => {
                conn.finish();
                let asked = tokio::time::timeout(duration, asked(conn, &mut unread, settings)).await;
                if let Ok(asked) = asked {
                    conn.missed();
                    keep = asked == Turn::Again;
                }
                conn.settle_whole();
                if asked.is_ok() {
                    break;
                }
                Ok(())
            }
            (Step::Await, message) => {
                conn.finish();
                if asked(conn, &mut unread, settings).await == Turn::NoMore {
                    conn.missed();
                    conn.settle_whole();
                    keep = false;
                    break;
                }
                conn.settle_whole();
                // What the break ends is the request that has come.
                is_whole = false;
                let request = request::read(conn, &mut unread);
                conn.begin_unanswered(request, message.map_or("", |message| &message.plan));
                Ok(())
            }
            // hyper has written what there is to write.
            (_, None) => Ok(()),
            (Step::Body(upto), Some(message)) => message.body(conn, upto).await,
            (Step::End, Some(message)) => {
                let ended = message.end(conn).await;
                is_whole = ended.is_ok();
                // The message is whole: what comes now is not waited for without end.
                if steps.back() == Some(&Step::Fin)
                    && !steps.iter().any(|step| matches!(step, Step::Idle(_) | Step::Await))
                {
                    message.has_patience(Some(settings.drain_deadline));
                }
                ended
            }
            (Step::Extra(count), Some(message)) => message.extra(conn, count).await,
            (Step::Head, Some(message)) => message.head(conn).await,
            (Step::HeadTo(offset), Some(message)) => message.head_to(conn, offset).await.map(|is_there| {
                if !is_there {
                    steps = instead(conn, message, [Step::Head, Step::End]);
                }
            }),
            (Step::Interim { status, count }, Some(message)) => message.interims(conn, status, count).await,
            (Step::SecondResponse, Some(message)) => message.second_response(conn).await,
            (Step::TrailerTo(upto), Some(message)) => message.trailer_to(conn, upto).await.map(|is_there| {
                if !is_there {
                    steps = instead(conn, message, [Step::End]);
                }
            }),
        };
        match result {
            Ok(()) => {}
            Err(Failed::Gone) => return Performed::Over(left(conn)),
            Err(Failed::Deadline) => {
                deadline_hit = true;
                // Only the break is left to do.
                if steps.iter().rev().skip(1).any(|step| !matches!(step, Step::Body(_) | Step::Drain)) {
                    conn.missed();
                }
                steps = steps.pop_back().into_iter().collect();
            }
            Err(Failed::Content(error)) => {
                return Performed::Over(reset(conn, deadline_hit, Some(error.to_string()), settings).await);
            }
        }
    }
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
