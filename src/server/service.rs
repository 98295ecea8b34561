//! From a request to its reply: count, decide, respond, plan, and hand it to the wire.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Buf as _;
use http::{HeaderValue, Method, Request, Response, Version, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;

use super::downtimes::Downtimes;
use super::found::{Found, describe, without_query};
use super::places::Places;
use crate::content::{Fixture, Fixtures};
use crate::decision::{self, Answer, Decision, Ledger, OnAccept, Plan, Target};
use crate::respond::{self, Reply, ReplyBody, Tail};
use crate::wire::{self, Conn, Handler, Observer, PlannedBody, Settings};

thread_local! {
    /// Whose closures this thread may be in: those of the service that decides on it, if any.
    static DECIDING: Cell<*const Service> = const { Cell::new(std::ptr::null()) };
}

/// What all connections of a server answer from.
#[derive(Debug)]
pub(super) struct Service {
    pub(super) fixtures: Fixtures,
    pub(super) ledger: Mutex<Ledger>,
    /// Whether the ledger is to be asked about connections: most have nobody to wait for then.
    pub(super) decides_connections: AtomicBool,
    pub(super) settings: Settings,
    pub(super) max_request_body: u64,
    pub(super) request_timeout: Duration,
    pub(super) downtimes: Arc<Downtimes>,
    pub(super) places: Places,
}

/// How reading a request's body ended, if not well.
enum Unread {
    /// The client left, or sent what is no body.
    Gone,
    TooLarge,
    TooSlow,
    /// The head names no host, or no right one: the body was not asked for.
    Unhosted,
}

impl Unread {
    /// The status of the refusal.
    fn status(self) -> u16 {
        match self {
            Self::Gone | Self::Unhosted => 400,
            Self::TooLarge => 413,
            Self::TooSlow => 408,
        }
    }
}

impl Service {
    /// The ledger.
    ///
    /// # Panics
    ///
    /// If a closure of a rule asks: it is called with the ledger in hand, and would wait for itself.
    pub(super) fn ledger(&self) -> MutexGuard<'_, Ledger> {
        if self.is_deciding() {
            // What is caught becomes the exchange's note: nothing has to be said on stderr.
            std::panic::resume_unwind(Box::new("a closure of a rule cannot use the schedule that it is part of"));
        }
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this is called by a closure of one of its rules.
    pub(super) fn is_deciding(&self) -> bool {
        std::ptr::eq(DECIDING.get(), self)
    }

    /// Changes the rules.
    pub(super) fn change_rules<T>(&self, change: impl FnOnce(&mut Ledger) -> T) -> T {
        let mut ledger = self.ledger();
        let changed = change(&mut ledger);
        // With the ledger in hand, so that the last change has the last word.
        self.decides_connections.store(ledger.has_connection_rules(), Ordering::Release);
        changed
    }

    /// Takes a rule that is held away. What its closures have captured is dropped when the ledger is free again.
    pub(super) fn remove_rule(&self, id: u64) {
        let removed = self.change_rules(|ledger| ledger.remove_rule(id));
        drop(removed);
    }

    /// Counts the attempt, and decides; closures of rules are called meanwhile.
    fn decide(&self, facts: &decision::Request) -> Decision {
        let mut ledger = self.ledger();
        DECIDING.set(self);
        // Panics of closures do not come this far.
        let decision = ledger.decide(facts);
        DECIDING.set(std::ptr::null());
        decision
    }

    /// Makes the reply: a refusal, the planned status, or what the fixture and the request call for. With it come the
    /// positions of the terms that make no difference to it.
    async fn reply(
        &self,
        conn: &Conn,
        decision: &Decision,
        request: &http::request::Parts,
        refused: Option<u16>,
    ) -> (Reply, Vec<usize>) {
        let mut answer = decision.answer();
        let (method, headers) = (&request.method, &request.headers);
        if let Some(code) = refused {
            let missed = decision.answers_without(&answer).map(|(term, _)| term).collect();
            return (closing(respond::status(code, method)), missed);
        }
        let place = self.places.location(&answer, decision.target(), decision.attempt());
        let nowhere = place.is_err();
        let place = place.unwrap_or_else(|why| {
            conn.note(why);
            None
        });
        let fixed = |answer: &Answer| {
            let place = place.clone().filter(|_| answer.leads_on());
            let fixed = respond::instead(answer, place, method).or_else(|| respond::other(method));
            fixed.map(|reply| retold(reply, answer))
        };
        if let Some(mut reply) = fixed(&answer) {
            // Without what sets the status it is another reply for certain.
            let others = decision.answers_without(&answer).filter(|(_, fewer)| fewer.status() == answer.status());
            let missed = in_vain(others, |fewer| fixed(fewer).is_some_and(|other| other.is_like(&reply)));
            reply.missed = nowhere || answer.gzip().is_some();
            return (reply, missed);
        }
        let others: Vec<_> = decision.answers_without(&answer).collect();
        let found = Found::under(request.uri.path(), &self.fixtures, &mut answer, |why| conn.note(why)).await;
        let request = respond::Request { method, query: request.uri.query(), headers };
        if others.is_empty() {
            // The correct answer, as most are: there is nothing to try, and what was found goes into the reply as it is.
            let reply = match found.opened {
                Ok(opened) => respond::reply(&request, Ok(opened), &answer),
                Err(error) => respond::reply(&request, Err(&error), &answer),
            };
            return (reply, Vec::new());
        }
        let made = |answer: &Answer| retold(respond::reply(&request, found.version(answer.version()), answer), answer);
        let mut reply = made(&answer);
        let others = others.into_iter().map(|(term, fewer)| (term, fewer.coded_as(&answer)));
        let missed = in_vain(others.filter(|(_, fewer)| *fewer != answer), |fewer| made(fewer).is_like(&reply));
        reply.missed |= found.missed;
        (reply, missed)
    }

    /// The fixture that is to be spliced in, or why there is none.
    async fn spliced(&self, path: &str) -> Result<Fixture, String> {
        let path = without_query(path);
        match self.fixtures.open(path).await {
            Ok(fixture) if fixture.len() == 0 => Err(format!("`{path}` is empty: there is nothing to splice in")),
            Ok(fixture) => Ok(fixture),
            Err(error) => Err(format!("`{path}` cannot be spliced in: {}", describe(&error))),
        }
    }

    /// Reads a request's body to its end and ignores it: unread bytes would turn a FIN into a reset.
    async fn read_body(&self, mut body: Incoming) -> Result<(), Unread> {
        let read = async {
            let mut left = self.max_request_body;
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|_| Unread::Gone)?;
                let len = frame.data_ref().map_or(0, |data| data.remaining() as u64);
                left = left.checked_sub(len).ok_or(Unread::TooLarge)?;
            }
            Ok(())
        };
        tokio::time::timeout(self.request_timeout, read).await.unwrap_or(Err(Unread::TooSlow))
    }
}

