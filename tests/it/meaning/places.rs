//! Where a redirect leads.

use std::io::ErrorKind;
use std::net::TcpStream;

use flaky_server::{FlakyServer, Rule, StartError};

use super::{ask, resolved};
use crate::support::{Raw, builder, content, get, serve, settled, start};

/// What the `Location` of the first reply is.
#[track_caller]
fn location(entry: &str, target: &str) -> (FlakyServer, String) {
    let server = start(builder(entry).mirror(true).serve_bytes("/f", content(100)));
    let reply = ask(server.addr(), &get(target));
    let location = reply.header("location").expect("a Location").to_owned();
    let exchange = settled(server.journal(), 1).remove(0);
    assert_eq!((exchange.plan.as_str(), exchange.applied, exchange.note), (entry, true, None));
    (server, location)
}

#[test]
fn every_status_of_a_redirect() {
    for status in [301, 302, 303, 307, 308] {
        let server = serve(&format!("status={status} location=/g?x"), content(10));
        let reply = ask(server.addr(), &get("/f"));
        assert_eq!((reply.status(), reply.header("location")), (status, Some("/g?x")));
    }
}

#[test]
fn another_port_of_this_host() {
    let (server, there) = location("status=302 location={mirror}{target}", "/f?x=1");
    assert_eq!(there, format!("{}/f?x=1", server.mirror().unwrap()));
    let (addr, target) = resolved(&there, server.addr());
    assert_ne!(addr, server.addr());
    assert_eq!(ask(addr, &get(&target)).body, content(100));
    let (server, there) = location("status=302 location={base}/g", "/f");
    assert_eq!(there, server.url("/g"));
}

#[test]
fn a_port_that_refuses() {
    let server = serve("status=302 location={dead}{path} x2, ok", content(10));
    let mut raw = Raw::connect(server.addr());
    let places: Vec<String> = (0..2).map(|_| raw.ask(&get("/f")).header("location").unwrap().to_owned()).collect();
    assert_eq!(places[0], places[1]);
    let (addr, target) = resolved(&places[0], server.addr());
    assert_eq!((target.as_str(), addr.ip()), ("/f", server.addr().ip()));
    for _ in 0..3 {
        assert_eq!(TcpStream::connect(addr).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        // Nobody else can have it as long as the server lives.
        assert_eq!(std::net::TcpListener::bind(addr).unwrap_err().kind(), ErrorKind::AddrInUse);
    }
    assert_eq!(raw.ask(&get("/f")).status(), 200);
}

#[test]
fn another_host() {
    assert_eq!(location("status=301 location=https://example.org{path}", "/f?x").1, "https://example.org/f");
}

#[test]
fn a_loop() {
    for target in ["/f", "/f?x=1"] {
        assert_eq!(location("status=302 location={target}", target).1, target);
    }
}

#[test]
fn nothing_of_a_request_gets_out_of_its_line_or_names_a_host() {
    for (target, expected) in [
        ("/f%0D%0Aset-cookie:%20a=b", "/f%0D%0Aset-cookie:%20a=b"),
        ("/f?%0d%0a%0d%0ap", "/f?%0D%0A%0D%0Ap"),
        ("/f%00%7f%80", "/f%00%7F%80"),
        ("//example.org/f", "/.//example.org/f"),
        ("http://test//example.org/f", "/.//example.org/f"),
        ("/%2Fexample.org", "/%2Fexample.org"),
    ] {
        let (_, there) = location("status=302 location={target}", target);
        assert_eq!(there, expected);
    }
    // A path that HTTP does not allow is refused, or written so that it is no more than a path.
    let server = serve("status=302 location={target} x*", content(10));
    for byte in 0x80..=0xffu8 {
        let mut raw = Raw::connect(server.addr());
        raw.send(&[b"GET /f".as_slice(), &[byte], b" HTTP/1.1\r\nhost: a\r\n\r\n"].concat());
        let reply = raw.reply("GET");
        match reply.status() {
            400 => {}
            status => assert_eq!((status, reply.header("location")), (302, Some(&*format!("/f%{byte:02X}")))),
        }
    }
}

#[test]
fn without_a_second_port_the_server_does_not_start() {
    let rule = "*: ok, status=302 location={mirror}/ x*";
    let error = builder(&rule[3..]).serve_bytes("/f", "").start().unwrap_err();
    let StartError::Schedule(error) = error else { panic!("{error:?}") };
    assert_eq!(error.message(), "`{mirror}` is the second port, and there is none");
    assert_eq!((&rule[error.span()], error.help()), ("{mirror}", Some("add a mirror, with `--mirror`")));
}

#[test]
fn a_rule_that_comes_later_says_that_there_is_none() {
    let server = serve("ok", content(10));
    let rule = Rule::any().script("status=302 location={mirror}/ x*").unwrap();
    let _guard = server.add_rule(rule).unwrap();
    let reply = ask(server.addr(), &get("/f"));
    assert_eq!((reply.status(), reply.header("location")), (302, None));
    let exchange = settled(server.journal(), 1).remove(0);
    assert!(!exchange.applied);
    let note = "`{mirror}` is the second port, and there is none; not here: `location={mirror}/`";
    assert_eq!(exchange.note.as_deref(), Some(note));
}
