//! The three ways to say where a body ends (RFC 9112 §6.3).

use super::{bytes, is_whole};
use crate::support::{Ending, Framing, Raw, Request, Speed, get, serve, settled};

#[track_caller]
fn check(script: &str, body: &'static [u8], framing: Framing, speed: Speed) {
    let server = serve(script, body);
    let mut raw = Raw::connect_with(server.addr(), speed);
    let reply = raw.ask(&get("/f"));
    is_whole(&reply, 200, body);
    assert_eq!(reply.framing, framing, "{script}");
    if framing == Framing::Close {
        assert_eq!(reply.ending, Some(Ending::Eof), "{script}");
        assert_eq!(reply.header("connection"), Some("close"), "{script}");
    } else {
        is_whole(&raw.ask(&get("/f").range("bytes=0-")), if body.is_empty() { 416 } else { 206 }, {
            if body.is_empty() { b"416 Range Not Satisfiable: the fixture ends before the range\n" } else { body }
        });
        assert_eq!(raw.quiet(), Ending::Silence, "{script}");
    }
    drop(raw);
    let exchanges = settled(server.journal(), if framing == Framing::Close { 1 } else { 2 });
    assert!(exchanges.iter().all(|exchange| exchange.is_complete() && exchange.applied), "{exchanges:?}");
    assert_eq!(exchanges[0].body_sent, body.len() as u64, "{script}");
    assert_eq!(exchanges[0].body_acked.unwrap_or(body.len() as u64), body.len() as u64, "{script}");
}

#[test]
fn a_body_in_each() {
    for body in [b"".as_slice(), b"x", bytes()] {
        for speed in [Speed::Fast, Speed::Slow] {
            check("ok x*", body, Framing::Length(body.len() as u64), speed);
            check("framing=chunked x*", body, Framing::Chunked, speed);
            check("framing=close x*", body, Framing::Close, speed);
        }
    }
}

#[test]
fn no_body_in_each() {
    for script in ["ok x*", "framing=chunked x*", "framing=close x*"] {
        let server = serve(script, bytes());
        let mut raw = Raw::connect(server.addr());
        let etag = raw.ask(&Request::new("HEAD", "/f")).header("etag").expect("an entity tag").to_owned();
        // HEAD and 304 end with the head, whatever the framing would be.
        let mut raw = Raw::connect(server.addr());
        let reply = raw.ask(&get("/f").header("If-None-Match", &etag));
        assert_eq!((reply.status(), reply.len), (304, 0), "{script}");
        assert_eq!(raw.quiet(), Ending::Silence, "{script}");
    }
}
