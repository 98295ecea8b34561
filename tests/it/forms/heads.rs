use std::time::{Duration, Instant};

use flaky_server::{End, FlakyServer};

use super::{holds, holds_at_first};
use crate::support::{PATIENCE, Raw, Speed, builder, content, count_panics, get, no_panics, serve, settled, start};

/// How many bytes the head of the checks has, date and all.
fn head_len() -> u64 {
    let server = serve("ok", &[b'x'; 1_000]);
    let mut raw = Raw::connect(server.addr());
    raw.ask(&get("/f"));
    server.shutdown().connections()[0].bytes_sent - 1_000
}

#[test]
fn it_breaks_behind_each_byte_of_the_status_line() {
    for n in 0..=17 {
        holds(&format!("reset-in-head={n}"), &format!("GET head[..{n}] RST"));
        holds(&format!("truncate-in-head={n}"), &format!("GET head[..{n}] FIN"));
    }
}

#[test]
fn it_breaks_around_the_end_of_the_head() {
    for place in ["50%", "33%", "end-5", "end-4", "end-3", "end-2", "end-1", "end", "100%"] {
        holds(&format!("reset-in-head={place}"), &format!("GET head[..{place}] RST"));
        holds(&format!("truncate-in-head={place}"), &format!("GET head[..{place}] FIN"));
    }
    for place in ["0", "1", "end-1", "end"] {
        holds(&format!("stall-in-head={place}"), &format!("GET head[..{place}] silence"));
        let (before, behind) = match place {
            "0" => (String::new(), "head".to_owned()),
            "end" => ("head".to_owned(), String::new()),
            place => (format!("head[..{place}]"), format!("head[{place}..]")),
        };
        holds(&format!("stall-in-head={place} stall-for=5ms"), &format!("GET {before} ~5ms {behind} body open"));
    }
}

#[test]
fn in_a_head_that_is_shorter_it_does_not_happen() {
    for entry in ["reset-in-head=1MB", "truncate-in-head=1MB", "stall-in-head=1MB", "head-size=20"] {
        holds(entry, "GET head body open");
        let server = serve(entry, b"12345");
        Raw::connect(server.addr()).ask(&get("/f"));
        let exchange = &settled(server.journal(), 1)[0];
        assert!(!exchange.applied && exchange.is_complete(), "{exchange:?}");
    }
}

#[test]
fn a_head_of_any_size() {
    let len = head_len();
    for (size, applied) in [(len, true), (len + 1, false), (len + 16, true), (len + 17, true), (2_000_000, true)] {
        let server = serve(&format!("head-size={size}"), &[b'x'; 1_000]);
        // It is much more than the buffers take.
        let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
        let reply = raw.ask(&get("/f"));
        assert!(reply.complete);
        // The connection lives on.
        assert!(raw.ask(&get("/f")).complete);
        drop(raw);
        let exchanges = settled(server.journal(), 2);
        let sent = server.shutdown().connections()[0].bytes_sent;
        assert_eq!(exchanges[0].applied, applied, "{size}");
        let first = if applied { size } else { len };
        assert_eq!(sent, first + 1_000 + len + 1_000, "{size}");
    }
}

#[test]
fn lengths_that_are_none() {
    for (entry, lines) in [
        ("content-length=0", "content-length: 0"),
        ("content-length=999", "content-length: 999"),
        ("content-length=1001", "content-length: 1001"),
        ("content-length=end-1kB", "content-length: 0"),
        ("content-length=end+1kB", "content-length: 2000"),
        ("content-length=+5", "content-length: +5"),
        ("second-content-length=end content-length=-1", "content-length: -1; content-length: 1000"),
    ] {
        holds(entry, &format!("GET head{{{lines}}} body open"));
    }
}

#[test]
fn heads_are_wrong_without_a_body_too() {
    holds_at_first("content-length=50%", "HEAD head{content-length: 500} open");
    holds_at_first("reset-in-head=9", "HEAD head[..9] RST");
    holds_at_first("status-line=garbage", "HEAD \"garbage\\r\\n\" headers open");
    holds_at_first(
        "interim=103",
        "HEAD \"HTTP/1.1 103 Early Hints\\r\\nflaky-interim: yes\\r\\nlink: </style.css>; rel=preload; as=style\\r\\n\\r\\n\" head open",
    );
    holds_at_first("http09", "HEAD FIN");
}

#[test]
fn they_are_wrong_beside_a_part_and_a_status() {
    holds("content-length=50%", "GET{range: bytes=0-499} head{content-length: 250} body[..500] open");
    holds("status=503 header-line=a:%20b", "GET reply(503){a: b} open");
    holds("status=503 reset-in-head=12", "GET \"HTTP/1.1 503\" RST");
}

