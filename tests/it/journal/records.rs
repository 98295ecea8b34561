//! What a record holds.

use flaky_server::{By, End};

use super::bytes;
use crate::support::{Ending, Raw, Request, builder, get, ok, serve, settled, start};

#[test]
fn times_and_gaps() {
    let server = serve("reset-after=10, ok x*", b"some content");
    for path in ["/f", "/f", "/other", "/f"] {
        let mut raw = Raw::connect(server.addr());
        raw.ask(&get(path));
    }
    let exchanges = settled(server.journal(), 4);
    let seqs: Vec<_> = exchanges.iter().map(|exchange| exchange.seq).collect();
    assert!(seqs.is_sorted(), "{seqs:?}");
    for exchange in &exchanges {
        assert!(exchange.ended_at.unwrap() >= exchange.at, "{exchange:?}");
    }
    assert_eq!((exchanges[0].gap, exchanges[2].gap), (None, None));
    for (before, after) in [(0, 1), (1, 3)] {
        let expected = exchanges[after].at - exchanges[before].ended_at.unwrap();
        assert_eq!(exchanges[after].gap, Some(expected), "{}", server.journal().table());
    }
}

#[test]
fn an_attempt_that_overlaps_has_no_gap() {
    let server = serve("stall-after=1, ok", b"content");
    let mut first = Raw::connect(server.addr());
    first.send(&get("/f").to_bytes());
    assert_eq!(first.compare(b"content", Some(1)).ending, Some(Ending::Silence));
    assert!(Raw::connect(server.addr()).ask(&get("/f")).complete);
    drop(first);
    let exchanges = settled(server.journal(), 2);
    assert_eq!(exchanges[1].gap, None, "{exchanges:?}");
    assert_eq!(exchanges[1].attempt, 2);
}

#[test]
fn an_open_exchange_is_there_from_its_first_moment() {
    let server = serve("stall-after=1", b"content");
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").range("bytes=2-4").to_bytes());
    assert_eq!(raw.compare(b"nte", Some(1)).ending, Some(Ending::Silence));
    let exchange = server.journal().exchanges().remove(0);
    assert_eq!((exchange.end, exchange.by, exchange.ended_at), (None, None, None));
    assert_eq!(exchange.range.as_deref(), Some("bytes=2-4"));
    assert_eq!(exchange.plan, "stall-after=1");
    let connection = server.journal().connections().remove(0);
    assert_eq!((connection.conn, connection.end, connection.by), (1, None, None));
}

#[test]
fn connections() {
    let server = serve("ok x2, reset-after=1000", bytes());
    let mut raw = Raw::connect(server.addr());
    let peer = raw.local_addr();
    for _ in 0..2 {
        raw.send(&get("/f").to_bytes());
        assert!(raw.compare(bytes(), None).complete);
    }
    raw.send(&get("/f").to_bytes());
    assert_eq!(raw.compare(bytes(), None).len, 1000);
    drop(Raw::connect(server.addr()));
    settled(server.journal(), 4);
    let journal = server.shutdown();
    let connections = journal.connections();
    assert_eq!(connections.len(), 2, "{connections:?}");
    let [first, second] = [&connections[0], &connections[1]];
    assert_eq!((first.conn, first.peer, first.requests), (1, peer, 3));
    assert_eq!((first.end, first.by), (Some(End::Rst), Some(By::Server)));
    let bodies = 2 * bytes().len() as u64 + 1000;
    assert!(first.bytes_sent > bodies && first.bytes_sent < bodies + 2_000, "{first:?}");
    assert_eq!(first.bytes_acked.unwrap_or(first.bytes_sent), first.bytes_sent, "{first:?}");
    assert!(first.ended_at.unwrap() >= first.at);
    assert_eq!((second.conn, second.requests, second.bytes_sent), (2, 0, 0));
    assert_eq!((second.end, second.by), (Some(End::ClientFin), Some(By::Client)));
    // Connections and exchanges are numbered in one series.
    let mut seqs: Vec<_> = connections.iter().map(|connection| connection.seq).collect();
    seqs.extend(journal.exchanges().iter().map(|exchange| exchange.seq));
    seqs.sort_unstable();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6]);
}

#[test]
fn what_could_not_happen_is_said() {
    let server = serve("reset-after=100 x*", b"content");
    let mut raw = Raw::connect(server.addr());
    assert!(raw.ask(&get("/f")).complete);
    assert!(raw.ask(&Request::new("HEAD", "/f")).complete);
    for exchange in settled(server.journal(), 2) {
        assert!(exchange.is_complete() && !exchange.applied, "{exchange:?}");
        assert_eq!(exchange.plan, "reset-after=100");
    }
}

