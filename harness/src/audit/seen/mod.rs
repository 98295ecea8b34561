//! What judging needs to know of a run.

mod words;

use std::collections::BTreeMap;
use std::collections::btree_map;

use flaky_server::{By, End, Entry, Exchange, Fault, Target};

use self::words::{says, says_retries};
use super::case::{Case, Down};
use crate::told::Told;
use crate::wire::{Attempt, Failure, Span, Wait};
use crate::{Exit, Meaning, Outcome};

/// What judging needs to know of a run.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) exit: Exit,
    pub(crate) result: Found,
    pub(crate) attempts: u64,
    /// At least so many for one thing: the file under test by one method, or the connection that it takes; and at most so many
    /// in all.
    pub(crate) retries: Span,
    /// How many there were in a row, of one method and for one part.
    pub(crate) in_a_row: u64,
    /// What all attempts that failed were answered with, if that is one status.
    pub(crate) status: Option<u16>,
    /// Nothing was wrong with the last attempt.
    pub(crate) last_is_good: bool,
    /// Attempts behind others with which nothing was wrong.
    pub(crate) returns: u64,
    /// Attempts failed in the middle of a body.
    pub(crate) in_body: bool,
    /// Attempts failed before that, or were answered with an error.
    pub(crate) elsewhere: bool,
    /// How long it waited at most before its retries.
    pub(crate) waits: Vec<Wait>,
    /// A pause that is shorter than it was asked to be, in words.
    pub(crate) too_early: Option<String>,
    pub(crate) told: Told,
    /// It said that there were retries, in whichever words.
    pub(crate) says_retries: bool,
    /// It said how many retries there were in all, and did not only announce them.
    pub(crate) says_total: bool,
    /// What went wrong last, if it has a name.
    pub(crate) cause: Option<Meaning>,
    /// Whether it says so.
    pub(crate) says_cause: bool,
    /// It sent what it must never send.
    pub(crate) forbidden: bool,
    /// Each fault that was planned has happened.
    pub(crate) met: bool,
    /// Bytes were wrong, or missing, in a way that no message tells.
    pub(crate) hidden: bool,
    /// It asked for the rest of what it had.
    pub(crate) resumed: bool,
    /// Where it was when it was ended, in words.
    pub(crate) last: Option<String>,
    /// A run against a healthy server, after a failure.
    pub(crate) second: Option<Second>,
}

/// The result of a run.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Found {
    /// There is something under its name.
    pub(crate) is_there: bool,
    /// And another file beside it has its name and more: what marks it as not finished.
    pub(crate) is_marked: bool,
    /// And it is what was served.
    pub(crate) is_right: bool,
    /// What there is to say of it.
    pub(crate) says: String,
}

/// A run against a healthy server, after a failure.
#[derive(Clone, Debug)]
pub(crate) struct Second {
    pub(crate) exit: Exit,
    pub(crate) result: Found,
    /// It asked for the file.
    pub(crate) asked: bool,
}

impl Seen {
    pub(crate) fn of(case: &Case, outcome: &Outcome, result: Found) -> Self {
        let all = outcome.all_targets();
        // What is broken before it says what it is for is not among those for the file.
        let scope = if case.connections { &all } else { outcome };
        let attempts: Vec<&Attempt> = scope.wire().all().iter().collect();
        let failed = |pick: fn(Failure) -> bool| attempts.iter().filter_map(|it| it.failure).any(pick);
        let cause = match case.down {
            Some(Down::Always) => Some(Meaning::Refused),
            _ => scope.exchanges().last().zip(attempts.last()).and_then(|(exchange, it)| cause(exchange, it)),
        };
        let early = outcome.wire().asked_pauses().into_iter().find(|(asked, pause)| pause.at_most < *asked);
        Self {
            exit: outcome.exit(),
            result,
            attempts: scope.attempts(),
            retries: match (case.connections, case.circles) {
                (true, _) => of_connections(&attempts),
                (_, true) => of_circles(outcome),
                _ => of_file(outcome),
            },
            in_a_row: outcome.wire().in_a_row(),
            status: the_status(&attempts),
            last_is_good: scope.wire().ends_well(),
            returns: outcome.wire().returns(),
            in_body: failed(|failure| failure == Failure::InBody),
            elsewhere: failed(|failure| failure != Failure::InBody),
            waits: outcome.wire().waits(),
            too_early: early.map(|(asked, pause)| {
                format!("it came back after {:.1?}, where {asked:?} were asked for", pause.known)
            }),
            told: outcome.told(),
            says_retries: says_retries(outcome),
            says_total: outcome.claims().total().is_some(),
            cause,
            says_cause: cause.is_some_and(|cause| says(outcome, cause)),
            forbidden: case
                .never
                .as_ref()
                .is_some_and(|never| all.exchanges().iter().any(|it| it.plan == never.plan.as_str())),
            met: is_met(case, all.exchanges()),
            hidden: since_the_beginning(all.exchanges()).iter().any(is_hidden),
            resumed: attempts
                .iter()
                .skip(1)
                .any(|it| it.status == Some(206) && it.start.is_some_and(|start| start > 0)),
            last: all.exchanges().last().map(where_it_was),
            second: None,
        }
    }
}

/// The retries for the file. Each method may have a budget of its own, or all of them the same.
fn of_file(outcome: &Outcome) -> Span {
    let groups = outcome.wire().groups();
    let least = groups.iter().map(|group| group.retries.least).max().unwrap_or_default();
    let all: u64 = groups.iter().map(|group| group.retries.most).sum();
    Span { least, most: all.saturating_sub(outcome.wire().hops()).max(least) }
}