impl Handler for Service {
    fn accepted(&self, connect: impl FnOnce() -> Arc<Conn>) -> (Arc<Conn>, Option<OnAccept>) {
        if !self.decides_connections.load(Ordering::Acquire) {
            return (connect(), None);
        }
        // Numbered and decided on in the same order, whichever thread accepts.
        let mut ledger = self.ledger();
        let conn = connect();
        let entry = ledger.decide_connection(conn.id, conn.now());
        let plan = entry.map(|entry| OnAccept::new(&entry)).filter(|plan| !plan.steps().is_empty());
        (conn, plan)
    }

    async fn answer(self: Arc<Self>, conn: Arc<Conn>, request: Request<Incoming>) -> Option<Response<PlannedBody>> {
        let (mut parts, body) = request.into_parts();
        let target = wire::target(parts.method.as_str(), &parts.uri);
        let (nth, begun) = conn.begin(target.clone(), &parts.headers, parts.method == Method::HEAD);
        let facts = decision::Request::new(target)
            .with_headers(std::mem::take(&mut parts.headers))
            .with_nth(nth)
            .with_resend(begun.resend)
            .with_elapsed(begun.at);
        let decision = self.decide(&facts);
        conn.decided(decision.attempt(), decision.entry());
        if let Some(note) = decision.note() {
            conn.note(note.to_owned());
        }
        self.downtimes.arrived(&facts, decision.attempt()).await;
        parts.headers = facts.into_headers();
        // Who has not said which host is meant need not send a body to be told so.
        let read = if has_host(&parts) { self.read_body(body).await } else { Err(Unread::Unhosted) };
        if matches!(read, Err(Unread::Gone)) && conn.is_left() {
            return None;
        }
        let (mut reply, missed) = self.reply(&conn, &decision, &parts, read.err().map(Unread::status)).await;
        let spliced = match decision.splice() {
            Some(path) => Some(self.spliced(path).await),
            None => None,
        };
        // Nothing may be waited for until the connection has the plan, and gives back what it claims.
        let mut plan = self.ledger().plan(&decision, &reply.facts_in_fixture());
        plan.miss_terms(decision.entry(), &missed);
        if reply.missed {
            plan.miss();
        }
        // What is coded has other bytes, in other places.
        let start = reply.start().filter(|_| plan.answer().gzip().is_none());
        reply.body = changed(reply.body, &mut plan, spliced, &conn);
        let plan = Arc::new(plan);
        conn.planned(&plan, start);
        if plan.closes() {
            reply = closing(reply);
        }
        Some(wire::send(&conn, reply, &plan, &parts, &self.settings).await)
    }
}

