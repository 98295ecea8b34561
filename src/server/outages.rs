//! The downtimes of a server at work.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use super::gate::Gate;
use crate::decision::{DowntimeBegin as Begin, DowntimeEnd as End, Request};
use crate::wire::Stop;

/// The downtimes of a server: each begins once, and ends once.
#[derive(Debug)]
pub(super) struct Outages {
    /// Given when there is one.
    gate: OnceLock<Weak<Gate>>,
    outages: Mutex<Vec<(Stage, End)>>,
    /// None can begin or end with an attempt: nothing has to be looked at.
    timed: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Before(Begin),
    Down,
    Over,
}

/// What an attempt changes.
enum Change {
    Down(usize),
    Up,
}

impl Outages {
    /// Those that begin with the start have begun.
    pub(super) fn new(outages: Vec<(Begin, End)>) -> Self {
        let timed =
            !outages.iter().any(|(begin, end)| matches!(begin, Begin::Attempt(_)) || matches!(end, End::Attempt(_)));
        let stage = |begin| if begin == Begin::Start { Stage::Down } else { Stage::Before(begin) };
        let outages = outages.into_iter().map(|(begin, end)| (stage(begin), end)).collect();
        Self { gate: OnceLock::new(), outages: Mutex::new(outages), timed }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// What they open and close: the first that is given, before the first attempt.
    pub(super) fn watch(&self, gate: &Arc<Gate>) {
        let _ = self.gate.set(Arc::downgrade(gate));
    }

    /// How many of them have begun.
    pub(super) fn begun(&self) -> usize {
        self.lock().iter().filter(|(stage, _)| *stage == Stage::Down).count()
    }

    /// Begins and ends what goes by time, until the server stops.
    pub(super) async fn run(self: Arc<Self>, stop: Stop) {
        let count = self.lock().len();
        let all = (0..count).map(|i| {
            let (outages, stop) = (Arc::clone(&self), stop.clone());
            async move { outages.keep_time(i, &stop).await }
        });
        let mut timers = tokio::task::JoinSet::new();
        all.for_each(|timer| drop(timers.spawn(timer)));
        while timers.join_next().await.is_some() {}
    }

    async fn keep_time(&self, i: usize, stop: &Stop) {
        let (stage, end) = self.lock()[i].clone();
        match stage {
            Stage::Before(Begin::After(time)) => {
                if pause(time, stop).await {
                    self.enter(i, Stage::Down);
                    self.close().await;
                    self.end_after(i, &end, stop).await;
                }
            }
            Stage::Down => self.end_after(i, &end, stop).await,
            Stage::Before(_) | Stage::Over => {}
        }
    }

    async fn end_after(&self, i: usize, end: &End, stop: &Stop) {
        if let End::After(time) = end
            && pause(*time, stop).await
        {
            self.enter(i, Stage::Over);
            self.open().await;
        }
    }

    /// Begins and ends what goes by attempts. When this completes, connections are refused, or accepted again.
    pub(super) async fn arrived(self: &Arc<Self>, request: &Request, attempt: u64, stop: &Stop) {
        if self.timed {
            return;
        }
        for change in self.changes(request, attempt) {
            match change {
                Change::Down(i) => {
                    self.close().await;
                    let (outages, stop) = (Arc::clone(self), stop.clone());
                    tokio::spawn(async move { outages.keep_time(i, &stop).await });
                }
                Change::Up => self.open().await,
            }
        }
    }

    fn changes(&self, request: &Request, attempt: u64) -> Vec<Change> {
        let mut outages = self.lock();
        let mut changes = Vec::new();
        for (i, (stage, end)) in outages.iter_mut().enumerate() {
            match (&*stage, &*end) {
                (Stage::Before(Begin::Attempt(nth)), _) if nth.is(request, attempt) => {
                    *stage = Stage::Down;
                    changes.push(Change::Down(i));
                }
                (Stage::Down, End::Attempt(nth)) if nth.is(request, attempt) => {
                    *stage = Stage::Over;
                    changes.push(Change::Up);
                }
                _ => {}
            }
        }
        changes
    }

    fn enter(&self, i: usize, stage: Stage) {
        self.lock()[i].0 = stage;
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(Stage, End)>> {
        self.outages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn gate(&self) -> Option<Arc<Gate>> {
        self.gate.get().and_then(Weak::upgrade)
    }

    async fn close(&self) {
        if let Some(gate) = self.gate() {
            gate.close().await;
        }
    }

    async fn open(&self) {
        if let Some(gate) = self.gate() {
            gate.open_in_the_end().await;
        }
    }
}

/// Waits; `false` if the server stops meanwhile.
async fn pause(time: Duration, stop: &Stop) -> bool {
    tokio::select! {
        biased;
        () = stop.stopped() => false,
        () = tokio::time::sleep(time) => true,
    }
}
