//! The driver of one HTTP/1.1 connection: hyper while it lasts, then the rest of a plan.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::body::PlannedBody;
use super::conn::{Conn, Observer};
use super::ending::{end, left, linger, reset_by_client, stopped};
use super::message::Message;
use super::on_accept;
use super::perform::{Performed, perform};
use super::reader::Reader;
use super::reply;
use super::stop::Stop;
use super::takeover::Takeover;
use super::tap::Tap;
use crate::decision::{OnAccept, Step};
use crate::journal::{By, End, Ending, Journal};
use crate::respond::ReplyBody;

/// What every connection of a server has in common.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) drain_deadline: Duration,
    /// The largest request head, in bytes.
    pub(crate) max_head: usize,
    /// The most header fields of a request.
    pub(crate) max_headers: usize,
    /// How long a client may take to complete a request head that it has begun.
    pub(crate) request_timeout: Duration,
    pub(crate) stop: Stop,
}

/// Answers requests.
pub(crate) trait Handler: Observer {
    /// What is to happen to a new connection before there is a request, if anything is.
    fn accepted(&self, connect: impl FnOnce() -> Arc<Conn>) -> (Arc<Conn>, Option<OnAccept>);

    /// Answers one request, or lets the driver take over and never completes. `None` closes the connection.
    fn answer(
        self: Arc<Self>,
        conn: Arc<Conn>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Option<Response<PlannedBody>>> + Send;
}

/// The handler has given up on a connection, because the client has.
#[derive(Debug, thiserror::Error)]
#[error("the request's body did not arrive")]
struct GaveUp;

/// Something that the driver has to see to.
enum Event {
    /// hyper is done with the connection.
    Done,
    /// hyper is to be dismissed.
    TakeOver(Box<Takeover>),
    /// There is another timer to set, or one to drop.
    Changed,
}

/// What the driver's timers depend on.
#[derive(Clone, Copy, Eq, PartialEq)]
struct Timers {
    /// Whether whole replies wait for their acknowledgement.
    unacknowledged: bool,
    head_since: Option<Instant>,
    /// Since when a break waits for the client to read.
    break_blocked_since: Option<Instant>,
}

/// The most header fields that hyper lets through of its own accord.
const HYPER_MAX_HEADERS: usize = 100;

/// Acknowledgements of whole replies are looked for in pauses that grow from this ...
const FIRST_LOOK: Duration = Duration::from_millis(1);

/// ... to this: a delayed ACK comes after 40 ms (tcp(7), `TCP_QUICKACK`).
const LAST_LOOK: Duration = Duration::from_millis(40);

/// Serves one connection, which came to this port, to its end. It is in the journal from this call on, so that connections are numbered in the
/// order in which they were accepted, whichever of their tasks comes first.
pub(crate) fn serve<H: Handler>(
    stream: TcpStream,
    peer: SocketAddr,
    port: u16,
    journal: Journal,
    handler: Arc<H>,
    settings: Settings,
) -> impl Future<Output = ()> + Send + 'static {
    // Small replies must not wait for the acknowledgement of those before them. It fails on dead sockets alone.
    let _ = stream.set_nodelay(true);
    let observer = Arc::clone(&handler) as Arc<dyn Observer>;
    // At once, too: what happens to a connection depends on how many came before it.
    let (conn, on_accept) = handler.accepted(|| Conn::new(stream, peer, port, journal, observer));
    let on_accept = on_accept.map(Box::new);
    async move {
        if let Some(plan) = on_accept
            && let Some(ending) = Box::pin(on_accept::perform(&conn, *plan, &settings)).await
        {
            conn.closed(ending);
            return;
        }
        let ending = drive(&conn, handler, &settings).await;
        conn.closed(ending);
    }
}

/// Drives a connection to its end: hyper, what it will not do, and hyper again where the connection lives on.
async fn drive<H: Handler>(conn: &Arc<Conn>, handler: Arc<H>, settings: &Settings) -> Ending {
    let mut unread = Bytes::new();
    loop {
        let (takeover, read) = match serve_requests(conn, &handler, unread, settings).await {
            Served::Over(ending) => return ending,
            Served::TakenOver(takeover, read) => (takeover, read),
        };
        // In a box: else each connection has room for it in its task.
        match Box::pin(perform(conn, *takeover, read, settings)).await {
            Performed::Over(ending) => return ending,
            Performed::GoesOn(read) => unread = read,
        }
        conn.give_back();
    }
}

/// How it ended that hyper served a connection.
enum Served {
    Over(Ending),
    /// hyper was dismissed; this was read and not made use of.
    TakenOver(Box<Takeover>, Bytes),
}

