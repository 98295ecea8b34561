//! What a fault, and a request, is about.

use flaky_server::{End, FlakyServer};

use crate::support::{Raw, builder, get, ok, serve, settled, start};

const CONTENT: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";

#[test]
fn an_offset_in_the_fixture_is_not_one_in_the_text_of_an_error() {
    let server = serve("status=503 reset-at=3, corrupt-at=3 x*", CONTENT);
    assert!(Raw::connect(server.addr()).ask(&get("/f")).complete);
    let unsatisfiable = Raw::connect(server.addr()).ask(&get("/f").header("Range", "bytes=1000-"));
    assert_eq!((unsatisfiable.status(), unsatisfiable.complete), (416, true));
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes());
    assert_eq!(raw.compare(CONTENT, None).wrong_at, Some(3), "the fault is not used up");
    let exchanges = settled(server.journal(), 3);
    assert_eq!(exchanges.iter().map(|exchange| exchange.applied).collect::<Vec<_>>(), [false, false, true]);
}

#[test]
fn a_request_names_its_host_once() {
    let server = ok(CONTENT);
    let ask = |version: &str, hosts: &str| {
        let mut raw = Raw::connect(server.addr());
        raw.send(format!("GET /f HTTP/{version}\r\n{hosts}\r\n").as_bytes());
        raw.reply("GET").status()
    };
    for hosts in ["Host: a\r\nHost: b\r\n", "Host: a b\r\n", "Host: http://a/\r\n", "Host: u@a\r\n", "Host: a,b/\r\n"] {
        assert_eq!((ask("1.1", hosts), ask("1.0", hosts)), (400, 400), "{hosts:?}");
    }
    for hosts in ["Host: a\r\n", "Host:\r\n", "Host: a:80\r\n", "Host: a:\r\n", "Host: [::1]:80\r\n", "Host: a_b.c\r\n"]
    {
        assert_eq!((ask("1.1", hosts), ask("1.0", hosts)), (200, 200), "{hosts:?}");
    }
    // In HTTP/1.0 there was none.
    assert_eq!((ask("1.1", ""), ask("1.0", "")), (400, 200));
}

#[test]
fn a_body_that_is_none_is_refused() {
    let server = ok(CONTENT);
    let mut raw = Raw::connect(server.addr());
    raw.send(b"GET /f HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    assert_eq!(raw.reply("GET").status(), 400);
}

#[test]
fn another_protocol_is_an_attempt() {
    let server = ok(CONTENT);
    let mut raw = Raw::connect(server.addr());
    raw.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    let exchanges = settled(server.journal(), 1);
    assert_eq!((exchanges[0].method(), exchanges[0].end), ("-", Some(End::Fin)), "{exchanges:?}");
}

#[test]
fn a_status_that_was_not_sent_was_not_applied() {
    let server = start(builder("delay=1h status=503").serve_bytes("/f", CONTENT));
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes());
    while server.journal().attempts("/f") == 0 {
        std::thread::yield_now();
    }
    raw.reset();
    let exchanges = settled(server.journal(), 1);
    assert_eq!((exchanges[0].status, exchanges[0].applied), (None, false), "{exchanges:?}");
    assert_eq!(exchanges[0].plan, "delay=1h status=503");
}

#[cfg(unix)]
#[test]
fn a_link_to_what_is_hidden_is_hidden() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(".secret"), "x").unwrap();
    std::os::unix::fs::symlink(".secret", dir.path().join("link")).unwrap();
    for (hidden, status) in [(false, 404), (true, 200)] {
        let server = start(FlakyServer::builder().serve_dir(dir.path()).hidden(hidden));
        assert_eq!(Raw::connect(server.addr()).ask(&get("/link")).status(), status);
    }
}
