//! The pure core: facts in, plan out.
//!
//! Nothing here knows a socket, a file, a clock or a thread. A [`Schedule`] says what is to happen; the [`Ledger`]
//! counts attempts and decides what happens on this one; [`lower()`] turns that into a [`Plan`], which is all that the
//! wire gets to see.
//!
//! A decision depends on the seed, the rule, the target, and how often the rule has seen that target. It never depends
//! on the order in which different targets arrive, nor on the number of threads. Terms that fire once (`-at`) also
//! depend on what earlier attempts did; [`Rule::is_order_dependent`] tells.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod answer;
mod changes;
mod checked;
mod downtime;
mod entry;
mod error;
pub mod fault;
mod form;
mod glob;
mod hop;
mod ledger;
mod lower;
pub mod matchers;
mod mirror;
mod on_accept;
pub mod plan;
mod request;
mod rng;
mod rule;
mod said;
mod schedule;
mod script;
mod suggest;
mod target;
#[cfg(test)]
pub(crate) mod testing;
mod version;

pub(crate) use self::downtime::{Begin as DowntimeBegin, End as DowntimeEnd};
pub(crate) use self::form::{SECOND_RESPONSE, TRAILER};
#[cfg(feature = "schedule-file")]
pub(crate) use self::mirror::{missing as mirror_missing, named as mirror_named};
#[cfg(all(test, feature = "schedule-file"))]
pub(crate) use self::rule::CONDITIONS;
#[cfg(feature = "schedule-file")]
pub(crate) use self::rule::RuleParts;
pub(crate) use self::said::{ContentRange, EntityTag};
#[cfg(any(feature = "schedule-file", feature = "verify"))]
pub(crate) use self::suggest::{did_you_mean, nearest};
pub(crate) use self::version::Version;
pub use self::{
    answer::{Answer, Body, Ranges, RetryAfter},
    downtime::Downtime,
    entry::Entry,
    error::ParseError,
    fault::{Area, DateForm, Drip, Fault, Length, Location, Placeholder, RetryDate, Show, Spec, TermKind, reference},
    form::{Form, Pace, StartLine},
    ledger::{Claim, Decision, Ledger, Limits, Played},
    lower::lower,
    matchers::Matcher,
    on_accept::OnAccept,
    plan::{Framing, Plan, ReplyFacts, Step},
    request::Request,
    rule::{Attempt, Rule},
    schedule::Schedule,
    script::{Repeat, Script},
    target::Target,
};
