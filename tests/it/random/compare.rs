//! What must hold between a journal and the clients.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use flaky_server::{By, Connection, End, Exchange, Journal};

use super::ask::Ask;
use super::client::{Ending, Seen};
use super::reply::Reply;

/// What does not agree, told with all that is known of it.
pub(super) type Disagreements = Vec<String>;

/// Compares all that happened.
pub(super) fn compare(journal: &Journal, mut seen: Vec<Seen>, on_connect: &BTreeSet<String>) -> Disagreements {
    let mut wrong = Vec::new();
    // One port after the other has no two connections at once: their order is the same at both ends.
    seen.sort_by_key(|seen| (seen.port, seen.serial));
    let mut connections = journal.connections();
    connections.sort_by_key(|connection| (connection.peer.port(), connection.conn));
    let ports = seen.iter().map(|seen| seen.port);
    if !ports.eq(connections.iter().map(|connection| connection.peer.port())) {
        wrong.push(format!("{} connections in the journal, {} clients, or other ports", connections.len(), seen.len()));
        return wrong;
    }
    let mut exchanges: BTreeMap<u64, Vec<Exchange>> = BTreeMap::new();
    for exchange in journal.exchanges() {
        exchanges.entry(exchange.conn).or_default().push(exchange);
    }
    for (seen, connection) in seen.iter().zip(&connections) {
        let exchanges = exchanges.remove(&connection.conn).unwrap_or_default();
        let mut pair = Pair { seen, connection, exchanges: &exchanges, wrong: Vec::new() };
        pair.check(on_connect);
        if !pair.wrong.is_empty() {
            let mut told = pair.wrong.join("; ");
            for (ask, reply) in &seen.replies {
                told += &format!("\n  {ask}\n    {reply:?}");
            }
            let Seen { port, received, ending, .. } = seen;
            told += &format!("\n  port {port}: {received} bytes, {ending:?}\n  {connection:?}");
            exchanges.iter().for_each(|exchange| told += &format!("\n  {exchange:?}"));
            wrong.push(told + "\n");
        }
    }
    if let Some(strays) = exchanges.first_entry() {
        wrong.push(format!("exchanges on no connection: {:?}", strays.get()));
    }
    wrong
}

/// A connection seen from both ends.
struct Pair<'a> {
    seen: &'a Seen,
    connection: &'a Connection,
    exchanges: &'a [Exchange],
    wrong: Vec<String>,
}

