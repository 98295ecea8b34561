//! Directories: their pages, their paths, and files in content codings beside others.

use std::fs;

use flaky_server::FlakyServer;
use tempfile::TempDir;

use super::is_whole;
use crate::support::{Ending, Framing, Raw, Request, builder, get, settled, start};

fn tree() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir_all(dir.path().join("sub/deep")).unwrap();
    fs::create_dir(dir.path().join("site")).unwrap();
    for (name, content) in [
        ("sub/a <b>.gz", "12345"),
        ("site/index.html", "index"),
        (".secret", ""),
        ("a.js", "text"),
        ("a.js.gz", "gzip"),
    ] {
        fs::write(dir.path().join(name), content).unwrap();
    }
    dir
}

const PAGE: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta name=\"viewport\" content=\"width=device-width\">\n<title>Index of /sub/</title>\n</head>\n<body>\n\
    <h1>Index of /sub/</h1>\n<table>\n<tr><th align=\"left\">Name</th><th align=\"right\">Bytes</th></tr>\n\
    <tr><td><a href=\"../\">../</a></td><td align=\"right\"></td></tr>\n\
    <tr><td><a href=\"deep/\">deep/</a></td><td align=\"right\"></td></tr>\n\
    <tr><td><a href=\"a%20%3Cb%3E.gz\">a &lt;b&gt;.gz</a></td><td align=\"right\">5</td></tr>\n\
    </table>\n</body>\n</html>\n";

#[test]
fn a_page_is_a_fixture() {
    let dir = tree();
    let server = start(FlakyServer::builder().serve_dir(dir.path()));
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/sub/"));
    is_whole(&reply, 200, PAGE.as_bytes());
    assert_eq!(reply.framing, Framing::Length(PAGE.len() as u64));
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(reply.header("last-modified"), None);
    let etag = reply.header("etag").expect("an entity tag");
    assert_eq!(raw.ask(&get("/sub/").header("If-None-Match", etag)).status(), 304);
    is_whole(&raw.ask(&get("/sub/").range("bytes=0-8")), 206, &PAGE.as_bytes()[..9]);
    is_whole(&raw.ask(&get("/site/")), 200, b"index");
    assert!(raw.ask(&get("/")).text().contains("<a href=\"sub/\">sub/</a>"));
    assert!(!raw.ask(&get("/")).text().contains("secret"));
    for path in ["/sub/a%20%3Cb%3E.gz/", "/none/", "/.secret/"] {
        assert_eq!(raw.ask(&get(path)).status(), 404, "{path}");
    }
    assert_eq!(server.single_url(), None);
}

#[test]
fn without_pages() {
    let dir = tree();
    let server = start(FlakyServer::builder().serve_dir(dir.path()).listing(false));
    let mut raw = Raw::connect(server.addr());
    for path in ["/", "/sub/", "/sub"] {
        assert_eq!(raw.ask(&get(path)).status(), 404, "{path}");
    }
    assert_eq!(raw.ask(&get("/site")).header("location"), Some("/site/"));
}

#[test]
fn a_path_without_its_slash_is_sent_on_and_to_no_other_host() {
    let dir = tree();
    let server = start(FlakyServer::builder().serve_dir(dir.path()));
    let mut raw = Raw::connect(server.addr());
    for (path, location) in [
        ("/sub", "/sub/"),
        ("/sub?a=b&c=%20", "/sub/?a=b&c=%20"),
        ("/sub/deep", "/sub/deep/"),
        ("//sub", "/sub/"),
        ("///./sub//deep", "/sub/deep/"),
        ("http://evil.example/sub", "/sub/"),
    ] {
        for method in ["GET", "HEAD"] {
            let reply = raw.ask(&Request::new(method, path).header("If-None-Match", "*"));
            assert_eq!((reply.status(), reply.header("location")), (301, Some(location)), "{method} {path}");
            assert!(reply.complete && reply.header("content-length").is_some(), "{method} {path}");
        }
    }
}

#[test]
fn a_fault_hits_a_page_as_it_hits_a_file() {
    let dir = tree();
    for (term, n) in
        [("reset-after=100", 100), ("reset-at=100", 100), ("reset-after=0", 0), ("reset-after=50%", PAGE.len() / 2)]
    {
        let server = start(builder(term).serve_dir(dir.path()));
        let reply = Raw::connect(server.addr()).ask(&get("/sub/"));
        assert_eq!((reply.len, reply.ending), (n as u64, Some(Ending::Reset)), "{term}");
        assert!(reply.body == PAGE.as_bytes()[..n], "{term}");
        let exchange = &settled(server.journal(), 1)[0];
        assert_eq!((exchange.start, exchange.applied), (Some(0), true), "{term}: {exchange:?}");
        assert_eq!(exchange.body_acked.unwrap_or(n as u64), n as u64, "{term}: {exchange:?}");
    }
}

#[test]
fn a_file_in_a_content_coding() {
    let dir = tree();
    let server = start(FlakyServer::builder().serve_dir(dir.path()).precompressed(true));
    let mut raw = Raw::connect(server.addr());
    for (method, accept, status, coding, body) in [
        ("GET", "gzip, br", 200, Some("gzip"), "gzip"),
        ("HEAD", "gzip, br", 200, Some("gzip"), ""),
        ("GET", "br", 200, None, "text"),
        ("GET", "gzip;q=0", 200, None, "text"),
        ("GET", "*", 200, Some("gzip"), "gzip"),
    ] {
        let reply = raw.ask(&Request::new(method, "/a.js").header("Accept-Encoding", accept));
        is_whole(&reply, status, body.as_bytes());
        assert_eq!(reply.header("content-encoding"), coding, "{method} {accept}");
        assert_eq!(reply.header("vary"), Some("accept-encoding"), "{method} {accept}");
        assert_eq!(reply.header("content-type"), Some("text/javascript; charset=utf-8"), "{method} {accept}");
        assert_eq!(reply.header("content-length"), Some("4"), "{method} {accept}");
    }
    let plain = raw.ask(&get("/a.js.gz").header("Accept-Encoding", "gzip"));
    is_whole(&plain, 200, b"gzip");
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, None));
    // By default a file is what it is.
    let server = start(FlakyServer::builder().serve_dir(dir.path()));
    let reply = Raw::connect(server.addr()).ask(&get("/a.js").header("Accept-Encoding", "gzip"));
    is_whole(&reply, 200, b"text");
    assert_eq!((reply.header("content-encoding"), reply.header("vary")), (None, None));
}
