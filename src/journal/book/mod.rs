//! The journal itself: an append-only record that many threads write and read.

mod waiting;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub use self::waiting::WaitError;
use super::counts::Counts;
use super::credential::{Credential, Secrets};
use super::{Availability, By, Connection, End, Exchange, Table};
use crate::decision::Target;

/// The append-only record of connections and exchanges. Cheap to clone; clones show the same journal.
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

/// A settled record, as observers get it.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "the program is the one that observes"))]
pub(crate) enum Record<'a> {
    Availability(Availability),
    Connection(&'a Connection),
    Exchange(&'a Exchange),
}

pub(crate) type Observer = Box<dyn Fn(Record<'_>) + Send + Sync>;

/// What is known of an exchange when its request head is complete.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) conn: u64,
    pub(crate) nth: u64,
    pub(crate) target: Option<Target>,
    pub(crate) range: Option<String>,
    pub(crate) credentials: Vec<Credential>,
}

/// What the journal made of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Begun {
    /// The exchange's number.
    pub(crate) seq: u64,
    pub(crate) resend: bool,
    /// Since the server's start.
    pub(crate) at: Duration,
}

/// How an exchange or a connection ended, and by whom.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ending {
    pub(crate) end: End,
    pub(crate) by: By,
}

/// What is known of an exchange when it has ended.
#[derive(Debug)]
pub(crate) struct Settlement {
    pub(crate) status: Option<u16>,
    pub(crate) body_sent: u64,
    pub(crate) body_acked: Option<u64>,
    pub(crate) ending: Ending,
    pub(crate) applied: bool,
    pub(crate) deadline_hit: bool,
    pub(crate) note: Option<String>,
}

struct Shared {
    start: Instant,
    limit: usize,
    observers: Vec<Observer>,
    book: Mutex<Book>,
    /// An exchange was settled, or a connection closed.
    changed: Condvar,
}

struct Book {
    seq: u64,
    conns: u64,
    /// In boxes, which move from one map to the other as they are.
    open_exchanges: BTreeMap<u64, Box<Exchange>>,
    /// The settled ones, by number: the oldest go first, in whatever order they were settled.
    exchanges: VecDeque<(u64, Box<Exchange>)>,
    settled: u64,
    open_connections: BTreeMap<u64, Connection>,
    connections: BTreeMap<u64, Connection>,
    counts: Counts,
    secrets: Secrets,
    /// Threads that wait for a change. Telling nobody is a system call too.
    waiting: usize,
}

/// So many connections settle their exchanges in any order before a place is searched for.
const NEAR: usize = 64;

/// Targets with counters of their own; 65,536 of them with names of 100 bytes take about 15 MB.
const MAX_TARGETS: usize = 65_536;

impl Journal {
    pub(crate) fn new(limit: usize, observers: Vec<Observer>) -> Self {
        let book = Book {
            seq: 0,
            conns: 0,
            open_exchanges: BTreeMap::new(),
            exchanges: VecDeque::new(),
            settled: 0,
            open_connections: BTreeMap::new(),
            connections: BTreeMap::new(),
            counts: Counts::new(MAX_TARGETS),
            secrets: Secrets::default(),
            waiting: 0,
        };
        let shared =
            Shared { start: Instant::now(), limit, observers, book: Mutex::new(book), changed: Condvar::new() };
        Self { shared: Arc::new(shared) }
    }

    /// How many attempts there were for a target, resends included.
    ///
    /// `target` is a path with its query (`/app.tar.gz`), and counts every method; or it begins with a method
    /// (`HEAD /app.tar.gz`). `-` stands for connections that ended before a request head was complete.
    pub fn attempts(&self, target: &str) -> u64 {
        self.lock().counts.sum(|it| names(target, it)).attempts
    }

    /// How many of a target's attempts were [resends](Exchange::resend).
    pub fn resends(&self, target: &str) -> u64 {
        self.lock().counts.sum(|it| names(target, it)).resends
    }

    /// How many retries there were for a target: attempts less one, never below 0.
    pub fn retries(&self, target: &str) -> u64 {
        self.attempts(target).saturating_sub(1)
    }

    /// How many attempts there were in all.
    pub fn total_attempts(&self) -> u64 {
        let book = self.lock();
        book.counts.sum(|_| true).attempts + book.counts.others().attempts
    }

    /// The exchanges in order of arrival: the newest settled ones, and all that still go on.
    pub fn exchanges(&self) -> Vec<Exchange> {
        let book = self.lock();
        let all = book.exchanges.iter().map(|(_, exchange)| exchange).chain(book.open_exchanges.values());
        let mut all: Vec<Exchange> = all.map(|exchange| (**exchange).clone()).collect();
        all.sort_by_key(|exchange| exchange.seq);
        all
    }

    /// The connections in order of acceptance: the newest closed ones, and all that are open.
    pub fn connections(&self) -> Vec<Connection> {
        let book = self.lock();
        let mut all: Vec<_> = book.connections.values().chain(book.open_connections.values()).cloned().collect();
        all.sort_by_key(|connection| connection.seq);
        all
    }