async fn serve_requests<H: Handler>(conn: &Arc<Conn>, handler: &Arc<H>, unread: Bytes, settings: &Settings) -> Served {
    let service = service_fn(|request: Request<Incoming>| {
        // Behind the end of a declared body hyper may find another request in its buffer; with a break to come there
        // it is never answered, nor counted.
        let over = conn.is_taken_over();
        // In a box that is gone when the reply begins: hyper keeps room for this future as long as the connection lives.
        let answer = (!over).then(|| Box::pin(Arc::clone(handler).answer(Arc::clone(conn), request)));
        async move {
            let Some(answer) = answer else { return std::future::pending().await };
            answer.await.ok_or(GaveUp)
        }
    });
    let mut builder = http1::Builder::new();
    if settings.max_headers != HYPER_MAX_HEADERS {
        // Whoever names a number, even its own, gets a slower parser.
        builder.max_headers(settings.max_headers);
    }
    let mut hyper = builder
        // Otherwise a client that has closed its write side gets a short answer.
        .half_close(true)
        .max_buf_size(settings.max_head.max(8192))
        .max_header_size(settings.max_head)
        // An idle connection is no fault; a head that never ends is ours to time.
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(Tap::new(Arc::clone(conn), unread)), service);
    let mut stopping = false;
    let mut watching = true;
    let mut look = FIRST_LOOK;
    loop {
        let timers = timers(conn);
        let next_look = Instant::now() + look;
        let head_deadline = timers.head_since.and_then(|since| since.checked_add(settings.request_timeout));
        let break_deadline = timers.break_blocked_since.and_then(|since| since.checked_add(settings.drain_deadline));
        let event = tokio::select! {
            biased;
            () = settings.stop.killed() => {
                drop(hyper);
                return Served::Over(stopped(conn));
            }
            () = settings.stop.stopped(), if !stopping => {
                stopping = true;
                Pin::new(&mut hyper).graceful_shutdown();
                if conn.is_idle() && conn.head_since().is_some() {
                    // hyper would wait for the rest of the head, but there are to be no new requests.
                    drop(hyper);
                    return Served::Over(stopped(conn));
                }
                continue;
            }
            event = poll_fn(|cx| poll(Pin::new(&mut hyper), conn, timers, cx)) => event,
            () = reset_by_client(conn), if watching => {
                watching = false;
                if conn.is_idle() {
                    // What came before the reset is still to be read, and may be a request.
                    continue;
                }
                drop(hyper);
                return Served::Over(left(conn));
            }
            () = tokio::time::sleep_until(next_look.into()), if timers.unacknowledged => {
                look = (look * 2).min(LAST_LOOK);
                continue;
            }
            () = tokio::time::sleep_until(head_deadline.unwrap_or(next_look).into()), if head_deadline.is_some() => {
                drop(hyper);
                return Served::Over(Box::pin(too_slow(conn, settings)).await);
            }
            () = tokio::time::sleep_until(break_deadline.unwrap_or(next_look).into()), if break_deadline.is_some() => {
                let Some(takeover) = conn.late_break() else { continue };
                return Served::TakenOver(Box::new(takeover), Bytes::new());
            }
        };
        match event {
            Event::Changed => look = FIRST_LOOK,
            Event::TakeOver(takeover) => return Served::TakenOver(takeover, hyper.into_parts().read_buf),
            Event::Done => break,
        }
    }
    let unread = !hyper.into_parts().read_buf.is_empty();
    let ending = end(conn, settings).await;
    let left_early = conn.requests() == 0 || unread;
    if conn.unexpected().is_some() {
        conn.headless(Ending { end: End::Complete, by: By::Server });
    } else if left_early && let Some(client) = conn.client() {
        conn.headless(client.ending());
    } else if conn.requests() == 0 && conn.head_since().is_some() {
        // hyper gave up without a word, as on the preface of HTTP/2.
        conn.headless(Ending { end: End::Fin, by: By::Server });
    }
    linger(conn, settings).await;
    Served::Over(ending)
}

/// Polls hyper, then looks what has changed meanwhile.
fn poll<F>(mut hyper: Pin<&mut F>, conn: &Conn, before: Timers, cx: &mut Context<'_>) -> Poll<Event>
where
    F: Future,
{
    // A hold is armed in the middle of a poll; the flush that it waits for may need another one.
    for _ in 0..2 {
        if hyper.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Event::Done);
        }
        if let Some(takeover) = conn.take_over() {
            return Poll::Ready(Event::TakeOver(takeover));
        }
        if !conn.is_armed() {
            break;
        }
    }
    if timers(conn) == before { Poll::Pending } else { Poll::Ready(Event::Changed) }
}

fn timers(conn: &Conn) -> Timers {
    Timers {
        unacknowledged: conn.settle(),
        head_since: conn.head_since(),
        break_blocked_since: conn.break_blocked_since(),
    }
}

/// Answers a request head that takes too long (RFC 9110 §15.5.9), and closes.
async fn too_slow(conn: &Arc<Conn>, settings: &Settings) -> Ending {
    let head = format!(
        "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\ndate: {}\r\n\r\n",
        reply::now()
    );
    let message = Message::new(Bytes::from(head), 408, Reader::unplanned(ReplyBody::Empty));
    let takeover = Takeover::raw([Step::Head, Step::End].into(), message);
    let ending = match perform(conn, takeover, Bytes::new(), settings).await {
        Performed::Over(ending) => ending,
        Performed::GoesOn(_) => Ending { end: End::Fin, by: By::Server },
    };
    conn.headless(Ending { end: End::Complete, by: By::Server });
    ending
}
