//! Chains of redirects.

use flaky_server::{Exchange, FlakyServer};

use super::{ask, resolved};
use crate::support::{Reply, Request, content, get, serve, settled, start};

const LEN: usize = 1000;

/// The targets that a client is led through, and the replies.
#[track_caller]
fn follow(server: &FlakyServer, method: &str, target: &str) -> Vec<(String, Reply)> {
    let (mut addr, mut target) = (server.addr(), target.to_owned());
    let mut replies = Vec::new();
    loop {
        let reply = ask(addr, &Request::new(method, &target));
        let location = reply.header("location").map(str::to_owned);
        replies.push((target, reply));
        let Some(location) = location else { return replies };
        (addr, target) = resolved(&location, addr);
        assert!(replies.len() < 50 && replies.iter().all(|(before, _)| *before != target), "a loop: {target}");
    }
}

#[track_caller]
fn check(script: &str, method: &str, first: &str, status: u16, targets: &[&str]) -> Vec<Exchange> {
    let server = serve(script, content(LEN));
    let replies = follow(&server, method, first);
    let led: Vec<&str> = replies.iter().map(|(target, _)| target.as_str()).collect();
    assert_eq!(led, targets, "{script}");
    let (last, redirects) = replies.split_last().unwrap();
    assert!(redirects.iter().all(|(_, reply)| reply.status() == status && reply.header("etag").is_none()), "{script}");
    assert_eq!(last.1.status(), 200);
    assert!(last.1.header("etag").is_some() && (method == "HEAD" || last.1.body == content(LEN)));
    settled(server.journal(), replies.len())
}

#[test]
fn each_leads_to_another_query_and_the_last_one_to_the_file() {
    for method in ["GET", "HEAD"] {
        let hops = ["/f", "/f?flaky-hop=1", "/f?flaky-hop=2", "/f?flaky-hop=3"];
        let exchanges = check("redirects=3 x*", method, "/f", 302, &hops);
        let happened: Vec<_> = exchanges.iter().map(|it| (it.applied, it.status.unwrap())).collect();
        assert_eq!(happened, [(true, 302), (true, 302), (true, 302), (false, 200)]);
        assert!(exchanges.iter().all(|exchange| exchange.attempt == 1));
    }
}

#[test]
fn the_rest_of_the_query_stays() {
    let hops = ["/f?a=1&b", "/f?a=1&b&flaky-hop=1", "/f?a=1&b&flaky-hop=2"];
    check("redirects=2", "GET", "/f?a=1&b", 302, &hops);
}

#[test]
fn a_status_beside_it_is_that_of_the_redirects() {
    for status in [301, 302, 303, 307, 308] {
        let exchanges =
            check(&format!("redirects=1 status={status} x*"), "GET", "/f", status, &["/f", "/f?flaky-hop=1"]);
        assert!(exchanges[0].applied && !exchanges[1].applied);
    }
}

#[test]
fn every_request_has_a_place_in_the_script_of_its_own() {
    let server = serve("redirects=2, ok", content(LEN));
    assert_eq!(follow(&server, "GET", "/f").len(), 3);
    // The second time each is let through.
    assert_eq!(follow(&server, "GET", "/f").len(), 1);
    assert_eq!(follow(&server, "GET", "/f?flaky-hop=1").len(), 1);
}

#[test]
fn the_end_of_a_chain_can_break() {
    let rules = "* query=flaky-hop=2: reset-after=50%\n*: redirects=2 x*";
    let rules = flaky_server::Schedule::parse_rules(rules).unwrap();
    let server = start(FlakyServer::builder().rules(rules).serve_bytes("/f", content(LEN)));
    let broken = follow(&server, "GET", "/f");
    assert_eq!((broken.len(), broken[2].1.len, broken[2].1.complete), (3, 500, false));
    assert_eq!(follow(&server, "GET", "/f")[2].1.body, content(LEN));
}

#[test]
fn what_is_of_the_file_happens_at_the_end_alone() {
    let server = serve("redirects=1 ignore-range x*", content(LEN));
    let first = ask(server.addr(), &get("/f").range("bytes=500-"));
    assert_eq!((first.status(), first.header("location")), (302, Some("/f?flaky-hop=1")));
    let last = ask(server.addr(), &get("/f?flaky-hop=1").range("bytes=500-"));
    assert_eq!((last.status(), last.len), (200, LEN as u64));
}
