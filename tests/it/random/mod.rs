//! A random schedule of the whole vocabulary: journal and clients agree about every connection and every exchange.
//!
//! All comes from a seed, a new one each time, that a failure tells: `FLAKY_SEED` plays the same schedule again.

mod ask;
mod client;
mod compare;
mod reply;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use flaky_server::{End, Entry, FlakyServer, Journal, Limits, Rule};

use self::ask::{Ask, fixtures};
use self::client::{Client, Seen};
use self::compare::compare;
use crate::support::{PATIENCE, count_panics, no_panics};

const REQUESTS: u64 = 10_000;
const CLIENTS: u64 = 32;

/// So many disagreements are told; one has many like it.
const TOLD: usize = 5;

#[test]
fn journal_and_clients_agree() {
    count_panics();
    let seed = std::env::var("FLAKY_SEED").ok().map_or_else(new_seed, |seed| seed.parse().expect("a number"));
    let asks: Vec<Ask> = (0..REQUESTS).map(|i| Ask::new(seed, i)).collect();
    let on_connect: Vec<String> = asks.iter().filter_map(|ask| ask.on_connect.as_ref()).map(Entry::to_string).collect();
    let server = start(&asks, &on_connect);
    let addr = server.addr();
    let seen: Vec<Seen> = thread::scope(|scope| {
        let asks = &asks;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                scope.spawn(move || ask_all(addr, asks.iter().skip(client as usize).step_by(CLIENTS as usize)))
            })
            .collect();
        clients.into_iter().flat_map(|client| client.join().expect("a client")).collect()
    });
    let asked: usize = seen.iter().map(|seen| seen.replies.len()).sum();
    wait_until_closed(server.journal());
    let journal = server.shutdown();
    no_panics();
    assert_eq!((asked as u64, journal.dropped()), (REQUESTS, 0));
    let wrong = compare(&journal, seen, &on_connect.into_iter().collect::<BTreeSet<_>>());
    let told = wrong[..wrong.len().min(TOLD)].join("\n");
    assert!(wrong.is_empty(), "{} disagreements; FLAKY_SEED={seed} plays this again\n{told}", wrong.len());
}

fn new_seed() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64)
}

fn start(asks: &[Ask], on_connect: &[String]) -> FlakyServer {
    let entries: Arc<[Option<Entry>]> = asks.iter().map(|ask| ask.entry.clone()).collect();
    let rule = Rule::any().decide(move |attempt| {
        let number = attempt.request().query().and_then(|query| query.strip_prefix("i=")).expect("a number");
        entries[number.parse::<usize>().expect("a number")].clone()
    });
    let limits = Limits { journal: 10 * REQUESTS as usize, ..Limits::default() };
    let mut builder = FlakyServer::builder().rule(rule).limits(limits);
    if !on_connect.is_empty() {
        let script = on_connect.join(", ");
        builder = builder.rule(Rule::any().script(&script).expect("entries make a script"));
    }
    for (path, body) in fixtures() {
        builder = builder.serve_bytes(*path, *body);
    }
    crate::support::start(builder)
}

/// Asks for one after the other.
fn ask_all<'a>(addr: std::net::SocketAddr, asks: impl Iterator<Item = &'a Ask>) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut kept = None;
    for ask in asks {
        if ask.idles {
            seen.push(Client::connect(addr).leave(ask.resets));
        }
        let client = kept.take().unwrap_or_else(|| Client::connect(addr));
        match client.ask(ask) {
            Ok(client) => kept = Some(client),
            Err(ended) => seen.push(ended),
        }
    }
    seen.extend(kept.map(|client| client.leave(false)));
    seen
}

/// Waits until the server knows that all clients have left. One that has fallen silent does not look.
fn wait_until_closed(journal: &Journal) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let silent: BTreeSet<u64> = journal
            .exchanges()
            .iter()
            .filter(|exchange| exchange.end == Some(End::Stalled))
            .map(|exchange| exchange.conn)
            .collect();
        let connections = journal.connections();
        let open =
            connections.iter().filter(|connection| connection.end.is_none() && !silent.contains(&connection.conn));
        let open = open.count();
        if open == 0 {
            return;
        }
        assert!(Instant::now() < deadline, "{open} connections are open\n{}", journal.table());
        thread::yield_now();
    }
}
