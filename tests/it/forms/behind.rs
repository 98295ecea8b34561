use std::time::Duration;

use flaky_server::{By, End};

use super::{holds, holds_at_first};
use crate::support::{Ending, PATIENCE, Raw, Speed, builder, content, get, serve, settled, start};

#[test]
fn bytes_behind_the_end() {
    for n in [1, 999, 100_000] {
        holds(&format!("extra-bytes={n}"), &format!("GET head body \"x\"*{n} open"));
    }
    holds_at_first("extra-bytes=5", "HEAD head \"x\"*5 open");
    holds("extra-bytes=5 reset-after=end", "GET head body RST");
    holds("extra-bytes=5 silent-close", "GET head body \"x\"*5 FIN");
}

#[test]
fn a_whole_reply_is_complete_however_the_connection_ends() {
    for entry in ["silent-close", "http10", "max-requests=1", "idle-close=1ms", "idle-reset=1ms"] {
        let server = serve(entry, b"12345");
        let mut raw = Raw::connect(server.addr());
        assert_eq!(raw.ask(&get("/f").header("Connection", "keep-alive")).text(), "12345");
        let ending = if entry.contains("reset") { Ending::Reset } else { Ending::Eof };
        assert_eq!(raw.ending(), ending, "{entry}");
        let exchange = &settled(server.journal(), 1)[0];
        assert!(exchange.is_complete() && exchange.applied, "{entry}: {exchange:?}");
        drop(raw);
        let connections = server.shutdown().connections();
        assert_eq!(connections[0].by, Some(By::Server), "{entry}");
    }
}

#[test]
fn they_are_no_part_of_the_body() {
    let server = serve("extra-bytes=5", b"12345");
    let mut raw = Raw::connect(server.addr());
    assert_eq!(raw.ask(&get("/f")).text(), "12345");
    let exchange = &settled(server.journal(), 1)[0];
    assert_eq!((exchange.body_sent, exchange.body_acked), (5, Some(5)));
    assert!(exchange.is_complete() && exchange.applied);
}

#[test]
fn a_connection_that_is_used_in_time_is_kept() {
    let server = serve("idle-close=1h x3, idle-close=10ms x*", b"12345");
    let mut raw = Raw::connect(server.addr());
    for _ in 0..4 {
        assert!(raw.ask(&get("/f")).complete);
    }
    assert_eq!(raw.ending(), Ending::Eof);
    let exchanges = settled(server.journal(), 4);
    assert!(exchanges.iter().all(flaky_server::Exchange::is_complete), "{exchanges:?}");
    // Only the last one was idle for so long.
    let applied: Vec<bool> = exchanges.iter().map(|exchange| exchange.applied).collect();
    assert_eq!(applied, [false, false, false, true]);
    drop(raw);
    let connections = server.shutdown().connections();
    assert_eq!((connections[0].end, connections[0].by), (Some(End::Fin), Some(By::Server)));
}

#[test]
fn a_slow_reader_gets_all_of_a_reply_that_something_comes_behind() {
    let bytes = content(8 * 1024 * 1024);
    for entry in ["idle-close=1ms", "stale-close"] {
        // Shorter than its pauses.
        let server = start(builder(entry).serve_bytes("/f", bytes).drain_deadline(Duration::from_millis(1)));
        let mut raw = Raw::connect_with(server.addr(), Speed::Slow);
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes, None);
        assert!(reply.complete && reply.wrong_at.is_none(), "{entry}");
        if entry == "stale-close" {
            raw.send(&get("/f").to_bytes());
        }
        assert_eq!(raw.ending(), Ending::Eof, "{entry}");
        let exchange = &server.journal().wait_for(1, PATIENCE).unwrap()[0];
        assert!(exchange.is_complete() && !exchange.deadline_hit, "{entry}: {exchange:?}");
        assert_eq!(exchange.body_acked, Some(bytes.len() as u64), "{entry}");
    }
}

#[test]
fn an_old_client_that_asks_to_be_kept_is_told_one_thing() {
    let server = serve("max-requests=2 x*", b"12345");
    let mut raw = Raw::connect(server.addr());
    let request = get("/f").http10().header("Connection", "keep-alive");
    for connection in ["keep-alive", "close"] {
        assert_eq!(raw.ask(&request).header("connection"), Some(connection));
    }
    assert_eq!(raw.ending(), Ending::Eof);
}

