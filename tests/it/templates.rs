//! Files in which the server names itself.

use std::fs;
use std::io::Read as _;

use flaky_server::{FlakyServer, StartError};

use crate::support::{Ending, Raw, Request, builder, get, settled, start};

#[track_caller]
fn text(server: &FlakyServer, path: &str) -> String {
    let mut text = String::new();
    server.fixture(path).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// A directory of files, each with a link in it.
fn links(names: &[&str]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for name in names {
        let path = root.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "<{base}/x>").unwrap();
    }
    root
}

#[test]
fn text_that_names_the_server() {
    let server = start(FlakyServer::builder().serve_template("/simple/", "<a href=\"{base}/x.whl\">{base}</a>"));
    let expected = format!("<a href=\"{0}/x.whl\">{0}</a>", server.base());
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/simple/"));
    assert_eq!((reply.status(), reply.text(), reply.complete), (200, expected.clone(), true));
    assert_eq!(reply.header("content-length"), Some(expected.len().to_string().as_str()));
    assert_eq!(reply.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(text(&server, "/simple/"), expected);
    assert_eq!(server.single_url(), Some(server.url("/simple/")));
    // Parts are those of the result.
    let part = raw.ask(&get("/simple/").range("bytes=9-").header("if-range", reply.header("etag").unwrap()));
    assert_eq!((part.status(), part.text()), (206, expected[9..].to_owned()));
    // Another base is another page.
    let other = start(FlakyServer::builder().serve_template("/simple/", "<a href=\"{base}/x.whl\">{base}</a>"));
    let tag = Raw::connect(other.addr()).ask(&get("/simple/")).header("etag").unwrap().to_owned();
    assert_ne!(reply.header("etag"), Some(tag.as_str()));
}

#[test]
fn files_that_match() {
    let root = links(&[
        "simple/index.html",
        "simple/a b.html",
        "simple/raw.txt",
        "other/index.html",
        ".hidden.html",
        "x.html",
    ]);
    let server = start(FlakyServer::builder().serve_dir(root.path()).template("/simple/*.html").template("x*"));
    let filled = format!("<{}/x>", server.base());
    let mut raw = Raw::connect(server.addr());
    // The second time the server has them in memory.
    for (path, expected) in [
        ("/simple/", filled.as_str()),
        ("/simple/index.html", &filled),
        ("/simple/a%20b.html", &filled),
        ("/simple/raw.txt", "<{base}/x>"),
        ("/other/", "<{base}/x>"),
        ("/x.html", &filled),
    ]
    .repeat(2)
    {
        let reply = raw.ask(&get(path));
        assert_eq!((reply.status(), reply.text().as_str()), (200, expected), "{path}");
        assert_eq!(reply.header("last-modified").is_none(), expected == filled, "{path}");
        assert_eq!(text(&server, path), expected, "{path}");
        let head = raw.ask(&Request::new("HEAD", path));
        assert_eq!(head.header("content-length"), Some(expected.len().to_string().as_str()), "{path}");
        assert_eq!(head.header("etag"), reply.header("etag"), "{path}");
    }
    assert_eq!(raw.ask(&get("/.hidden.html")).status(), 404);
    // A new version is seen.
    fs::write(root.path().join("simple/index.html"), "{base}").unwrap();
    assert_eq!(raw.ask(&get("/simple/")).text(), server.base());
}

#[test]
fn a_single_file_and_what_is_no_file() {
    let root = links(&["index.json"]);
    let file = root.path().join("index.json");
    let server = start(FlakyServer::builder().serve_file(file).serve_bytes("/b.json", "{base}").template("**/*.json"));
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/index.json")).text(), format!("<{}/x>", server.base()));
    // Bytes are served as they were given.
    assert_eq!(raw.ask(&get("/b.json")).text(), "{base}");
}

#[test]
fn offsets_are_those_of_the_result() {
    let root = links(&["a.html"]);
    let server = start(builder("reset-after=50%").serve_dir(root.path()).template("*.html"));
    let expected = format!("<{}/x>", server.base());
    let reply = Raw::connect(server.addr()).ask(&get("/a.html"));
    let half = expected.len() / 2;
    assert_eq!((reply.text().as_str(), reply.ending), (&expected[..half], Some(Ending::Reset)));
    assert_eq!(settled(server.journal(), 1)[0].body_sent, half as u64);
}

#[test]
fn a_template_that_is_too_large() {
    let root = links(&["a.html"]);
    let file = fs::File::options().write(true).open(root.path().join("a.html")).unwrap();
    let server = start(FlakyServer::builder().serve_dir(root.path()).template("*.html"));
    let mut raw = Raw::connect(server.addr());
    file.set_len(16 << 20).unwrap();
    assert_eq!(raw.ask(&get("/a.html")).len, (16 << 20) + server.base().len() as u64 - 6);
    file.set_len((16 << 20) + 1).unwrap();
    let reply = raw.ask(&get("/a.html"));
    assert_eq!(reply.status(), 500);
    assert!(reply.text().contains("a template may have 16777216 bytes, and this one has 16777217"), "{}", reply.text());
    let error = server.fixture("/a.html").unwrap_err();
    assert!(error.to_string().contains("16777217"), "{error}");
}

#[test]
fn a_wrong_pattern() {
    let error = FlakyServer::builder().serve_bytes("/a", "b").template("*.html").template("[").start().unwrap_err();
    assert!(matches!(error, StartError::Template(_)), "{error:?}");
    assert!(error.to_string().contains("a `[` is never closed"), "{error}");
}
