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
use super::conn::{ClientEnd, Conn, OnSettled};
use super::perform::{end, left, linger, perform, reset_by_client, stopped};
use super::reader::Reader;
use super::reply;
use super::stop::Stop;
use super::takeover::Takeover;
use super::tap::Tap;
use crate::decision::{Plan, Step};
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
pub(crate) trait Handler: Send + Sync + 'static {
    /// Answers one request, or lets the driver take over and never completes. `None` closes the connection.
    fn answer(
        self: Arc<Self>,
        conn: Arc<Conn>,
        request: Request<Incoming>,
    ) -> impl Future<Output = Option<Response<PlannedBody>>> + Send;

    /// A plan's exchange is settled; `happened` if all of it came to pass.
    fn settled(&self, plan: &Plan, happened: bool);
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

/// Serves one connection to its end. It is in the journal from this call on, so that connections are numbered in the
/// order in which they were accepted, whichever of their tasks comes first.
pub(crate) fn serve<H: Handler>(
    stream: TcpStream,
    peer: SocketAddr,
    journal: Journal,
    handler: Arc<H>,
    settings: Settings,
) -> impl Future<Output = ()> + Send + 'static {
    // Small replies must not wait for the acknowledgement of those before them. It fails on dead sockets alone.
    let _ = stream.set_nodelay(true);
    let on_settled: OnSettled = {
        let handler = Arc::clone(&handler);
        Arc::new(move |plan, happened| handler.settled(plan, happened))
    };
    let conn = Conn::new(stream, peer, journal, on_settled);
    async move {
        let ending = drive(&conn, handler, &settings).await;
        conn.closed(ending);
    }
}

async fn drive<H: Handler>(conn: &Arc<Conn>, handler: Arc<H>, settings: &Settings) -> Ending {
    let service = service_fn(|request: Request<Incoming>| {
        // Behind the end of a declared body hyper may find another request in its buffer; with a break to come there
        // it is never answered, nor counted.
        let over = conn.is_taken_over();
        // In a box that is gone when the reply begins: hyper keeps room for this future as long as the connection lives.
        let answer = (!over).then(|| Box::pin(Arc::clone(&handler).answer(Arc::clone(conn), request)));
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
        .serve_connection(TokioIo::new(Tap(Arc::clone(conn))), service);
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
                return stopped(conn);
            }
            () = settings.stop.stopped(), if !stopping => {
                stopping = true;
                Pin::new(&mut hyper).graceful_shutdown();
                if conn.is_idle() && conn.head_since().is_some() {
                    // hyper would wait for the rest of the head, but there are to be no new requests.
                    drop(hyper);
                    return stopped(conn);
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
                return left(conn);
            }
            () = tokio::time::sleep_until(next_look.into()), if timers.unacknowledged => {
                look = (look * 2).min(LAST_LOOK);
                continue;
            }
            () = tokio::time::sleep_until(head_deadline.unwrap_or(next_look).into()), if head_deadline.is_some() => {
                drop(hyper);
                return Box::pin(too_slow(conn, settings)).await;
            }
            () = tokio::time::sleep_until(break_deadline.unwrap_or(next_look).into()), if break_deadline.is_some() => {
                let Some(takeover) = conn.late_break() else { continue };
                drop(hyper);
                return Box::pin(perform(conn, takeover, settings)).await;
            }
        };
        match event {
            Event::Changed => look = FIRST_LOOK,
            Event::TakeOver(takeover) => {
                drop(hyper);
                // In a box, as in the other arms: else each connection has room for it in its task.
                return Box::pin(perform(conn, *takeover, settings)).await;
            }
            Event::Done => break,
        }
    }
    let unread = !hyper.into_parts().read_buf.is_empty();
    let ending = end(conn, settings).await;
    let left_early = conn.requests() == 0 || unread;
    if conn.unexpected().is_some() {
        conn.headless(Ending { end: End::Complete, by: By::Server });
    } else if left_early && let Some(client) = conn.client() {
        conn.headless(client_ending(client));
    } else if conn.requests() == 0 && conn.head_since().is_some() {
        // hyper gave up without a word, as on the preface of HTTP/2.
        conn.headless(Ending { end: End::Fin, by: By::Server });
    }
    tokio::select! {
        biased;
        () = settings.stop.killed() => {}
        () = linger(conn) => {}
    }
    ending
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
    let reader = Reader::unplanned(ReplyBody::Empty);
    let takeover = Takeover::raw([Step::Head, Step::End].into(), Bytes::from(head), reader);
    let ending = perform(conn, takeover, settings).await;
    conn.headless(Ending { end: End::Complete, by: By::Server });
    ending
}

fn client_ending(client: ClientEnd) -> Ending {
    let end = match client {
        ClientEnd::Fin => End::ClientFin,
        ClientEnd::Rst => End::ClientRst,
    };
    Ending { end, by: By::Client }
}