    /// How many settled exchanges were dropped because there were more than the journal's limit.
    pub fn dropped(&self) -> u64 {
        let book = self.lock();
        book.settled - book.exchanges.len() as u64
    }

    /// The exchanges as an aligned table for people.
    pub fn table(&self) -> Table {
        Table::new(self.exchanges(), self.dropped())
    }

    /// The time since the server's start.
    pub(crate) fn now(&self) -> Duration {
        self.shared.start.elapsed()
    }

    /// Tells that the server went down, or came up again.
    pub(crate) fn available(&self, is_up: bool) {
        let availability = Availability { is_up, at: self.now() };
        if !self.shared.observers.is_empty() {
            self.observe(&mut self.lock(), |observer| observer(Record::Availability(availability)));
        }
    }

    /// Records a new connection from this peer to this port, and returns its number.
    pub(crate) fn connected(&self, peer: SocketAddr, port: u16) -> u64 {
        let at = self.now();
        let mut book = self.lock();
        book.conns += 1;
        let (seq, conn) = (book.next_seq(), book.conns);
        let connection = Connection {
            seq,
            conn,
            peer,
            port,
            requests: 0,
            bytes_sent: 0,
            bytes_acked: None,
            end: None,
            by: None,
            at,
            ended_at: None,
        };
        book.open_connections.insert(conn, connection);
        conn
    }

    /// Records the end of a connection.
    pub(crate) fn disconnected(&self, conn: u64, requests: u64, sent: u64, acked: Option<u64>, ending: Ending) {
        let now = self.now();
        let mut book = self.lock();
        let Some(mut connection) = book.open_connections.remove(&conn) else { return };
        connection.requests = requests;
        connection.bytes_sent = sent;
        connection.bytes_acked = acked;
        connection.end = Some(ending.end);
        connection.by = Some(ending.by);
        connection.ended_at = Some(now);
        if self.shared.observers.is_empty() {
            book.connections.insert(connection.seq, connection);
        } else {
            book.connections.insert(connection.seq, connection.clone());
            self.observe(&mut book, |observer| observer(Record::Connection(&connection)));
        }
        if book.connections.len() > self.shared.limit {
            book.connections.pop_first();
        }
        self.tell(book);
    }

    /// Records an attempt. Whether it is a resend is decided here, and nowhere else.
    pub(crate) fn begin(&self, arrival: Arrival) -> Begun {
        let now = self.now();
        let mut book = self.lock();
        let seq = book.next_seq();
        let connection = book.open_connections.get_mut(&arrival.conn);
        let port = connection.map_or(0, |connection| {
            connection.requests += u64::from(arrival.target.is_some());
            connection.port
        });
        let credentials = book.secrets.redact(&arrival.credentials);
        let count = book.counts.of(arrival.target.as_ref());
        count.attempts += 1;
        let resend = count.open == 0 && count.last_died_unanswered && arrival.target.is_some();
        count.resends += u64::from(resend);
        // One death excuses one resend.
        count.last_died_unanswered = false;
        let gap = match count.last_end {
            Some(end) if count.open == 0 => now.checked_sub(end),
            _ => None,
        };
        count.open += 1;
        let exchange = Exchange {
            seq,
            conn: arrival.conn,
            nth: arrival.nth,
            port,
            attempt: count.attempts,
            target: arrival.target,
            resend,
            range: arrival.range,
            credentials,
            plan: String::new(),
            status: None,
            start: None,
            body_sent: 0,
            body_acked: None,
            end: None,
            by: None,
            applied: true,
            deadline_hit: false,
            note: None,
            at: now,
            ended_at: None,
            gap,
        };
        book.open_exchanges.insert(seq, Box::new(exchange));
        Begun { seq, resend, at: now }
    }

    /// Adds what was decided for an attempt: its number among those for its target, and its entry.
    pub(crate) fn decided(&self, seq: u64, attempt: u64, entry: &str) {
        if let Some(exchange) = self.lock().open_exchanges.get_mut(&seq) {
            exchange.attempt = attempt;
            exchange.plan = entry.to_owned();
        }
    }

    /// Adds what was planned for an attempt.
    pub(crate) fn planned(&self, seq: u64, plan: &str, applied: bool, start: Option<u64>) {
        if let Some(exchange) = self.lock().open_exchanges.get_mut(&seq) {
            if exchange.plan != plan {
                plan.clone_into(&mut exchange.plan);
            }
            exchange.applied = applied;
            exchange.start = start;
        }
    }

    /// Records that a reply is whole and acknowledged, while it is not known yet what becomes of the rest of its plan. What
    /// comes for its target from now on comes behind it.
    pub(crate) fn finish(&self, seq: u64) {
        let now = self.now();
        let mut book = self.lock();
        let Some(exchange) = book.open_exchanges.get_mut(&seq).filter(|exchange| exchange.ended_at.is_none()) else {
            return;
        };
        exchange.ended_at = Some(now);
        let target = exchange.target.clone();
        book.counts.of(target.as_ref()).end(now, false);
    }

