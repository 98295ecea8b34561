//! The control block of one connection: what the tap, the body and the driver know in common.

mod exchanges;

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::net::{Shutdown, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use socket2::SockRef;
use tokio::net::TcpStream;

use crate::decision::{Plan, Step, Target};
use crate::journal::{By, End, Ending, Journal};
use crate::wire::hold::{Hold, Then};
use crate::wire::meter::Meter;
use crate::wire::sys;
use crate::wire::takeover::Takeover;

/// What the tap, the body and the driver of one connection know in common.
pub(crate) struct Conn {
    pub(crate) id: u64,
    pub(in crate::wire) stream: TcpStream,
    journal: Journal,
    observer: Arc<dyn Observer>,
    inner: Mutex<Inner>,
}

/// Who is told what becomes of plans and of requests.
pub(crate) trait Observer: Send + Sync + 'static {
    /// A plan's exchange is settled; `happened` if all of it came to pass.
    fn settled(&self, plan: &Plan, happened: bool);

    /// A request for this target will not be answered, because of what was planned for the one before it. Returns its
    /// number among the attempts for its target.
    fn passed_over(&self, target: &Target) -> u64;
}

#[derive(Debug, Default)]
struct Inner {
    meter: Meter,
    /// Exchanges that began and are not settled, in the order of the meter's replies.
    open: VecDeque<Open>,
    requests: u64,
    hold: Hold,
    /// hyper is dismissed, or will be as soon as it has flushed.
    taken_over: bool,
    client: Option<ClientEnd>,
    fin_sent: bool,
    /// Since when there is part of a request head, and no exchange.
    head_since: Option<Instant>,
    /// Since when the kernel takes no byte more, because the client does not read.
    blocked_since: Option<Instant>,
}

#[derive(Debug)]
struct Open {
    seq: u64,
    plan: Option<Arc<Plan>>,
    note: Option<String>,
    /// Whether something is to go wrong, which counts as long as there is no plan yet.
    faulty: bool,
    /// Whether something that was planned turned out to be impossible.
    missed: bool,
}

impl Open {
    fn new(seq: u64) -> Self {
        Self { seq, plan: None, note: None, faulty: false, missed: false }
    }

    /// Notes something, behind what was noted before.
    fn note(&mut self, note: String) {
        self.note = Some(match self.note.take() {
            Some(before) => format!("{before}; {note}"),
            None => note,
        });
    }
}

/// How the client ended its side.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(in crate::wire) enum ClientEnd {
    Fin,
    Rst,
}

impl ClientEnd {
    /// As the journal has it.
    pub(in crate::wire) fn ending(self) -> Ending {
        let end = match self {
            Self::Fin => End::ClientFin,
            Self::Rst => End::ClientRst,
        };
        Ending { end, by: By::Client }
    }
}

impl Conn {
    pub(in crate::wire) fn new(
        stream: TcpStream,
        peer: SocketAddr,
        port: u16,
        journal: Journal,
        observer: Arc<dyn Observer>,
    ) -> Arc<Self> {
        let id = journal.connected(peer, port);
        Arc::new(Self { id, stream, journal, observer, inner: Mutex::default() })
    }

    /// The time since the server's start.
    pub(crate) fn now(&self) -> Duration {
        self.journal.now()
    }

    /// Lets hyper flush what it has, and do nothing more until `then` is done.
    pub(in crate::wire) fn hold(&self, then: Then) {
        let mut inner = self.lock();
        inner.taken_over |= matches!(then, Then::TakeOver(_));
        inner.hold = Hold::Armed(then);
    }

    pub(in crate::wire) fn is_held(&self) -> bool {
        !matches!(self.lock().hold, Hold::Free)
    }

    /// Whether the driver takes over, now or soon.
    pub(in crate::wire) fn is_taken_over(&self) -> bool {
        self.lock().taken_over
    }