#[test]
fn several_things_are_wrong_at_once() {
    holds(
        "interim=100x2 content-length=50% filler-fields=1 obs-fold extra-bytes=3 false-close",
        "GET \"HTTP/1.1 100 Continue\\r\\nflaky-interim: yes\\r\\n\\r\\n\"*2 \
         head{content-length: 500; flaky-filler-1: x; \"flaky-fold: one\\r\\n two\"; connection: close} body \"x\"*3 open",
    );
    holds("head-drip=100/1ms delay=5ms reset-after=50%", "GET ~5ms head body[..500] RST");
    holds("status-line=HTTP/9 truncate-in-head=7", "GET \"HTTP/9\\r\" FIN");
}

#[test]
fn a_body_that_is_broken_behind_such_a_head() {
    for n in [0, 1, 499, 999, 1000] {
        holds(
            &format!("obs-fold reset-after={n}"),
            &format!("GET head{{\"flaky-fold: one\\r\\n two\"}} body[..{n}] RST"),
        );
        holds(&format!("http10 truncate-after={n}"), &format!("GET \"HTTP/1.0 200 OK\\r\\n\" headers body[..{n}] FIN"));
        holds(&format!("http09 stall-after={n}"), &format!("GET body[..{n}] silence"));
    }
}

#[test]
fn the_journal_has_no_status_where_none_is_told() {
    for (entry, status) in [
        ("status-line=garbage", None),
        ("http09", None),
        ("http10", Some(200)),
        ("obs-fold", Some(200)),
        ("interim=103x3", Some(200)),
        ("status=404 bare-lf", Some(404)),
        ("reset-in-head=end-1", None),
    ] {
        let server = serve(entry, b"12345");
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        while raw.try_some().is_ok() {
            if settled(server.journal(), 1).len() == 1 {
                break;
            }
        }
        let exchange = &settled(server.journal(), 1)[0];
        assert_eq!((exchange.status, exchange.applied), (status, true), "{entry}: {exchange:?}");
    }
}

#[test]
fn a_reply_that_is_not_broken_has_no_deadline() {
    count_panics();
    for entry in ["reset-in-head=1MB", "truncate-in-head=1MB"] {
        let bytes = content(8 * 1024 * 1024);
        // Shorter than the pauses of a slow reader, in which the kernel takes nothing more.
        let deadline = Duration::from_millis(1);
        let server = start(builder(entry).serve_bytes("/f", bytes).drain_deadline(deadline));
        let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes, None);
        assert!(reply.complete && reply.wrong_at.is_none(), "{entry}");
        let exchange = &settled(server.journal(), 1)[0];
        assert!(exchange.is_complete() && !exchange.applied && !exchange.deadline_hit, "{exchange:?}");
    }
    no_panics();
}

#[test]
fn what_did_not_come_to_pass_did_not_apply() {
    for entry in [
        "obs-fold",
        "head-size=1kB",
        "interim=103",
        "content-length=50%",
        "chunk-size=2",
        "framing=chunked",
        "extra-bytes=5",
        "second-response",
        "stale-reset",
        "idle-close=1ms",
        "drip=1/1ms",
        "throttle=1MB/s",
        "max-requests=1",
        "content-type=a/b",
        "revision=2",
        "status=503",
    ] {
        let server = serve(&format!("{entry} delay=1h"), b"12345");
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        wait_for_attempt(&server);
        raw.reset();
        let exchange = &settled(server.journal(), 1)[0];
        assert_eq!((exchange.end, exchange.status, exchange.applied), (Some(End::ClientRst), None, false), "{entry}");
    }
}

#[test]
fn a_stall_that_was_not_reached_did_not_apply() {
    for entry in ["throttle=1kB/s stall-after=900kB stall-for=1ms", "throttle=1kB/s stall-in-trailer=3 stall-for=1ms"] {
        let server = start(builder(entry).serve_bytes("/f", content(1_000_000)));
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        raw.head();
        raw.reset();
        let exchange = &settled(server.journal(), 1)[0];
        assert_eq!((exchange.end, exchange.applied), (Some(End::ClientRst), false), "{entry}");
    }
}

#[test]
fn what_the_client_has_seen_did_apply() {
    let bytes = content(8 * 1024 * 1024);
    for entry in ["head-size=1MB", "interim=103", "content-length=50%", "drip=1MB/1ms", "chunk-size=1MB"] {
        let server = start(builder(entry).serve_bytes("/f", bytes));
        let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
        raw.send(&get("/f").to_bytes());
        while raw.head().status < 200 {}
        raw.reset();
        let exchange = &settled(server.journal(), 1)[0];
        assert_eq!((exchange.end, exchange.applied), (Some(End::ClientRst), true), "{entry}");
    }
}

fn wait_for_attempt(server: &FlakyServer) {
    let started = Instant::now();
    while server.journal().attempts("/f") == 0 {
        assert!(started.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
}
