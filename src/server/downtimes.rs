//! The downtimes of a server at work.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::gate::Gate;
use crate::decision::{DowntimeBegin as Begin, DowntimeEnd as End, Request};
use crate::wire::Stop;

/// The downtimes of a server: each begins once, and ends once.
///
/// What has come to pass is noted at once. What follows from that for the gate is done by tasks of its own, one at a
/// time: a client that leaves takes no change with it, and no end overtakes its beginning.
#[derive(Debug)]
pub(super) struct Downtimes {
    /// Given when there is one.
    gate: OnceLock<Weak<Gate>>,
    all: Mutex<Vec<Downtime>>,
    /// Held by who opens or closes the gate.
    turn: tokio::sync::Mutex<()>,
    /// None can begin or end with an attempt: nothing has to be looked at.
    timed: bool,
    stop: Stop,
    tasks: TaskTracker,
    runtime: Handle,
}

#[derive(Debug)]
struct Downtime {
    begin: Begin,
    end: End,
    stage: Stage,
    /// Whether its end has come to pass, even if its beginning has not.
    is_over: bool,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Stage {
    /// It has not begun.
    Before,
    /// Its beginning has come to pass.
    Due,
    Down,
    Over,
}

/// What is to be done about the gate.
enum Change {
    Close(usize),
    Open,
}

impl Downtimes {
    /// Those that begin with the start have begun.
    pub(super) fn new(all: Vec<(Begin, End)>, stop: Stop, tasks: TaskTracker, runtime: Handle) -> Self {
        let timed =
            !all.iter().any(|(begin, end)| matches!(begin, Begin::Attempt(_)) || matches!(end, End::Attempt(_)));
        let all = all.into_iter().map(|(begin, end)| {
            let stage = if begin == Begin::Start { Stage::Down } else { Stage::Before };
            Downtime { begin, end, stage, is_over: false }
        });
        let (gate, all) = (OnceLock::new(), Mutex::new(all.collect()));
        Self { gate, all, turn: tokio::sync::Mutex::default(), timed, stop, tasks, runtime }
    }

    /// How many of them have begun.
    pub(super) fn begun(&self) -> usize {
        self.lock().iter().filter(|downtime| downtime.stage == Stage::Down).count()
    }

    /// What they open and close; given once, before the first attempt.
    pub(super) fn watch(&self, gate: &Arc<Gate>) {
        let _ = self.gate.set(Arc::downgrade(gate));
    }

    /// Begins and ends what goes by time.
    pub(super) fn run(self: &Arc<Self>) {
        let waits = |downtime: &Downtime| match downtime.begin {
            Begin::After(time) => Some(time),
            Begin::Attempt(_) | Begin::Start => None,
        };
        let begins: Vec<_> = self.lock().iter().map(waits).collect();
        for (i, begin) in begins.into_iter().enumerate() {
            match begin {
                Some(time) => self.later(time, move |downtimes| downtimes.begin(i)),
                None => self.end_later(i),
            }
        }
    }

    /// Notes that an attempt has arrived. When this completes, connections are refused, or accepted again.
    pub(super) async fn arrived(self: &Arc<Self>, request: &Request, attempt: u64) {
        if self.timed {
            return;
        }
        let mut changed = false;
        for downtime in self.lock().iter_mut() {
            if matches!(&downtime.end, End::Attempt(nth) if nth.is(request, attempt)) {
                downtime.is_over = true;
                changed = true;
            }
            if downtime.stage == Stage::Before
                && matches!(&downtime.begin, Begin::Attempt(nth) if nth.is(request, attempt))
            {
                downtime.stage = Stage::Due;
                changed = true;
            }
        }
        if changed {
            let downtimes = Arc::clone(self);
            // It fails if the runtime does, and then nothing is served at all.
            let _ = self.tasks.spawn_on(async move { downtimes.settle().await }, &self.runtime).await;
        }
    }

    /// Does what there is to be done about the gate.
    async fn settle(self: Arc<Self>) {
        let _turn = self.turn.lock().await;
        while let Some(change) = self.next() {
            let Some(gate) = self.gate.get().and_then(Weak::upgrade) else { return };
            match change {
                Change::Close(i) => {
                    gate.close().await;
                    self.end_later(i);
                }
                Change::Open => gate.open_in_the_end().await,
            }
        }
    }

    fn next(&self) -> Option<Change> {
        for (i, downtime) in self.lock().iter_mut().enumerate() {
            match (downtime.stage, downtime.is_over) {
                // Over before it has begun: it never begins.
                (Stage::Before | Stage::Due, true) => downtime.stage = Stage::Over,
                (Stage::Due, false) => {
                    downtime.stage = Stage::Down;
                    return Some(Change::Close(i));
                }
                (Stage::Down, true) => {
                    downtime.stage = Stage::Over;
                    return Some(Change::Open);
                }
                (Stage::Before | Stage::Down, false) | (Stage::Over, _) => {}
            }
        }
        None
    }

    fn begin(&self, i: usize) {
        let downtime = &mut self.lock()[i];
        if downtime.stage == Stage::Before {
            downtime.stage = Stage::Due;
        }
    }

    /// Ends a downtime that goes on, when its time is over.
    fn end_later(self: &Arc<Self>, i: usize) {
        let time = match &self.lock()[i] {
            Downtime { stage: Stage::Down, end: End::After(time), .. } => *time,
            _ => return,
        };
        self.later(time, move |downtimes| downtimes.lock()[i].is_over = true);
    }

    /// Notes something after this time, and does what follows, unless the server stops before.
    fn later(self: &Arc<Self>, time: Duration, note: impl FnOnce(&Self) + Send + 'static) {
        let downtimes = Arc::clone(self);
        let waits = async move {
            tokio::select! {
                biased;
                () = downtimes.stop.stopped() => {}
                () = tokio::time::sleep(time) => {
                    note(&downtimes);
                    downtimes.settle().await;
                }
            }
        };
        self.tasks.spawn_on(waits, &self.runtime);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Downtime>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
