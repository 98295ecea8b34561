//! Scripts of connections and requests, as clients meet them.

use flaky_server::{By, End, FlakyServer, Rule, Schedule};

use super::{ask, assert_headless};
use crate::support::{Ending, PATIENCE, Raw, get, serve, settled, start};

const RESET: Result<u16, Ending> = Err(Ending::Reset);
const EOF: Result<u16, Ending> = Err(Ending::Eof);

fn rules(text: &str) -> Vec<Rule> {
    Schedule::parse_rules(text).unwrap()
}

fn playing(text: &str) -> FlakyServer {
    start(FlakyServer::builder().serve_bytes("/f", "content").rules(rules(text)))
}

/// What so many clients get, one after the other.
#[track_caller]
fn ask_all(server: &FlakyServer, times: usize) -> Vec<Result<u16, Ending>> {
    (0..times).map(|_| ask(server.addr())).collect()
}

#[test]
fn sequential_clients_meet_a_mixed_script_in_order() {
    let server = serve("reset-on-accept x2, status=503, ok", b"content");
    assert_eq!(ask_all(&server, 5), [RESET, RESET, Ok(503), Ok(200), Ok(200)]);
    let exchanges = settled(server.journal(), 5);
    for exchange in &exchanges[..2] {
        assert_headless(exchange, "reset-on-accept", (End::Rst, By::Server), true);
    }
    let attempts: Vec<_> =
        exchanges.iter().map(|exchange| (exchange.conn, exchange.attempt, exchange.path_and_query())).collect();
    assert_eq!(attempts, [(1, 1, "-"), (2, 2, "-"), (3, 1, "/f"), (4, 2, "/f"), (5, 3, "/f")]);
    let plans: Vec<_> = exchanges.iter().map(|exchange| &*exchange.plan).collect();
    assert_eq!(plans[2..], ["status=503", "ok", "ok"]);
    assert_eq!((server.journal().attempts("-"), server.journal().attempts("/f")), (2, 3));
}

#[test]
fn a_kept_connection_leaves_the_next_entry_to_a_new_one() {
    let server = playing("*: status=503, reset-on-accept, status=502\n*: status=418");
    let mut kept = Raw::connect(server.addr());
    let status = |raw: &mut Raw| raw.ask(&get("/f")).status();
    assert_eq!(status(&mut kept), 503);
    // Later rules decide.
    assert_eq!([(); 2].map(|()| status(&mut kept)), [418, 200]);
    assert_eq!(ask(server.addr()), RESET);
    assert_eq!([(); 2].map(|()| status(&mut kept)), [502, 200]);
}

#[test]
fn connections_pass_while_an_entry_about_requests_is_next() {
    let server = serve("status=503, status=502, drop-on-accept", b"content");
    // Each is decided on before its request is there.
    let [mut first, mut second] = [503, 502].map(|status| {
        let mut raw = Raw::connect(server.addr());
        assert_eq!(raw.ask(&get("/f")).status(), status);
        raw
    });
    assert_eq!([&mut first, &mut second].map(|raw| raw.ask(&get("/f")).status()), [200, 200]);
    assert_eq!(ask_all(&server, 2), [EOF, Ok(200)]);
}

#[test]
fn conditions_count_connections() {
    let server = playing("* every=2: reset-on-accept x*");
    assert_eq!(ask_all(&server, 5), [Ok(200), RESET, Ok(200), RESET, Ok(200)]);
    let server = playing("* first=2: drop-on-accept x*");
    assert_eq!(ask_all(&server, 3), [EOF, EOF, Ok(200)]);
}

