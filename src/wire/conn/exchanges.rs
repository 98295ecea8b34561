//! The exchanges of one connection: how they begin, and how they are settled.

use std::sync::Arc;

use http::{HeaderMap, header};

use super::{Conn, Inner, Open};
use crate::decision::{Entry, Plan, Target};
use crate::journal::{Arrival, Begun, By, End, Ending, Settlement};
use crate::wire::credentials::credentials;
use crate::wire::request::{Unanswered, range};
use crate::wire::verdict::{Verdict, happened};

impl Conn {
    /// Records that a request head is complete; returns the request's number on this connection, and what the
    /// journal made of it.
    pub(crate) fn begin(&self, target: Target, headers: &HeaderMap, bodyless: bool) -> (u64, Begun) {
        let range = headers.get(header::RANGE).map(|value| range(value.as_bytes()));
        let credentials = credentials(headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes())));
        self.settle();
        let mut inner = self.lock();
        inner.requests += 1;
        inner.head_since = None;
        inner.meter.expect(bodyless);
        let nth = inner.requests;
        let begun = self.journal.begin(Arrival { conn: self.id, nth, target: Some(target), range, credentials });
        inner.open.push_back(Open::new(begun.seq));
        (nth, begun)
    }

    /// Records a request that a break of the connection answers, which was planned with the reply before it.
    pub(in crate::wire) fn begin_unanswered(&self, request: Option<Unanswered>, plan: &str) {
        let (target, range, credentials) = match request {
            Some(Unanswered { target, range, credentials }) => (Some(target), range, credentials),
            None => (None, None, Vec::new()),
        };
        let mut inner = self.lock();
        inner.meter.expect(false);
        let nth = inner.requests + 1;
        inner.requests += u64::from(target.is_some());
        let attempt = target.as_ref().map(|target| self.observer.passed_over(target));
        let seq = self.journal.begin(Arrival { conn: self.id, nth, target, range, credentials }).seq;
        if let Some(attempt) = attempt {
            self.journal.decided(seq, attempt, plan);
        } else {
            self.journal.planned(seq, plan, true, None);
        }
        inner.open.push_back(Open::new(seq));
    }

    /// Notes what was decided for the newest exchange, which is the `attempt`th for its target.
    pub(crate) fn decided(&self, attempt: u64, entry: &Entry) {
        if let Some(open) = self.lock().open.back_mut() {
            open.faulty = entry.has_fault();
            self.journal.decided(open.seq, attempt, entry.as_str());
        }
    }

    /// Notes what is planned for the newest exchange, and which byte of the fixture is the first of its body.
    pub(crate) fn planned(&self, plan: &Arc<Plan>, start: Option<u64>) {
        let mut inner = self.lock();
        if let Some(open) = inner.open.back_mut() {
            self.journal.planned(open.seq, plan.text(), plan.applied(), start);
            open.plan = Some(Arc::clone(plan));
            if !plan.missed().is_empty() {
                let terms: Vec<String> = plan.missed().iter().map(|term| format!("`{term}`")).collect();
                open.note(format!("not here: {}", terms.join(", ")));
            }
        }
    }

    /// Notes what else there is to say of the newest exchange.
    pub(crate) fn note(&self, note: String) {
        if let Some(open) = self.lock().open.back_mut() {
            open.note(note);
        }
    }

    /// Something that was planned for the newest exchange cannot happen here.
    pub(in crate::wire) fn missed(&self) {
        if let Some(open) = self.lock().open.back_mut() {
            open.missed = true;
        }
    }

    /// Settles the exchanges whose messages are whole and acknowledged; `true` if some only lack the acknowledgement.
    ///
    /// An exchange whose end is still to be broken is left alone, whole or not.
    pub(in crate::wire) fn settle(&self) -> bool {
        {
            let inner = self.lock();
            let settles = inner.open.len() > usize::from(inner.taken_over);
            if !settles || inner.meter.front().is_none_or(|reply| reply.end.is_none()) {
                return false;
            }
        }
        let acked = self.acked();
        let mut inner = self.lock();
        while inner.open.len() > usize::from(inner.taken_over)
            && let Some(end) = inner.meter.front().and_then(|reply| reply.end)
        {
            if acked.is_some_and(|acked| acked < end) {
                return true;
            }
            self.settle_front(&mut inner, acked, &Verdict::new(End::Complete, By::Server));
        }
        false
    }

    /// The newest exchange is whole; what becomes of the rest of its plan is not known yet.
    pub(in crate::wire) fn finish(&self) {
        if let Some(open) = self.lock().open.back() {
            self.journal.finish(open.seq);
        }
    }

    /// Settles what is open and whole: all that was planned for it came to pass.
    pub(in crate::wire) fn settle_whole(&self) {
        self.settle_all(&Verdict::new(End::Complete, By::Server).performed());
    }

    /// Settles everything that is still open. What is whole and acknowledged is complete, whatever came after it,
    /// but for the newest exchange if its plan was to break it there.
    pub(in crate::wire) fn settle_all(&self, verdict: &Verdict) {
        let acked = self.acked();
        let mut inner = self.lock();
        while !inner.open.is_empty() {
            let whole = inner.meter.front().and_then(|reply| reply.end).is_some_and(|end| end <= acked.unwrap_or(end));
            if whole && !(verdict.performed && inner.open.len() == 1) {
                self.settle_front(&mut inner, acked, &Verdict::new(End::Complete, By::Server));
            } else {
                self.settle_front(&mut inner, acked, verdict);
            }
        }
    }

    fn settle_front(&self, inner: &mut Inner, acked: Option<u64>, verdict: &Verdict) {
        let (Some(open), reply) = (inner.open.pop_front(), inner.meter.pop().unwrap_or_default()) else { return };
        let applied = match open.plan.as_deref() {
            Some(plan) => !open.missed && happened(plan, &reply, verdict),
            None => !open.faulty,
        };
        if let Some(plan) = &open.plan {
            self.observer.settled(plan, applied);
        }
        let settlement = Settlement {
            status: reply.status,
            body_sent: reply.body_sent,
            body_acked: acked.map(|acked| reply.body_acked(acked)),
            ending: verdict.ending,
            applied,
            deadline_hit: verdict.deadline_hit,
            note: verdict.note.clone().or(open.note),
        };
        self.journal.settle(open.seq, settlement);
    }

    /// Records a connection that ended before a (further) request head was complete.
    pub(in crate::wire) fn headless(&self, ending: Ending) {
        let seq = self.begin_headless("");
        self.settle_headless(seq, ending, true, None);
    }

    /// Records that a connection ends, or is to end by this plan, before a (further) request head is complete.
    pub(in crate::wire) fn begin_headless(&self, plan: &str) -> u64 {
        let nth = self.requests() + 1;
        let seq =
            self.journal.begin(Arrival { conn: self.id, nth, target: None, range: None, credentials: Vec::new() }).seq;
        self.journal.planned(seq, plan, true, None);
        seq
    }

    /// Records that it has ended.
    pub(in crate::wire) fn settle_headless(&self, seq: u64, ending: Ending, applied: bool, note: Option<String>) {
        let settlement = Settlement {
            status: self.unexpected().filter(|status| *status != 0),
            body_sent: 0,
            body_acked: self.unacknowledged().map(|_| 0),
            ending,
            applied,
            deadline_hit: false,
            note,
        };
        self.journal.settle(seq, settlement);
    }
}
