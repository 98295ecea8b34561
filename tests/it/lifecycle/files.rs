//! Files that change or vanish while they are served.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use flaky_server::{By, End, Exchange, FlakyServer};

use super::{LEN, bytes};
use crate::support::{Ending, Framing, Raw, Reply, Speed, builder, get, settled, start};

/// A directory with one file in it, `f`, whose modification lies long ago.
fn with_file() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("f");
    write(&file, bytes());
    (dir, file)
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    File::options().write(true).open(path).unwrap().set_modified(UNIX_EPOCH + Duration::from_secs(1)).unwrap();
}

/// Changes the file behind the head of a reply to a client that pauses there; then it reads on.
#[track_caller]
fn check(framing: &str, change: impl FnOnce(&Path)) -> (Reply, Exchange, FlakyServer, Raw) {
    let (dir, file) = with_file();
    let server = start(builder(&format!("framing={framing} x*")).serve_dir(dir.path()));
    let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
    raw.send(&get("/f").to_bytes());
    let head = raw.head();
    change(&file);
    let reply = raw.compare_body(head, bytes());
    let exchange = settled(server.journal(), 1).remove(0);
    // The server goes on, with whatever is there now.
    let mut next = Raw::connect(server.addr());
    next.send(&get("/f").to_bytes());
    assert!([200, 404].contains(&next.head().status));
    (reply, exchange, server, raw)
}

#[track_caller]
fn check_cut(framing: &str, change: impl FnOnce(&Path), note: &str) {
    let (reply, exchange, _server, _raw) = check(framing, change);
    assert_eq!(reply.ending, Some(Ending::Reset), "{framing}: no orderly end, which could be taken for the body's");
    assert!(!reply.complete && reply.wrong_at.is_none() && reply.len < LEN as u64, "{framing}: {reply:?}");
    assert_eq!((exchange.end, exchange.by), (Some(End::Rst), Some(By::Server)), "{exchange:?}");
    assert!(exchange.note.as_deref().is_some_and(|text| text.contains(note)), "{exchange:?}");
    assert_eq!(exchange.body_acked.unwrap_or(reply.len), reply.len, "{exchange:?}");
}

const FRAMINGS: [&str; 3] = ["length", "chunked", "close"];

#[test]
fn a_file_that_shrinks() {
    for framing in FRAMINGS {
        let shrink = |file: &Path| File::options().write(true).open(file).unwrap().set_len(LEN as u64 / 2).unwrap();
        check_cut(framing, shrink, "shrank");
    }
}

#[test]
fn a_file_that_is_rewritten() {
    for framing in FRAMINGS {
        // In place: a truncation on the way would be a file that shrinks.
        let rewrite = |file: &Path| {
            let mut file = File::options().write(true).open(file).unwrap();
            std::io::Write::write_all(&mut file, &[b'x'; 4096]).unwrap();
        };
        check_cut(framing, rewrite, "modified");
    }
}

#[track_caller]
fn check_kept(change: impl Fn(&Path)) {
    for framing in FRAMINGS {
        let (reply, exchange, _server, _raw) = check(framing, &change);
        assert!(reply.complete && reply.wrong_at.is_none() && reply.len == LEN as u64, "{framing}: {reply:?}");
        assert_eq!(reply.framing == Framing::Chunked, framing == "chunked");
        assert!(exchange.is_complete() && exchange.note.is_none(), "{exchange:?}");
    }
}

#[test]
fn a_file_that_is_replaced() {
    check_kept(|file| {
        let other = file.with_file_name("other");
        fs::write(&other, "other content").unwrap();
        fs::rename(&other, file).unwrap();
    });
}

#[cfg(unix)]
#[test]
fn a_file_that_is_removed() {
    check_kept(|file| fs::remove_file(file).unwrap());
}

#[test]
fn what_is_new_is_served_next() {
    let (dir, file) = with_file();
    let server = start(FlakyServer::builder().serve_dir(dir.path()));
    let mut raw = Raw::connect(server.addr());
    let before = raw.ask(&get("/f").range("bytes=0-9"));
    fs::write(&file, "new content").unwrap();
    let after = raw.ask(&get("/f"));
    assert_eq!(after.text(), "new content");
    assert_ne!(before.header("etag"), after.header("etag"));
    fs::remove_file(&file).unwrap();
    assert_eq!(raw.ask(&get("/f")).status(), 404);
}

#[cfg(unix)]
#[test]
fn a_root_that_disappears() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().join("root");
    fs::create_dir(&root).unwrap();
    fs::write(root.join("f"), "content").unwrap();
    let server = start(FlakyServer::builder().serve_dir(&root).serve_bytes("/g", b"other".as_slice()));
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/f")).text(), "content");
    fs::remove_dir_all(&root).unwrap();
    for _ in 0..3 {
        let reply = raw.ask(&get("/f"));
        assert_eq!(reply.status(), 404);
        assert_eq!(reply.text(), "404 Not Found: the served directory was removed\n");
        assert_eq!(raw.ask(&get("/g")).text(), "other");
    }
    assert!(settled(server.journal(), 7).iter().all(Exchange::is_complete));
}

#[test]
fn a_fixture_can_be_read_past_all_faults() {
    let (dir, _file) = with_file();
    let server = start(builder("drop x*").serve_dir(dir.path()).serve_bytes("/memory", b"content".as_slice()));
    let mut reader = server.fixture("/%66?query").unwrap();
    assert_eq!(reader.len(), LEN as u64);
    let mut read = Vec::new();
    reader.read_to_end(&mut read).unwrap();
    assert!(read == bytes());
    read.clear();
    server.fixture("/memory").unwrap().read_to_end(&mut read).unwrap();
    assert_eq!(read, b"content");
    for path in ["/none", "/../f", "none"] {
        assert_eq!(server.fixture(path).unwrap_err().kind(), std::io::ErrorKind::NotFound, "{path}");
    }
    assert_eq!(server.journal().total_attempts(), 0);
}

/// Waiting inside of a runtime must not need one of its threads.
#[tokio::test(flavor = "current_thread")]
async fn a_fixture_can_be_read_on_a_runtimes_thread() {
    let (dir, _file) = with_file();
    let server = start(builder("drop x*").serve_dir(dir.path()));
    let mut read = Vec::new();
    server.fixture("/f").unwrap().read_to_end(&mut read).unwrap();
    assert!(read == bytes());
}

/// On a file system in memory no read is known to be one that does not wait.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_file_that_has_to_be_waited_for_is_read_in_an_asynchronous_test() {
    let Ok(dir) = tempfile::tempdir_in("/dev/shm") else { return };
    std::fs::write(dir.path().join("f"), "content").unwrap();
    let server = start(FlakyServer::builder().serve_dir(dir.path()));
    let mut text = String::new();
    server.fixture("/f").unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "content");
}