#[test]
fn rules_that_change_hold_for_the_next_connection() {
    let server = playing("*: reset-on-accept x*");
    assert_eq!(ask_all(&server, 2), [RESET, RESET]);
    server.replace_rules([]).unwrap();
    assert_eq!(ask_all(&server, 2), [Ok(200), Ok(200)]);
    {
        let _guard = server.add_rule("*: accept, drop-on-accept x*".parse().unwrap()).unwrap();
        assert_eq!(ask_all(&server, 2), [Ok(200), EOF]);
    }
    assert_eq!(ask_all(&server, 1), [Ok(200)]);
    server.replace_rules(rules("*: status=503 x*")).unwrap();
    assert_eq!(ask_all(&server, 1), [Ok(503)]);
    let wrong = Rule::when(flaky_server::matchers::path("*.gz")).fault(flaky_server::Fault::reset_on_accept());
    assert!(server.replace_rules([wrong]).is_err());
    server.replace_rules(rules("*: drop-on-accept")).unwrap();
    assert_eq!(ask_all(&server, 2), [EOF, Ok(200)]);

    // All of it is one schedule, which plays the same.
    let played = server.played().to_string();
    assert_eq!(
        played,
        "*: reset-on-accept x2, accept x3, drop-on-accept, accept x2, drop-on-accept\n\
         GET /f query=: ok x4, status=503\n"
    );
    let again = playing(&played);
    let happened = ask_all(&again, 10);
    let expected = [RESET, RESET, Ok(200), Ok(200), Ok(200), EOF, Ok(200), Ok(503), EOF, Ok(200)];
    assert_eq!(happened, expected);
    assert_eq!(again.played().to_string(), played);
}

#[test]
fn connections_are_decided_on_from_the_first_rule_about_them_on() {
    let server = playing("*: status=503 x*");
    assert_eq!(ask_all(&server, 2), [Ok(503), Ok(503)]);
    let guard = server.add_rule("*: drop-on-accept x2".parse().unwrap()).unwrap();
    assert_eq!(ask_all(&server, 1), [EOF]);
    drop(guard);
    assert_eq!(ask_all(&server, 1), [Ok(503)]);
    server.replace_rules(rules("*: reset-on-accept")).unwrap();
    assert_eq!(ask_all(&server, 2), [RESET, Ok(200)]);
    let played = server.played().to_string();
    assert!(played.starts_with("*: accept x2, drop-on-accept, accept, reset-on-accept\n"), "{played}");
}

#[test]
fn the_mirror_plays_by_the_same_rules() {
    let rule = Rule::any().script("reset-on-accept x2").unwrap();
    let server = start(FlakyServer::builder().serve_bytes("/f", "content").rule(rule).mirror(true));
    let mirror = server.mirror().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
    let ended = [server.addr(), mirror, mirror, server.addr()].map(ask);
    assert_eq!(ended, [RESET, RESET, Ok(200), Ok(200)]);
}

#[test]
fn many_clients_at_once_consume_each_entry_once() {
    let server = playing("*: reset-on-accept x20, accept x20, drop-on-accept x20\n*: status=503 x10");
    let ended: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..80).map(|_| scope.spawn(|| ask(server.addr()).ok())).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    let count = |what: Option<u16>| ended.iter().filter(|it| **it == what).count();
    assert_eq!((count(None), count(Some(503)), count(Some(200))), (40, 10, 30));
    let exchanges = server.journal().wait_until_settled(PATIENCE).unwrap();
    let count = |end: End| exchanges.iter().filter(|exchange| exchange.end == Some(end)).count();
    assert_eq!((count(End::Rst), count(End::Fin), count(End::Complete)), (20, 20, 40));
    assert_eq!(
        server.played().to_string(),
        "*: reset-on-accept x20, accept x20, drop-on-accept x20\nGET /f query=: status=503 x10\n"
    );
}

#[test]
fn a_closure_cannot_reach_back_to_the_connection() {
    let rule = Rule::any().decide(|_| "reset-on-accept".parse::<flaky_server::Entry>().ok());
    let server = start(FlakyServer::builder().serve_bytes("/f", "content").rule(rule));
    assert_eq!(ask(server.addr()), Ok(200));
    let exchange = settled(server.journal(), 1).remove(0);
    assert_eq!((&*exchange.plan, exchange.applied, exchange.end), ("reset-on-accept", false, Some(End::Complete)));
}