    /// Records how an attempt ended. What is settled stays as it is.
    pub(crate) fn settle(&self, seq: u64, settlement: Settlement) {
        let now = self.now();
        let mut book = self.lock();
        let Some(mut exchange) = book.open_exchanges.remove(&seq) else { return };
        exchange.status = settlement.status;
        exchange.body_sent = settlement.body_sent;
        exchange.body_acked = settlement.body_acked;
        exchange.end = Some(settlement.ending.end);
        exchange.by = Some(settlement.ending.by);
        exchange.applied &= settlement.applied;
        exchange.deadline_hit = settlement.deadline_hit;
        exchange.note = settlement.note;
        if exchange.ended_at.is_none() {
            exchange.ended_at = Some(now);
            let died = settlement.ending.by == By::Server && matches!(settlement.ending.end, End::Fin | End::Rst);
            let unanswered = exchange.nth > 1 && exchange.status.is_none() && died;
            book.counts.of(exchange.target.as_ref()).end(now, unanswered);
        }
        book.settled += 1;
        if self.shared.observers.is_empty() {
            book.keep(exchange);
        } else {
            book.keep(exchange.clone());
            self.observe(&mut book, |observer| observer(Record::Exchange(&exchange)));
        }
        let dropped = if book.exchanges.len() > self.shared.limit { book.exchanges.pop_front() } else { None };
        self.tell(book);
        // Not under the lock.
        drop(dropped);
    }

    /// Tells those who wait that something has changed.
    fn tell(&self, book: MutexGuard<'_, Book>) {
        let is_awaited = book.waiting > 0;
        drop(book);
        if is_awaited {
            self.shared.changed.notify_all();
        }
    }

    /// Tells the observers, under the lock: lines then stand in the order of settlement.
    fn observe(&self, _book: &mut Book, tell: impl Fn(&Observer)) {
        self.shared.observers.iter().for_each(tell);
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.shared.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let book = self.lock();
        f.debug_struct("Journal")
            .field("settled", &book.settled)
            .field("open", &book.open_exchanges.len())
            .field("connections", &book.conns)
            .finish_non_exhaustive()
    }
}

impl Book {
    /// Puts a settled exchange where its number belongs: near the end, for most are settled nearly in order.
    fn keep(&mut self, exchange: Box<Exchange>) {
        let seq = exchange.seq;
        let behind = self.exchanges.iter().rev().take(NEAR).take_while(|(other, _)| *other > seq).count();
        let place = if behind < NEAR {
            self.exchanges.len() - behind
        } else {
            self.exchanges.partition_point(|(other, _)| *other < seq)
        };
        self.exchanges.insert(place, (seq, exchange));
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }
}

/// Whether `wanted` (a path, or a method and a path, or `-`) names this target.
fn names(wanted: &str, target: Option<&Target>) -> bool {
    match target {
        None => wanted == "-",
        Some(target) => match wanted.split_once(' ') {
            Some((method, path)) => target.method() == method && target.path_and_query() == path,
            None => target.path_and_query() == wanted,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Arrival, By, End, Ending, Journal, NEAR, Settlement};

    fn settle(journal: &Journal, seq: u64) {
        let ending = Ending { end: End::Complete, by: By::Server };
        let settlement = Settlement {
            status: None,
            body_sent: 0,
            body_acked: None,
            ending,
            applied: true,
            deadline_hit: false,
            note: None,
        };
        journal.settle(seq, settlement);
    }

    #[test]
    fn the_oldest_go_first_in_whatever_order_they_are_settled() {
        let count = 3 * NEAR as u64;
        // Forwards, backwards, and from the middle outwards, so that places near the end and far from it are found.
        let backwards = (0..count).rev();
        let outwards = (0..count / 2).flat_map(|n| [count / 2 + n, count / 2 - 1 - n]);
        for order in [(0..count).collect::<Vec<_>>(), backwards.collect(), outwards.collect()] {
            let journal = Journal::new(10, Vec::new());
            let arrival = || Arrival { conn: 1, nth: 1, target: None, range: None, credentials: Vec::new() };
            let seqs: Vec<u64> = (0..count).map(|_| journal.begin(arrival()).seq).collect();
            let limit_less = Journal::new(usize::MAX, Vec::new());
            let same: Vec<u64> = (0..count).map(|_| limit_less.begin(arrival()).seq).collect();
            for n in order {
                settle(&journal, seqs[n as usize]);
                settle(&limit_less, same[n as usize]);
            }
            let kept: Vec<u64> = limit_less.lock().exchanges.iter().map(|(seq, _)| *seq).collect();
            assert_eq!(kept, same);
            assert_eq!((journal.exchanges().len(), journal.dropped()), (10, count - 10));
            assert!(journal.lock().exchanges.iter().is_sorted_by_key(|(seq, _)| *seq));
        }
    }
}