#[cfg(feature = "json")]
#[test]
fn lines() {
    use serde_json::{Value, json};

    let server = serve("ok, reset-after=3", b"content");
    let port = server.addr().port();
    let mut raw = Raw::connect(server.addr());
    raw.ask(&get("/f"));
    raw.ask(&get("/f").range("bytes=1-"));
    drop(raw);
    drop(Raw::connect(server.addr()));
    settled(server.journal(), 3);
    let journal = server.shutdown();
    let parse = |line: String| {
        assert!(!line.contains('\n'), "{line}");
        serde_json::from_str::<Value>(&line).unwrap()
    };
    let exchanges: Vec<_> = journal.exchanges().iter().map(|exchange| parse(exchange.to_json())).collect();
    let check = |mut line: Value, times: &[&str], expected: Value| {
        for time in times {
            let time = line.as_object_mut().unwrap().remove(*time).unwrap();
            assert!(time.as_f64().is_some_and(|time| time >= 0.0), "{time}");
        }
        assert_eq!(line, expected);
    };
    let acked = |n: u64| if cfg!(target_os = "linux") { json!(n) } else { Value::Null };
    check(
        exchanges[0].clone(),
        &["t_ms"],
        json!({
            "v": 1, "kind": "exchange", "seq": 2, "conn": 1, "nth": 1, "port": port, "method": "GET", "target": "/f", "attempt": 1,
            "resend": false, "range": null, "credentials": [], "plan": "ok", "status": 200, "start": 0,
            "body_sent": 7, "body_acked": acked(7), "end": "complete", "by": "server", "applied": true, "deadline_hit": false, "gap_ms": null, "note": null,
        }),
    );
    check(
        exchanges[1].clone(),
        &["t_ms", "gap_ms"],
        json!({
            "v": 1, "kind": "exchange", "seq": 3, "conn": 1, "nth": 2, "port": port, "method": "GET", "target": "/f", "attempt": 2,
            "resend": false, "range": "bytes=1-", "credentials": [], "plan": "reset-after=3", "status": 206, "start": 1,
            "body_sent": 3, "body_acked": acked(3), "end": "rst", "by": "server", "applied": true, "deadline_hit": false, "note": null,
        }),
    );
    check(
        exchanges[2].clone(),
        &["t_ms"],
        json!({
            "v": 1, "kind": "exchange", "seq": 5, "conn": 2, "nth": 1, "port": port, "method": "-", "target": "-", "attempt": 1,
            "resend": false, "range": null, "credentials": [], "plan": "", "status": null, "start": null,
            "body_sent": 0, "body_acked": acked(0),
            "end": "client-fin", "by": "client", "applied": true, "deadline_hit": false, "gap_ms": null, "note": null,
        }),
    );
    let mut connection = parse(journal.connections()[1].to_json());
    let peer = connection.as_object_mut().unwrap().remove("peer").unwrap();
    assert!(peer.as_str().unwrap().starts_with("127.0.0.1:"), "{peer}");
    check(
        connection,
        &["t_ms"],
        json!({
            "v": 1, "kind": "connection", "seq": 4, "conn": 2, "port": port, "requests": 0, "bytes_sent": 0, "bytes_acked": acked(0),
            "end": "client-fin", "by": "client",
        }),
    );
}

/// The keys that a chapter of the documentation has a row for, in its order.
#[cfg(feature = "json")]
fn documented(chapter: &str) -> Vec<&'static str> {
    let page = include_str!("../../../src/docs/journal.md");
    let chapter = page.split("\n# ").find(|text| text.starts_with(chapter)).unwrap();
    let table = chapter.split("\n\n").find(|part| part.starts_with("| key |")).unwrap();
    table.lines().skip(2).map(|row| row.split('`').nth(1).unwrap()).collect()
}

#[cfg(feature = "json")]
#[test]
fn every_key_is_documented() {
    let server = ok(b"content");
    Raw::connect(server.addr()).ask(&get("/f"));
    settled(server.journal(), 1);
    let journal = server.shutdown();
    for (chapter, line) in
        [("An exchange", journal.exchanges()[0].to_json()), ("A connection", journal.connections()[0].to_json())]
    {
        // In the order in which they are written, which a parser does not keep.
        let mut keys: Vec<(usize, &str)> =
            serde_json::from_str::<std::collections::BTreeMap<&str, serde_json::Value>>(&line)
                .unwrap()
                .into_keys()
                .map(|key| (line.find(&format!("\"{key}\":")).unwrap(), key))
                .collect();
        keys.sort_unstable();
        assert_eq!(documented(chapter), keys.into_iter().map(|(_, key)| key).collect::<Vec<_>>());
    }
}