    /// Whether everything before a takeover is in the kernel, so that hyper has nothing more to say.
    pub(in crate::wire) fn is_sealed(&self) -> bool {
        matches!(self.lock().hold, Hold::Flushed(_))
    }

    /// Whether a hold waits for hyper's flush.
    pub(in crate::wire) fn is_armed(&self) -> bool {
        matches!(self.lock().hold, Hold::Armed(_))
    }

    /// hyper's write buffer is empty.
    pub(in crate::wire) fn flushed(&self) {
        let mut inner = self.lock();
        match std::mem::take(&mut inner.hold) {
            Hold::Armed(Then::Resume(waker)) => waker.wake(),
            Hold::Armed(then) => inner.hold = Hold::Flushed(then),
            hold => inner.hold = hold,
        }
    }

    /// The takeover whose time has come.
    pub(in crate::wire) fn take_over(&self) -> Option<Box<Takeover>> {
        let mut inner = self.lock();
        match std::mem::take(&mut inner.hold) {
            Hold::Flushed(Then::TakeOver(takeover)) => Some(takeover),
            hold => {
                inner.hold = hold;
                None
            }
        }
    }

    /// Bytes were read; part of a head, if no request waits for its reply. (Replies that only wait for their
    /// acknowledgement do not count: the client may have them, and go on.)
    pub(in crate::wire) fn read(&self) {
        let mut inner = self.lock();
        if !inner.meter.is_replying() && inner.head_since.is_none() {
            inner.head_since = Some(Instant::now());
        }
    }

