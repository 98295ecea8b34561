//! GET, HEAD and the others; validators; media types.

use flaky_server::FlakyServer;

use super::{bytes, is_whole};
use crate::support::{Ending, Framing, Raw, Reply, Request, get, ok, serve, settled, start};

#[test]
fn get_has_the_bytes_and_says_what_they_are() {
    let server = ok(bytes());
    let reply = Raw::connect(server.addr()).ask(&get("/f"));
    is_whole(&reply, 200, bytes());
    assert_eq!(reply.head.version, "HTTP/1.1");
    assert_eq!(reply.framing, Framing::Length(100_000));
    assert_eq!(reply.header("accept-ranges"), Some("bytes"));
    assert_eq!(reply.header("content-type"), Some("application/octet-stream"));
    assert_eq!(reply.header("content-encoding"), None);
    assert_eq!(reply.header("connection"), None);
    let date = reply.header("date").expect("a date");
    assert!(date.len() == 29 && date.ends_with(" GMT"), "{date}");
    let etag = reply.header("etag").expect("an entity tag");
    assert!(etag.starts_with('"') && etag.ends_with('"') && etag.len() > 2, "{etag}");
}

#[test]
fn head_is_get_without_the_body() {
    let server = start(FlakyServer::builder().serve_bytes("/f", bytes()).serve_bytes("/d/g", ""));
    let mut raw = Raw::connect(server.addr());
    for path in ["/f", "/missing", "/", "/d", "/..", "/d/g"] {
        let whole = raw.ask(&get(path));
        let head = raw.ask(&Request::new("HEAD", path));
        assert_eq!(head.len, 0);
        assert_eq!(head.status(), whole.status());
        let without_date = |headers: &[(String, String)]| {
            let mut headers = headers.to_vec();
            headers.retain(|(name, _)| name != "date");
            headers
        };
        assert_eq!(without_date(&head.head.headers), without_date(&whole.head.headers), "{path}");
        assert_eq!(head.header("content-length"), Some(whole.len.to_string().as_str()), "{path}");
    }
    // The connection is in step: what follows is read as what it is.
    is_whole(&raw.ask(&get("/f")), 200, bytes());
    let exchanges = settled(server.journal(), 13);
    assert!(exchanges.iter().all(|exchange| exchange.conn == 1 && exchange.is_complete()), "{exchanges:?}");
    assert_eq!(exchanges[1].method(), "HEAD");
    assert_eq!((exchanges[1].body_sent, exchanges[1].status), (0, Some(200)));
    assert_eq!(server.journal().attempts("HEAD /f"), 1);
    assert_eq!(server.journal().attempts("/f"), 3);
}

#[test]
fn head_of_a_status_that_was_asked_for() {
    for status in [200, 204, 302, 404, 416, 500, 503] {
        let server = serve(&format!("status={status} x*"), bytes());
        let mut raw = Raw::connect(server.addr());
        let (whole, head) = (raw.ask(&get("/f")), raw.ask(&Request::new("HEAD", "/f")));
        assert_eq!((head.status(), head.len, whole.status()), (status, 0, status));
        let names = |reply: &Reply| reply.head.headers.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&head), names(&whole), "{status}");
        assert_eq!(head.header("content-length"), whole.header("content-length"), "{status}");
        assert_eq!(raw.quiet(), Ending::Silence, "{status}");
    }
}

#[test]
fn other_methods_are_not_allowed_or_not_known() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for (method, status) in
        [("POST", 405), ("PUT", 405), ("DELETE", 405), ("PATCH", 405), ("TRACE", 405), ("BREW", 501), ("get", 501)]
    {
        let reply = raw.ask(&Request::new(method, "/f"));
        assert_eq!(reply.status(), status, "{method}");
        assert_eq!(reply.header("allow"), (status == 405).then_some("GET, HEAD, OPTIONS"), "{method}");
        assert!(reply.complete && reply.header("date").is_some(), "{method}");
    }
    assert_eq!(raw.ask(&Request::new("CONNECT", "test:80")).status(), 405);
    is_whole(&raw.ask(&get("/f")), 200, bytes());
}

