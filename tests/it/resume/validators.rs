//! Entity tags that are others than the file has.

use super::{DATE, ask, bytes, check, part, whole};
use crate::support::{Raw, builder, get, settled, start};

const RANGE: (&str, &str) = ("Range", "bytes=500-599");

fn weak(head: String) -> String {
    head.replace("\"TAG\"", "W/\"TAG\"")
}

#[test]
fn a_weak_tag() {
    check("weak-etag", &[], &weak(whole()), bytes(), true);
    check("weak-etag", &[RANGE], &weak(part(500, 599)), &bytes()[500..600], true);
    for tag in ["\"TAG\"", "W/\"TAG\""] {
        check("weak-etag", &[RANGE, ("If-Range", tag)], &weak(whole()), bytes(), true);
        check("weak-etag", &[("If-None-Match", tag)], "304\netag: W/\"TAG\"", b"", true);
        let failed = ask("weak-etag", "GET", &[("If-Match", tag)]);
        // A weak tag in the request would not have matched anyway.
        assert_eq!((failed.reply.status(), failed.exchange.applied), (412, tag.starts_with('"')), "{tag}");
    }
    check("weak-etag", &[RANGE, ("If-Range", DATE)], &weak(part(500, 599)), &bytes()[500..600], true);
    let head = ask("weak-etag", "HEAD", &[RANGE]);
    assert_eq!((head.head(), head.exchange.applied), (weak(whole()), true));
    let behind = ask("weak-etag", "GET", &[("Range", "bytes=1000-")]);
    assert_eq!((behind.reply.status(), behind.exchange.applied), (416, false));
}

#[test]
fn another_tag() {
    let v2 = |head: String| head.replace("\"TAG\"", "\"v2\"");
    check("etag=%22v2%22", &[], &v2(whole()), bytes(), true);
    check("etag=%22v2%22", &[RANGE, ("If-Range", "\"v2\"")], &v2(part(500, 599)), &bytes()[500..600], true);
    check("etag=%22v2%22", &[RANGE, ("If-Range", "\"TAG\"")], &v2(whole()), bytes(), true);
    check("etag=%22v2%22", &[("If-None-Match", "\"TAG\"")], &v2(whole()), bytes(), true);
    check("etag=%22v2%22", &[("If-None-Match", "\"x\", \"v2\"")], "304\netag: \"v2\"", b"", true);
    // A 416 and a 412 that would not be there without it.
    let behind = ("Range", "bytes=1000-");
    for (headers, status, applied) in [
        (&[behind, ("If-Range", "\"v2\"")][..], 416, true),
        (&[behind], 416, false),
        (&[("If-Match", "\"TAG\"")], 412, true),
        (&[("If-Match", "\"x\"")], 412, false),
    ] {
        let got = ask("etag=%22v2%22", "GET", headers);
        assert_eq!((got.reply.status(), got.exchange.applied), (status, applied), "{headers:?}");
    }
}

#[test]
fn what_is_no_tag() {
    for (term, tag) in [("etag=v2", "v2"), ("etag=%22a%20b%22", "\"a b\""), ("etag=w/%22a%22", "w/\"a\"")] {
        let said = |head: String| head.replace("\"TAG\"", tag);
        check(term, &[RANGE, ("If-Range", tag)], &said(whole()), bytes(), true);
        check(term, &[("If-None-Match", tag)], &said(whole()), bytes(), true);
        check(term, &[("If-None-Match", "*")], &format!("304\netag: {tag}"), b"", true);
    }
}

#[test]
fn the_right_tag_is_no_other() {
    let server = start(builder("ok, etag=TAG").serve_bytes("/f", bytes()));
    let tag = Raw::connect(server.addr()).ask(&get("/f")).header("etag").unwrap().to_owned();
    let server = start(builder(&format!("etag={tag}")).serve_bytes("/f", bytes()));
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).header("etag"), Some(&*tag));
    assert!(!settled(server.journal(), 1)[0].applied);
}

#[test]
fn if_range_is_ignored() {
    let (head, body) = (part(500, 599), &bytes()[500..600]);
    for other in ["\"x\"", "W/\"TAG\"", "Sun, 06 Nov 1994 08:49:36 GMT", "nonsense"] {
        check("ignore-if-range", &[RANGE, ("If-Range", other)], &head, body, true);
    }
    for same in ["\"TAG\"", DATE] {
        check("ignore-if-range", &[RANGE, ("If-Range", same)], &head, body, false);
    }
    check("ignore-if-range", &[RANGE], &head, body, false);
    check("ignore-if-range", &[("If-Range", "\"x\"")], &whole(), bytes(), false);
    check("ignore-if-range ignore-range", &[RANGE, ("If-Range", "\"x\"")], &whole(), bytes(), false);
    let behind = ask("ignore-if-range", "GET", &[("Range", "bytes=1000-"), ("If-Range", "\"x\"")]);
    assert_eq!((behind.reply.status(), behind.exchange.applied), (416, true));
    let head = ask("ignore-if-range", "HEAD", &[RANGE, ("If-Range", "\"x\"")]);
    assert_eq!((head.head(), head.exchange.applied), (whole(), false));
}
