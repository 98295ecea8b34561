//! Whatever clients send, and whenever they leave: nothing panics, nothing stays open, and the next one is served.

use std::thread;

use flaky_server::FlakyServer;

use crate::support::{Ending, Raw, Request, Rng, Speed, content, count_panics, get, no_panics, ok, serve, settled_all};

/// Whether the server still serves, has not panicked, and has nothing left that goes on.
#[track_caller]
fn survives(server: FlakyServer, body: &[u8]) {
    let reply = Raw::connect(server.addr()).ask(&get("/f"));
    assert!(reply.complete && reply.body == body, "{} {}", reply.status(), reply.len);
    settled_all(server.journal());
    let journal = server.shutdown();
    let exchanges = journal.exchanges();
    assert!(exchanges.iter().all(|exchange| exchange.end.is_some()), "{}", journal.table());
    assert!(journal.connections().iter().all(|connection| connection.end.is_some()));
    no_panics();
}

/// Sends bytes, says that there are no more, and reads whatever comes, to the end of the connection.
#[track_caller]
fn feed(server: &FlakyServer, bytes: &[u8]) {
    let mut raw = Raw::connect(server.addr());
    // The server may refuse to read on.
    let _ = raw.try_send(bytes);
    raw.half_close();
    let ending = loop {
        if let Err(ending) = raw.try_some() {
            break ending;
        }
    };
    assert_ne!(ending, Ending::Silence, "{}", bytes[..bytes.len().min(200)].escape_ascii());
}

#[test]
fn random_bytes() {
    count_panics();
    let server = ok(b"content");
    for seed in 0..300 {
        let mut rng = Rng(seed);
        let len = rng.below(3_000) as usize;
        feed(&server, &rng.bytes(len));
    }
    survives(server, b"content");
}

#[test]
fn requests_with_random_changes() {
    count_panics();
    let server = ok(b"content");
    for seed in 0..500 {
        let mut rng = Rng(seed);
        let mut bytes = get("/f").range("bytes=1-3").header("If-Range", "\"x\"").chunks(&[b"some", b"body"]).to_bytes();
        for _ in 0..=rng.below(3) {
            let at = rng.below(bytes.len() as u64) as usize;
            match rng.below(3) {
                0 => bytes[at] = rng.next() as u8,
                1 => bytes.truncate(at.max(1)),
                _ => bytes.insert(at, rng.next() as u8),
            }
        }
        feed(&server, &bytes);
    }
    survives(server, b"content");
}

#[test]
fn control_characters_in_paths() {
    count_panics();
    let server = ok(b"content");
    for byte in (0..=32).chain(127..=255) {
        let mut bytes = b"GET /f".to_vec();
        bytes.push(byte);
        bytes.extend_from_slice(b"x HTTP/1.1\r\nHost: test\r\n\r\n");
        feed(&server, &bytes);
        // Encoded, they are names like any other.
        let reply = Raw::connect(server.addr()).ask(&get(&format!("/f%{byte:02x}x")));
        assert!(matches!(reply.status(), 400 | 404), "{byte}: {}", reply.status());
    }
    survives(server, b"content");
}

#[test]
fn heads_that_never_end() {
    count_panics();
    let server = ok(b"content");
    let head = get("/f").to_bytes();
    for end in 0..head.len() {
        feed(&server, &head[..end]);
    }
    for byte in [b'a', b' ', b'\r', b'\n', b'\0', b':'] {
        feed(&server, &vec![byte; 1_000_000]);
    }
    feed(&server, &get("/f").header("X", &"x".repeat(2_000_000)).to_bytes());
    survives(server, b"content");
}

#[test]
fn bodies_that_lie() {
    count_panics();
    let server = ok(b"content");
    let head = |request: Request, body: &str| [request.head(), body.as_bytes().to_vec()].concat();
    let chunked = || get("/f").header("Transfer-Encoding", "chunked");
    feed(&server, &head(get("/f").header("Content-Length", "18446744073709551615"), "short"));
    feed(&server, &head(get("/f").header("Content-Length", "99999999999999999999999"), "short"));
    feed(&server, &head(get("/f").header("Content-Length", "-1"), ""));
    feed(&server, &head(chunked(), "zz\r\n"));
    feed(&server, &head(chunked(), "ffffffffffffffffffff\r\n"));
    feed(&server, &head(chunked(), "5\r\nshort, or not\r\n0\r\n\r\n"));
    feed(&server, &head(chunked(), "0\r\nTrailer: x\r\n\r\n"));
    feed(&server, &head(chunked().header("Content-Length", "3"), "0\r\n\r\n"));
    survives(server, b"content");
}

#[test]
fn connections_on_which_nothing_happens() {
    count_panics();
    let server = ok(b"content");
    let idle: Vec<_> = (0..100).map(|_| Raw::connect(server.addr())).collect();
    assert_eq!(Raw::connect(server.addr()).ask(&get("/f")).text(), "content");
    drop(idle);
    settled_all(server.journal());
    survives(server, b"content");
}

/// Leaves somewhere between the connection's beginning and its end.
fn leave_somewhere(server: &FlakyServer, seed: u64) {
    let mut rng = Rng(seed);
    let speed = if rng.below(2) == 0 { Speed::Fast } else { Speed::Slow };
    let mut raw = Raw::connect_with(server.addr(), speed);
    let request = get("/f").body(&vec![b'x'; rng.below(1_000) as usize]).to_bytes();
    let requests = request.repeat(1 + rng.below(3) as usize);
    let sent = if rng.below(4) == 0 { rng.below(requests.len() as u64) as usize } else { requests.len() };
    let _ = raw.try_send(&requests[..sent]);
    if rng.below(4) == 0 {
        raw.half_close();
    }
    let mut left = if sent == requests.len() { rng.below(1_500_000) } else { 0 };
    while left > 0 {
        let Ok(read) = raw.try_some() else { break };
        left = left.saturating_sub(read as u64);
    }
    if rng.below(2) == 0 {
        raw.reset();
    }
}

#[test]
fn clients_that_leave_somewhere() {
    count_panics();
    let body = content(2_000_000);
    for (script, seeds) in [
        ("framing=length x*", 0..80),
        ("framing=chunked x*", 80..140),
        ("framing=close x*", 140..200),
        ("reset-after=700000 x200, ok x*", 200..260),
        ("truncate-after=700000 framing=chunked x200, ok x*", 260..320),
    ] {
        let server = serve(script, body);
        thread::scope(|scope| {
            for thread in 0..4 {
                let (server, seeds) = (&server, seeds.clone());
                scope.spawn(move || {
                    for seed in seeds.filter(|seed| seed % 4 == thread) {
                        leave_somewhere(server, seed);
                    }
                });
            }
        });
        if script.contains("after") {
            settled_all(server.journal());
            let journal = server.shutdown();
            assert!(journal.exchanges().iter().all(|exchange| exchange.end.is_some()), "{}", journal.table());
            no_panics();
        } else {
            survives(server, body);
        }
    }
}