#[test]
fn options_are_told_of_every_target_and_of_the_server() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for target in ["/f", "/missing", "*", "http://test/f"] {
        let reply = raw.ask(&Request::new("OPTIONS", target).header("If-Match", "\"x\"").range("bytes=0-1"));
        is_whole(&reply, 200, b"");
        assert_eq!(reply.framing, Framing::Length(0), "{target}");
        assert_eq!(reply.header("allow"), Some("GET, HEAD, OPTIONS"), "{target}");
        assert_eq!(reply.header("accept-ranges"), Some("bytes"), "{target}");
        assert_eq!(reply.header("content-type"), None, "{target}");
    }
    // The asterisk is for OPTIONS alone (RFC 9112 §3.2.4).
    assert_eq!(raw.ask(&get("*")).status(), 400);
    is_whole(&raw.ask(&get("/f")), 200, bytes());
    assert_eq!(server.journal().attempts("OPTIONS *"), 1, "{}", server.journal().table());
    assert_eq!(server.journal().attempts("OPTIONS /f"), 2, "{}", server.journal().table());
    let exchanges = settled(server.journal(), 6);
    assert!(exchanges.iter().all(flaky_server::Exchange::is_complete), "{exchanges:?}");
}

#[test]
fn what_is_not_there_is_not_found() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    for path in ["/F", "/f/", "/f/g", "/missing?f", "/%66%66"] {
        let reply = raw.ask(&get(path));
        assert_eq!(reply.status(), 404, "{path}: {}", reply.text());
        assert!(reply.text().starts_with("404 Not Found: "), "{}", reply.text());
        assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
        assert_eq!(reply.header("etag"), None);
    }
    for path in ["/../f", "/%2e%2e/f", "/%", "/%zz", "/a%00b"] {
        assert_eq!(raw.ask(&get(path)).status(), 400, "{path}");
    }
    for path in ["/f", "/%66", "/f?query", "//f", "/./f"] {
        is_whole(&raw.ask(&get(path)), 200, bytes());
    }
}

#[test]
fn entity_tags() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    let etag = raw.ask(&get("/f")).header("etag").expect("an entity tag").to_owned();
    let mut check = |header: &str, value: &str, status: u16| {
        let reply = raw.ask(&get("/f").header(header, value));
        assert_eq!(reply.status(), status, "{header}: {value}");
        assert!(reply.complete);
        if status == 304 {
            assert_eq!(reply.header("etag"), Some(etag.as_str()));
            assert_eq!(reply.header("content-length"), None);
        }
    };
    check("If-None-Match", &etag, 304);
    check("If-None-Match", &format!("W/{etag}"), 304);
    check("If-None-Match", &format!("\"x\", {etag}"), 304);
    check("If-None-Match", "*", 304);
    check("If-None-Match", "\"x\"", 200);
    check("If-Match", &etag, 200);
    check("If-Match", "\"x\"", 412);
    is_whole(&raw.ask(&get("/f")), 200, bytes());
}

#[test]
fn dates_of_files() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("a.txt"), "text").unwrap();
    let server = start(FlakyServer::builder().serve_dir(dir.path()));
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/a.txt"));
    is_whole(&reply, 200, b"text");
    let modified = reply.header("last-modified").expect("a date").to_owned();
    assert_eq!(raw.ask(&get("/a.txt").header("If-Modified-Since", &modified)).status(), 304);
    let before = "Sun, 06 Nov 1994 08:49:37 GMT";
    assert_eq!(raw.ask(&get("/a.txt").header("If-Modified-Since", before)).status(), 200);
    assert_eq!(raw.ask(&get("/a.txt").header("If-Unmodified-Since", before)).status(), 412);
}

#[test]
fn names_and_media_types() {
    let dir = tempfile::tempdir().unwrap();
    let check = |file: &str, path: &str, media_type: &str| {
        let file = dir.path().join(file);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, path).unwrap();
        let server = start(FlakyServer::builder().serve_dir(dir.path()));
        let mut raw = Raw::connect(server.addr());
        let reply = raw.ask(&get(path));
        is_whole(&reply, 200, path.as_bytes());
        assert_eq!(reply.header("content-type"), Some(media_type), "{path}");
        assert_eq!(server.journal().attempts(path), 1, "{path}\n{}", server.journal().table());
        assert_eq!(raw.quiet(), Ending::Silence);
    };
    check("app.tar.gz", "/app.tar.gz", "application/gzip");
    check("sub/app.zip", "/sub/app.zip", "application/zip");
    check("index.html", "/", "text/html; charset=utf-8");
    check("json-3.json", "/json-3.json", "application/json");
    check("app-1.0+build.tar.gz", "/app-1.0%2Bbuild.tar.gz", "application/gzip");
    check("app-2.0+build.tar.gz", "/app-2.0+build.tar.gz", "application/gzip");
    check("with space", "/with%20space", "application/octet-stream");
    check("ümlaut", "/%C3%BCmlaut", "application/octet-stream");
}

#[test]
fn hidden_files() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".secret"), "secret").unwrap();
    let status = |hidden: bool| {
        let server = start(FlakyServer::builder().serve_dir(dir.path()).hidden(hidden));
        Raw::connect(server.addr()).ask(&get("/.secret")).status()
    };
    assert_eq!((status(false), status(true)), (404, 200));
}