/// Where redirects lead away from the file and never back, each request for it but the first begins anew.
fn of_circles(outcome: &Outcome) -> Span {
    let mut anew: BTreeMap<&str, (&Target, Span)> = BTreeMap::new();
    for exchange in outcome.exchanges() {
        let Some(target) = &exchange.target else { continue };
        match anew.entry(target.method()) {
            // Each method walks its own circle.
            btree_map::Entry::Vacant(place) => drop(place.insert((target, Span::default()))),
            btree_map::Entry::Occupied(place) => {
                let (first, span) = place.into_mut();
                let begins = u64::from(target == *first);
                *span = span.plus(Span { least: if exchange.resend { 0 } else { begins }, most: begins });
            }
        }
    }
    anew.into_values().map(|(_, span)| span).max_by_key(|span| span.least).unwrap_or_default()
}

/// What all attempts that failed were answered with, if that is one status.
fn the_status(attempts: &[&Attempt]) -> Option<u16> {
    let mut failures = attempts.iter().filter_map(|it| it.failure);
    let first = failures.next()?;
    match first {
        Failure::Status(status) => failures.all(|failure| failure == first).then_some(status),
        _ => None,
    }
}

/// Where connections are broken, each attempt behind another one that was may be a retry; it is one if it came later.
fn of_connections(attempts: &[&Attempt]) -> Span {
    let broken = || attempts.windows(2).filter(|pair| pair[0].failure == Some(Failure::BeforeHead));
    let least = broken().filter(|pair| Attempt::follows([pair[0], pair[1]])).count() as u64;
    Span { least, most: broken().count() as u64 }
}

/// What went wrong in an attempt, if it has a name.
fn cause(exchange: &Exchange, attempt: &Attempt) -> Option<Meaning> {
    match attempt.failure? {
        Failure::Status(status) => Some(Meaning::Status(status)),
        Failure::Content => None,
        // What was cut is the text of an error: to tell of either is right.
        Failure::InBody if attempt.status >= Some(400) => None,
        Failure::BeforeHead | Failure::InBody => match (exchange.end?, exchange.by?) {
            (End::Rst, By::Server) => Some(Meaning::Reset),
            (End::Fin, By::Server) => Some(Meaning::Eof),
            // It has lost its patience, or its trust in what came.
            _ if is_silent(exchange) => Some(Meaning::Timeout),
            _ => None,
        },
    }
}

/// Whether the server was to say nothing more.
fn is_silent(exchange: &Exchange) -> bool {
    ["hang", "stall-", "drip"].iter().any(|name| is_planned(exchange, name))
}

/// Whether a term that begins like this was planned.
fn is_planned(exchange: &Exchange, beginning: &str) -> bool {
    exchange.plan.split(' ').any(|term| term.starts_with(beginning))
}

/// Whether each fault that was planned for an attempt has happened in one of them.
fn is_met(case: &Case, exchanges: &[Exchange]) -> bool {
    if case.down.is_some() {
        return true;
    }
    let happened = |it: &Exchange| it.applied || refused_the_head(it);
    exchanges.iter().all(|it| happened(it) || exchanges.iter().any(|other| other.plan == it.plan && happened(other)))
}

/// Whether the client left at a head that is wrong: what was to come behind that is of no matter then.
fn refused_the_head(exchange: &Exchange) -> bool {
    exchange.by == Some(By::Client) && is_planned(exchange, "content-length=")
}

/// The exchanges that may have brought what there is in the end: who begins anew has nothing of what came before.
fn since_the_beginning(exchanges: &[Exchange]) -> &[Exchange] {
    let begins = |it: &Exchange| it.start == Some(0) && it.status.is_some_and(|status| status < 300);
    &exchanges[exchanges.iter().rposition(begins).unwrap_or_default()..]
}

/// Faults that send other bytes than those of the file, and say nothing of it.
const HIDDEN: [&str; 11] = [
    "content-encoding",
    "corrupt-after",
    "corrupt-at",
    "corrupt-bytes",
    "gzip",
    "login-page",
    "replaced-by",
    "same-etag",
    "short-body",
    "splice",
    "zeros-after",
];

/// Whether only a digest, or a length from elsewhere, tells that what came is not the file: other bytes, or a body that ends
/// with its connection and was cut in order (RFC 9112 §8).
fn is_hidden(exchange: &Exchange) -> bool {
    let Ok(entry) = exchange.plan.parse::<Entry>() else { return false };
    let is_hidden = |term: &Fault| match term.spec().name() {
        "content-length" => exchange.end == Some(End::Complete),
        "framing" => exchange.end == Some(End::Fin) && term.to_string() == "framing=close",
        "status" => term.changes_content(),
        name => HIDDEN.contains(&name),
    };
    exchange.applied && entry.terms().iter().any(is_hidden)
}

fn where_it_was(exchange: &Exchange) -> String {
    let got = exchange.body_acked.unwrap_or(exchange.body_sent);
    let waits = exchange.end.is_none() || exchange.end == Some(End::Stalled) || exchange.by == Some(By::Client);
    if waits {
        format!("it was in attempt {}, which had got {got} bytes", exchange.attempt)
    } else {
        format!("it was behind attempt {}, which had ended", exchange.attempt)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_is_known() {
        let terms = [
            "content-encoding=gzip",
            "corrupt-after=1",
            "corrupt-at=1",
            "corrupt-bytes=1",
            "gzip=1",
            "login-page",
            "replaced-by=/b",
            "revision=2 same-etag",
            "short-body=0",
            "splice=/b@1",
            "zeros-after=1",
        ];
        let names = terms.map(|text| text.parse::<Entry>().unwrap().terms().last().unwrap().spec().name());
        assert_eq!(names, HIDDEN);
    }
}