impl Pair<'_> {
    fn expect(&mut self, what: &str, holds: bool) {
        if !holds {
            self.wrong.push(what.to_owned());
        }
    }

    fn equal<T: Debug + PartialEq>(&mut self, what: &str, journal: T, client: T) {
        if journal != client {
            self.wrong.push(format!("{what}: {journal:?} in the journal, {client:?} for the client"));
        }
    }

    fn check(&mut self, on_connect: &BTreeSet<String>) {
        let (headless, whole): (Vec<_>, Vec<_>) = self.exchanges.iter().partition(|exchange| exchange.target.is_none());
        let asked = &self.seen.replies;
        self.equal("requests", self.connection.requests, whole.len() as u64);
        self.expect("more exchanges than requests", whole.len() <= asked.len());
        self.bytes();
        for (n, (exchange, (ask, reply))) in whole.iter().zip(asked).enumerate() {
            let is_last = n + 1 == whole.len();
            let before = n.checked_sub(1).map(|before| whole[before].plan.as_str());
            self.record(exchange, n, ask, before.filter(|_| reply.received == 0));
            let clear = reply.is_clear() && !ask.is_lied_to();
            self.exchange(exchange, ask, reply, clear, is_last);
        }
        self.expect("more than one exchange without a request", headless.len() <= 1);
        for exchange in &headless {
            self.ends(exchange.end, exchange.by);
            self.expect("there was a request", whole.len() < asked.len() || asked.is_empty());
            let plan = exchange.plan.as_str();
            self.expect("a plan for a connection", plan.is_empty() || on_connect.contains(plan));
            self.expect("bytes of no body", exchange.body_sent == 0 && exchange.body_acked.unwrap_or(0) == 0);
        }
        if whole.is_empty() {
            self.equal("exchanges without a request", headless.len(), 1);
        }
        if whole.len() < asked.len() {
            // The last request was never read: because of what was to happen behind the reply before it, a break or a silence
            // that outlasted the client, or because of what happened to the connection itself.
            self.equal("requests that arrived", whole.len() + 1, asked.len());
            self.equal("bytes that answer it", 0, asked.last().map_or(0, |(_, reply)| reply.received));
            let faulty = whole.len().checked_sub(1).is_some_and(|before| asked[before].0.is_faulty());
            let on_connect = headless.iter().any(|exchange| on_connect.contains(&exchange.plan));
            self.expect("a request that the server never got", faulty || on_connect);
        }
    }

    /// Bytes and end of the connection.
    fn bytes(&mut self) {
        let Connection { bytes_sent: sent, bytes_acked: acked, end, by, .. } = *self.connection;
        let acked = acked.unwrap_or(sent);
        let received = self.seen.received;
        self.ends(end, by);
        match self.seen.ending {
            Ending::Eof | Ending::Reset => {
                let wanted = if self.seen.ending == Ending::Eof { End::Fin } else { End::Rst };
                self.equal("end of the connection", end, Some(wanted));
                self.equal("bytes acknowledged", acked, received);
                self.equal("bytes sent", sent, received);
            }
            Ending::Closed => {
                // The server may have ended it at the same time, but did not send what nobody got.
                self.equal("bytes acknowledged", acked, received);
                self.expect("bytes sent", sent >= received);
            }
            // A reset acknowledges nothing (tcp_validate_incoming() in Linux looks at no more than its sequence number), and
            // an acknowledgement may have been delayed until then: the server cannot know what was received.
            Ending::Aborted => self.expect("bytes sent", sent >= received && sent >= acked),
        }
        self.expect("complete is no end of a connection", end != Some(End::Complete));
    }

    /// Everything that can be told beforehand. What gets no answer may have been in the plan of the exchange before it.
    fn record(&mut self, exchange: &Exchange, n: usize, ask: &Ask, before: Option<&str>) {
        self.equal("target", exchange.target.as_ref().map(|target| target.as_str()), Some(ask.target.as_str()));
        self.equal("number on its connection", exchange.nth, n as u64 + 1);
        self.equal("attempt", exchange.attempt, 1);
        self.equal("resend", exchange.resend, false);
        self.equal("range", exchange.range.as_deref(), ask.range.as_deref());
        if before != Some(exchange.plan.as_str()) {
            self.equal("plan", exchange.plan.as_str(), ask.plan());
        }
        self.equal("gap", exchange.gap, None);
        self.equal("deadline", exchange.deadline_hit, false);
    }

    /// How an exchange went.
    fn exchange(&mut self, exchange: &Exchange, ask: &Ask, reply: &Reply, clear: bool, is_last: bool) {
        let (end, by) = (exchange.end, exchange.by);
        self.ends(end, by);
        let broken = matches!(end, Some(End::Fin | End::Rst | End::Stalled));
        self.expect("broken as planned", !broken || ask.is_faulty() || exchange.plan != ask.plan());
        if let Some(head) = reply.head
            && !ask.is_lied_to()
        {
            self.equal("status", exchange.status, Some(head.status));
        }
        let acked = exchange.body_acked.unwrap_or(exchange.body_sent);
        self.expect("more acknowledged than sent", acked <= exchange.body_sent);
        let aborted = is_last && self.seen.ending == Ending::Aborted;
        if clear && !aborted {
            self.equal("body bytes", acked, reply.body);
        } else if clear && reply.is_whole() {
            self.expect("more acknowledged than received", acked <= reply.body);
        } else if reply.received == 0 && self.seen.ending != Ending::Aborted {
            self.equal("body bytes", acked, 0);
        }
        if !is_last {
            // The next request was read, and that is what happens behind a whole message alone.
            self.equal("end", end, Some(End::Complete));
            return;
        }
        let connection = (self.connection.end, self.connection.by);
        if end != Some(End::Complete) {
            self.equal("end of exchange and connection", (end, by), connection);
        }
        let whole = reply.is_whole();
        match self.seen.ending {
            Ending::Eof if whole => self.expect("a whole message", matches!(end, Some(End::Complete | End::Fin))),
            Ending::Eof => self.expect("FIN", end == Some(End::Fin) || (end == Some(End::Complete) && !clear)),
            Ending::Reset if whole => self.expect("a whole message", matches!(end, Some(End::Complete | End::Rst))),
            Ending::Reset => self.expect("RST", end == Some(End::Rst) || (end == Some(End::Complete) && !clear)),
            // What the server was about to do it may have done.
            Ending::Closed if whole && reply.keeps() && !ask.is_faulty() => {
                self.equal("end", end, Some(End::Complete));
                self.equal("end of the connection", connection.0, Some(End::ClientFin));
            }
            Ending::Closed if whole => self.expect("a whole message", by == Some(By::Server) || !clear),
            Ending::Closed => {
                let told = clear && !reply.is_endless();
                self.expect("only a part", end != Some(End::Complete) || !told);
            }
            Ending::Aborted => self.expect("a reset", by == Some(By::Server) || end == Some(End::ClientRst)),
        }
    }

    /// Each end has its originator.
    fn ends(&mut self, end: Option<End>, by: Option<By>) {
        let wanted =
            end.map(|end| if matches!(end, End::ClientFin | End::ClientRst) { By::Client } else { By::Server });
        self.expect("settled", end.is_some());
        self.equal("who ended it", by, wanted);
        // Who saw the server's end did not end it.
        let server = matches!(self.seen.ending, Ending::Eof | Ending::Reset);
        self.expect("ended by the server", !server || by == Some(By::Server));
    }
}
