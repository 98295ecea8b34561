//! Statuses that nobody asked for.

use super::ask;
use crate::support::{Framing, Raw, content, get, serve, settled};

#[test]
fn every_status_of_a_reply() {
    let codes: Vec<u16> = (200..600).collect();
    let script: Vec<String> = codes.iter().map(|code| format!("status={code}")).collect();
    let server = serve(&script.join(","), content(10));
    let mut raw = Raw::connect(server.addr());
    for code in codes {
        let reply = raw.ask(&get("/f"));
        assert_eq!((reply.status(), reply.complete, reply.ending), (code, true, None));
        assert_eq!((reply.header("etag"), reply.header("last-modified")), (None, None), "{code}");
        let short = format!("{code} {}", reply.head.reason);
        match code {
            204 | 304 => assert_eq!((reply.framing, reply.header("content-length")), (Framing::None, None)),
            205 => assert_eq!(reply.framing, Framing::Length(0)),
            _ => assert_eq!(reply.text().trim_end(), short.trim_end()),
        }
    }
}

#[test]
fn a_304_that_nobody_asked_for() {
    let server = serve("status=304", content(10));
    let mut raw = Raw::connect(server.addr());
    let unasked = raw.ask(&get("/f"));
    assert_eq!((unasked.status(), unasked.body.len(), unasked.ending), (304, 0, None));
    assert_eq!(raw.ask(&get("/f")).body, content(10));
    drop(raw);
    assert!(settled(server.journal(), 2)[0].applied);
}

#[test]
fn an_empty_200() {
    let server = serve("short-body=0", content(10));
    let reply = ask(server.addr(), &get("/f"));
    assert_eq!((reply.status(), reply.framing, reply.complete), (200, Framing::Length(0), true));
    assert!(reply.header("etag").is_some());
}