#[test]
fn credentials_are_told_without_what_is_secret() {
    let server = start(builder("ok, stale-close").serve_bytes("/f", "content").mirror(true));
    let mirror = server.mirror().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    let own = server.addr();
    let asked =
        |request: Request| request.header("authorization", "Basic c2VjcmV0").header("cookie", "a=secret; b=other");
    Raw::connect(own).ask(&asked(get("/f")));
    Raw::connect((own.ip(), mirror).into()).ask(&get("/f?mirror").header("Authorization", "Basic c2VjcmV0"));
    // One that is not answered, on a connection that is closed instead.
    let mut raw = Raw::connect(own);
    raw.ask(&get("/f"));
    raw.send(&get("/f").header("x-api-key", "other").to_bytes());
    assert_eq!(raw.ending(), Ending::Eof);
    let exchanges = settled(server.journal(), 4);
    let told: Vec<_> = exchanges.iter().map(|exchange| (exchange.port, &exchange.credentials[..])).collect();
    let basic = "authorization: Basic #1".to_owned();
    let all = [basic.clone(), "cookie: a #2".to_owned(), "cookie: b #3".to_owned()];
    let expected: [(u16, &[String]); 4] =
        [(own.port(), &all), (mirror, &[basic]), (own.port(), &[]), (own.port(), &["x-api-key #3".to_owned()])];
    assert_eq!(told, expected);
    let everything = format!("{exchanges:?} {}", server.journal().table());
    assert!(!everything.contains("c2VjcmV0") && !everything.contains("secret;") && !everything.contains("=other"));
}

#[test]
fn names_of_endings() {
    let ends = [End::Complete, End::Fin, End::Rst, End::Stalled, End::ClientFin, End::ClientRst];
    let names: Vec<_> = ends.iter().map(|end| end.as_str()).collect();
    assert_eq!(names, ["complete", "fin", "rst", "stalled", "client-fin", "client-rst"]);
    assert_eq!([By::Server.as_str(), By::Client.as_str()], ["server", "client"]);
}

#[test]
fn a_table_for_people() {
    let server = ok(b"content");
    Raw::connect(server.addr()).ask(&get("/f"));
    settled(server.journal(), 1);
    let table = server.journal().table().to_string();
    assert!(table.contains("GET /f") && table.contains("200") && table.contains("complete"), "{table}");
}

/// With a mirror it has to be told which of the two was asked.
#[test]
fn a_table_tells_ports_apart_if_there_are_several() {
    let server = start(builder("ok").serve_bytes("/f", "content").mirror(true));
    let mirror = server.mirror().unwrap().rsplit(':').next().unwrap().parse().unwrap();
    let (own, conn) = (server.addr(), |port| Raw::connect((server.addr().ip(), port).into()));
    let head = |table: &str| table.lines().next().unwrap().split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    conn(own.port()).ask(&get("/f"));
    settled(server.journal(), 1);
    let alone = server.journal().table().to_string();
    assert!(!head(&alone).contains(&"port".to_owned()) && !alone.contains(&own.port().to_string()), "{alone}");
    conn(mirror).ask(&get("/f"));
    settled(server.journal(), 2);
    let table = server.journal().table().to_string();
    let column = head(&table).iter().position(|name| name == "port").expect("a column");
    let ports: Vec<_> = table.lines().skip(1).filter_map(|row| row.split_whitespace().nth(column)).collect();
    assert_eq!(ports, [own.port().to_string(), mirror.to_string()], "{table}");
}

/// The line in the README has the keys that lines have, in their order.
#[cfg(feature = "json")]
#[test]
fn the_line_in_the_readme() {
    let server = ok(b"content");
    Raw::connect(server.addr()).ask(&get("/f"));
    let real = settled(server.journal(), 1)[0].to_json();
    let shown = include_str!("../../../README.md").lines().find(|line| line.starts_with("{\"v\":1")).expect("a line");
    let keys = |line: &str| line.split(['{', ',']).filter_map(|it| Some(it.split_once(':')?.0.to_owned())).collect();
    let [shown, real]: [Vec<String>; 2] = [shown, &real].map(keys);
    assert_eq!(shown, real);
}
