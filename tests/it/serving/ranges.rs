//! Range requests (RFC 9110 §14).

use super::{bytes, is_whole};
use crate::support::{Raw, Request, get, ok};

#[test]
fn parts() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let mut check = |range: &str, start: usize, end: usize| {
        let reply = raw.ask(&get("/f").range(range));
        is_whole(&reply, 206, &bytes()[start..end]);
        let expected = format!("bytes {start}-{}/100000", end - 1);
        assert_eq!(reply.header("content-range"), Some(expected.as_str()), "{range}");
        assert_eq!(reply.header("content-type"), Some("application/octet-stream"), "{range}");
    };
    check("bytes=0-0", 0, 1);
    check("bytes=1000-1999", 1000, 2000);
    check("bytes=99999-", 99_999, 100_000);
    check("bytes=40000-", 40_000, 100_000);
    check("bytes=0-", 0, 100_000);
    check("bytes=5-999999999999999999999999", 5, 100_000);
    check("bytes=-1", 99_999, 100_000);
    check("bytes=-70000", 30_000, 100_000);
    check("bytes=-999999", 0, 100_000);
}

#[test]
fn what_cannot_be_satisfied() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for range in ["bytes=100000-", "bytes=100000-100001", "bytes=-0", "bytes=99999999999999999999-"] {
        let reply = raw.ask(&get("/f").range(range));
        assert_eq!(reply.status(), 416, "{range}");
        assert_eq!(reply.header("content-range"), Some("bytes */100000"), "{range}");
        assert!(reply.complete, "{range}");
    }
    is_whole(&raw.ask(&get("/f")), 200, bytes());
}

#[test]
fn what_is_ignored() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for range in ["bytes=0-1,6-5", "bytes=0-,0-1", "bytes=2-1", "bytes=x-", "bytes", "lines=0-1", "bytes=--1", ""] {
        let reply = raw.ask(&get("/f").range(range));
        is_whole(&reply, 200, bytes());
        assert_eq!(reply.header("content-range"), None, "{range}");
    }
    let head = raw.ask(&Request::new("HEAD", "/f").range("bytes=0-1"));
    assert_eq!((head.status(), head.header("content-length")), (200, Some("100000")));
}

#[test]
fn only_of_the_same_fixture() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let etag = raw.ask(&get("/f")).header("etag").expect("an entity tag").to_owned();
    let mut check = |if_range: &str, status: u16| {
        let reply = raw.ask(&get("/f").range("bytes=10-19").header("If-Range", if_range));
        is_whole(&reply, status, if status == 206 { &bytes()[10..20] } else { bytes() });
    };
    check(&etag, 206);
    check("\"x\"", 200);
    check(&format!("W/{etag}"), 200);
    check("Sun, 06 Nov 1994 08:49:37 GMT", 200);
}

#[test]
fn of_an_empty_file() {
    let server = ok(b"");
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/f").range("bytes=0-")).status(), 416);
    is_whole(&raw.ask(&get("/f").range("bytes=-5")), 200, b"");
}