#[test]
fn requests_that_come_at_once_are_answered_in_order() {
    let server = serve("filler-fields=9, chunk-size=2, idle-close=1h, false-close, ok", b"12345");
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes().repeat(5));
    for _ in 0..5 {
        let reply = raw.reply("GET");
        assert_eq!((reply.status(), reply.text().as_str()), (200, "12345"));
    }
    assert!(settled(server.journal(), 5).iter().all(flaky_server::Exchange::is_complete));
}

#[test]
fn what_is_lost_on_a_stale_connection_is_an_attempt() {
    for (entry, end, ending) in [("stale-reset", End::Rst, Ending::Reset), ("stale-close", End::Fin, Ending::Eof)] {
        let server = serve(&format!("{entry}, status=503"), b"12345");
        let mut raw = Raw::connect(server.addr());
        assert_eq!(raw.ask(&get("/f")).status(), 200);
        raw.send(&get("/f").to_bytes());
        assert_eq!(raw.ending(), ending, "{entry}");
        // What an HTTP stack repeats by itself is the one that the next entry is about.
        assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).status(), 503);
        let exchanges = settled(server.journal(), 3);
        let facts: Vec<_> = exchanges
            .iter()
            .map(|exchange| (exchange.attempt, exchange.nth, exchange.resend, exchange.plan.as_str(), exchange.end))
            .collect();
        assert_eq!(
            facts,
            [
                (1, 1, false, entry, Some(End::Complete)),
                (2, 2, false, entry, Some(end)),
                (3, 1, true, "status=503", Some(End::Complete)),
            ]
        );
        assert!(exchanges.iter().all(|exchange| exchange.applied && exchange.target.is_some()), "{exchanges:?}");
        assert_eq!((server.journal().attempts("/f"), server.journal().resends("/f")), (3, 1));
    }
}

#[test]
fn a_byte_of_a_request_is_enough() {
    let server = serve("stale-reset", b"12345");
    let mut raw = Raw::connect(server.addr());
    raw.ask(&get("/f"));
    raw.send(b"G");
    assert_eq!(raw.ending(), Ending::Reset);
    let exchanges = settled(server.journal(), 2);
    assert_eq!((exchanges[1].target.as_ref(), exchanges[1].plan.as_str()), (None, "stale-reset"));
    assert_eq!((exchanges[1].end, exchanges[1].by, exchanges[1].applied), (Some(End::Rst), Some(By::Server), true));
    assert_eq!(server.journal().attempts("/f"), 1);
}

#[test]
fn a_client_that_does_not_come_back_is_let_go() {
    for entry in ["stale-reset", "stale-close", "idle-close=1h"] {
        let server = serve(entry, b"12345");
        let mut raw = Raw::connect(server.addr());
        raw.ask(&get("/f"));
        raw.half_close();
        assert_eq!(raw.ending(), Ending::Eof, "{entry}");
        drop(raw);
        assert!(!settled(server.journal(), 1)[0].applied, "{entry}");
        let connections = server.shutdown().connections();
        assert_eq!((connections[0].end, connections[0].by), (Some(End::ClientFin), Some(By::Client)), "{entry}");
    }
}

#[test]
fn a_server_that_stops_does_not_wait_for_the_next_request() {
    for entry in ["stale-reset", "idle-close=1h"] {
        let server = serve(entry, b"12345");
        let mut raw = Raw::connect(server.addr());
        raw.ask(&get("/f"));
        let started = std::time::Instant::now();
        server.shutdown();
        assert!(started.elapsed() < Duration::from_secs(20), "{entry}");
        assert_eq!(raw.ending(), Ending::Eof, "{entry}");
    }
}

#[test]
fn a_client_that_closes_anyway_leaves_nothing_to_do() {
    for entry in ["stale-reset", "stale-close", "idle-close=1ms", "silent-close", "false-close"] {
        let server = serve(entry, b"12345");
        let mut raw = Raw::connect(server.addr());
        assert!(raw.ask(&get("/f").header("Connection", "close")).complete);
        assert_eq!(raw.ending(), Ending::Eof);
        let exchange = &settled(server.journal(), 1)[0];
        // In the place of a silent close there is one that was told of.
        assert!(!exchange.applied && exchange.body_acked == Some(5), "{entry}: {exchange:?}");
    }
}