    /// The kernel took the first `written` bytes of these buffers.
    pub(in crate::wire) fn wrote(&self, bufs: &[IoSlice<'_>], mut written: usize) {
        let mut inner = self.lock();
        inner.blocked_since = None;
        for buf in bufs {
            let part = &buf[..buf.len().min(written)];
            inner.meter.feed(part);
            written -= part.len();
        }
    }

    /// A reply begins that is written raw.
    pub(in crate::wire) fn begin_raw(&self) {
        self.lock().meter.begin_raw();
    }

    /// The head of a reply that is written raw is complete; the status that it tells.
    pub(in crate::wire) fn tells(&self, status: Option<u16>) {
        self.lock().meter.tells(status);
    }

    /// The kernel took so much of what is written raw.
    pub(in crate::wire) fn wrote_raw(&self, len: u64, is_body: bool) {
        let mut inner = self.lock();
        inner.blocked_since = None;
        inner.meter.feed_raw(len, is_body);
    }

    /// The reply that was written raw is whole.
    pub(in crate::wire) fn end_raw(&self) {
        self.lock().meter.end_raw();
    }

    /// hyper may go on.
    pub(in crate::wire) fn give_back(&self) {
        let mut inner = self.lock();
        inner.taken_over = false;
        inner.hold = Hold::Free;
    }

    /// The kernel takes nothing more for now.
    pub(in crate::wire) fn blocked(&self) {
        self.lock().blocked_since.get_or_insert_with(Instant::now);
    }

    /// Since when a break waits for the kernel to take what comes before it; `None` if it does not wait.
    pub(in crate::wire) fn break_blocked_since(&self) -> Option<Instant> {
        let inner = self.lock();
        let since = inner.blocked_since?;
        inner.breaking().map(|_| since)
    }

    /// The break that is to come, without what was to come before it.
    pub(in crate::wire) fn late_break(&self) -> Option<Takeover> {
        let mut inner = self.lock();
        let step = inner.breaking()?;
        let note = match std::mem::take(&mut inner.hold) {
            Hold::Armed(Then::TakeOver(takeover)) | Hold::Flushed(Then::TakeOver(takeover)) => takeover.note,
            _ => None,
        };
        inner.taken_over = true;
        Some(Takeover::late(step, note))
    }

    /// Closes the write side in order: the peer reads EOF.
    pub(in crate::wire) fn send_fin(&self) -> io::Result<()> {
        SockRef::from(&self.stream).shutdown(Shutdown::Write)?;
        let mut inner = self.lock();
        inner.fin_sent = true;
        inner.meter.close();
        Ok(())
    }

    /// Makes the close that follows a reset. Call it last: the socket is closed when its last owner is gone.
    pub(in crate::wire) fn close_with_rst(&self) {
        // It fails only on a socket that is already dead.
        let _ = self.stream.set_zero_linger();
    }

    pub(in crate::wire) fn client_ended(&self, how: ClientEnd) {
        let mut inner = self.lock();
        // A reset outranks the FIN that may have gone before it.
        if inner.client != Some(ClientEnd::Rst) {
            inner.client = Some(how);
        }
    }

    /// Whether the client has ended its side, one way or the other.
    pub(crate) fn is_left(&self) -> bool {
        self.client().is_some()
    }

    pub(in crate::wire) fn client(&self) -> Option<ClientEnd> {
        self.lock().client
    }

    pub(in crate::wire) fn head_since(&self) -> Option<Instant> {
        self.lock().head_since
    }

    pub(in crate::wire) fn is_idle(&self) -> bool {
        self.lock().open.is_empty()
    }

    /// Whether a client's reset is pending on the socket; notes it.
    pub(in crate::wire) fn is_reset(&self) -> bool {
        match self.stream.take_error() {
            Ok(None) => self.client() == Some(ClientEnd::Rst),
            Ok(Some(error)) => {
                self.io_failed(&error);
                true
            }
            Err(_) => true,
        }
    }

    /// A read or a write failed: the client is gone.
    pub(in crate::wire) fn io_failed(&self, _error: &io::Error) {
        self.client_ended(ClientEnd::Rst);
    }

    /// How many bytes the client's kernel has not acknowledged; `None` where that cannot be known.
    pub(in crate::wire) fn unacknowledged(&self) -> Option<u64> {
        let queued = sys::unacknowledged(&self.stream)?;
        // A FIN takes one sequence number, and it is the last to be acknowledged.
        let fin = u64::from(self.lock().fin_sent);
        Some(queued.saturating_sub(fin))
    }

    /// How many bytes of the stream the client's kernel has acknowledged; `None` where that cannot be known.
    fn acked(&self) -> Option<u64> {
        // In this order: what is written in between is counted as not acknowledged.
        let written = self.lock().meter.written();
        let left = self.unacknowledged()?;
        Some(written.saturating_sub(left))
    }

    /// The status of a response that hyper sent on its own account.
    pub(in crate::wire) fn unexpected(&self) -> Option<u16> {
        self.lock().meter.unexpected()
    }

    pub(in crate::wire) fn requests(&self) -> u64 {
        self.lock().requests
    }

    /// Records the end of the connection.
    pub(in crate::wire) fn closed(&self, ending: Ending) {
        let acked = self.acked();
        let inner = self.lock();
        self.journal.disconnected(self.id, inner.requests, inner.meter.written(), acked, ending);
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The break that is the end of what goes on: one that was handed over, or that of the newest plan. A break behind a
    /// whole message is none: it waits for that.
    fn breaking(&self) -> Option<Step> {
        match &self.hold {
            Hold::Armed(Then::TakeOver(takeover)) | Hold::Flushed(Then::TakeOver(takeover)) => {
                break_of(takeover.steps.iter())
            }
            _ => break_of(self.open.back()?.plan.as_deref()?.steps().iter()),
        }
    }
}

fn break_of<'a>(mut steps: impl DoubleEndedIterator<Item = &'a Step>) -> Option<Step> {
    let last = steps.next_back()?;
    (last.is_break() && !steps.any(|step| *step == Step::End)).then_some(*last)
}

impl std::fmt::Debug for Conn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conn").field("id", &self.id).field("inner", &self.inner).finish_non_exhaustive()
    }
}
