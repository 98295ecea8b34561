//! What a rule plays on the attempts that it decides.

use std::{fmt, sync::Arc};

use crate::decision::{entry::Entry, request::Request, script::Script};

/// What a rule plays, once nothing is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::decision) enum Play {
    Closure(Decide),
    Script(Script),
}

impl Play {
    /// What is played on this attempt; `None` if all is well.
    pub(in crate::decision) fn entry(&self, attempt: &Attempt<'_>) -> Option<Entry> {
        match self {
            Self::Closure(decide) => (decide.0)(attempt),
            Self::Script(script) => script.get(attempt.count).cloned(),
        }
    }
}

impl fmt::Display for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closure(decide) => write!(f, "{decide:?}"),
            Self::Script(script) => write!(f, "{script}"),
        }
    }
}

/// What a closure is told of the attempt that it is to decide.
///
/// See [`Rule::decide`](crate::Rule::decide).
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    request: &'a Request,
    number: u64,
    count: u64,
}

impl<'a> Attempt<'a> {
    pub(in crate::decision) fn new(request: &'a Request, number: u64, count: u64) -> Self {
        Self { request, number, count }
    }

    /// What is known of the request.
    pub fn request(&self) -> &'a Request {
        self.request
    }

    /// The number of the attempt for its target, counted from 1, whichever rules decided those before.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// How often this rule has decided for this target, this time included: the place that a script would have come to.
    pub fn count(&self) -> u64 {
        self.count
    }
}

type Decider = dyn Fn(&Attempt<'_>) -> Option<Entry> + Send + Sync;

/// A script that has no text.
#[derive(Clone)]
pub(in crate::decision) struct Decide(Arc<Decider>);

impl Decide {
    pub(super) fn new<R: Into<Option<Entry>>>(decide: impl Fn(&Attempt<'_>) -> R + Send + Sync + 'static) -> Self {
        Self(Arc::new(move |attempt| decide(attempt).into()))
    }
}

impl fmt::Debug for Decide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<closure>")
    }
}

impl PartialEq for Decide {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