impl Observer for Service {
    fn settled(&self, plan: &Plan, happened: bool) {
        if !happened {
            self.ledger().release(plan);
        }
    }

    fn passed_over(&self, target: &Target) -> u64 {
        self.ledger().pass_over(target)
    }
}

/// A reply that says of itself what the answer has it say.
fn retold(mut reply: Reply, answer: &Answer) -> Reply {
    respond::retell(&mut reply, answer);
    reply
}

/// The positions of the terms without which the reply is the same.
fn in_vain(others: impl Iterator<Item = (usize, Answer)>, is_same: impl Fn(&Answer) -> bool) -> Vec<usize> {
    others.filter(|(_, fewer)| is_same(fewer)).map(|(term, _)| term).collect()
}

/// The body that is planned. If there is nothing that could be spliced in, nothing is.
fn changed(body: ReplyBody, plan: &mut Plan, spliced: Option<Result<Fixture, String>>, conn: &Conn) -> ReplyBody {
    if let Some(from) = plan.zeros() {
        return body.spliced(from, Tail::Zeros);
    }
    match (plan.splice(), spliced) {
        (Some((_, from)), Some(Ok(fixture))) => body.spliced(from, Tail::Fixture(fixture)),
        (Some(_), Some(Err(why))) => {
            plan.miss_splice();
            conn.note(why);
            body
        }
        _ => body,
    }
}

/// A request names its host once, and properly; of HTTP/1.0 it need not (RFC 9112 §3.2).
fn has_host(request: &http::request::Parts) -> bool {
    let mut lines = request.headers.get_all(header::HOST).iter();
    match (lines.next(), lines.next()) {
        (None, _) => request.version < Version::HTTP_11,
        (Some(host), None) => is_host(host.as_bytes()),
        (Some(_), Some(_)) => false,
    }
}

/// A host and perhaps a port, or nothing at all (RFC 9110 §7.2).
fn is_host(value: &[u8]) -> bool {
    value.is_empty() || (!value.contains(&b'@') && http::uri::Authority::try_from(value).is_ok())
}

/// A reply behind which the connection closes.
fn closing(mut reply: Reply) -> Reply {
    reply.headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    reply
}
