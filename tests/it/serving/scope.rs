//! What a fault, and a request, is about.

use flaky_server::{End, FlakyServer};

use crate::support::{Ending, Raw, builder, get, ok, serve, settled, start};

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
fn no_body_is_waited_for_without_a_host() {
    let server = ok(CONTENT);
    let mut raw = Raw::connect(server.addr());
    raw.send(b"POST /f HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
    let reply = raw.reply("POST");
    assert_eq!((reply.status(), reply.complete, reply.header("connection")), (400, true, Some("close")));
    assert_eq!(settled(server.journal(), 1)[0].status, Some(400));
}

#[test]
fn two_framings_of_a_request_close_the_connection() {
    let server = ok(CONTENT);
    for fields in
        ["Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"]
    {
        let mut raw = Raw::connect(server.addr());
        // As chunks alone have it (RFC 9112 §6.1): what is behind the last one is not answered.
        raw.send(
            format!("GET /f HTTP/1.1\r\nHost: a\r\n{fields}\r\n0\r\n\r\nGET /f HTTP/1.1\r\nHost: a\r\n\r\n").as_bytes(),
        );
        let reply = raw.reply("GET");
        assert_eq!((reply.status(), reply.header("connection")), (200, Some("close")), "{fields}");
        assert_eq!(raw.ending(), Ending::Eof, "{fields}");
    }
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
