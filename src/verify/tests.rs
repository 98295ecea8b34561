//! Right texts are right, and wrong ones are wrong.

use super::*;

/// How long is waited for what never comes: long enough for what does.
const IMPATIENCE: Duration = Duration::from_secs(2);

#[track_caller]
fn right(entry: &str, wire: &str) {
    check(entry, wire).unwrap_or_else(|error| panic!("{error}"));
}

#[track_caller]
fn wrong(entry: &str, wire: &str, expected: &str) {
    let error = check(entry, wire).unwrap_err();
    assert!(error.message().starts_with(expected), "{error}");
}

/// What ought to be silent is not; on a busy machine one check alone may not have listened for long enough.
#[track_caller]
fn noisy(entry: &str, wire: &str, expected: &str) {
    const TRIES: usize = 100;
    let error = (0..TRIES).find_map(|_| check(entry, wire).err()).expect("it is not silent");
    assert!(error.message().starts_with(expected), "{error}");
}

#[test]
fn endings() {
    right("reset-after=500", "GET head body[..500] RST");
    wrong("reset-after=500", "GET head body[..500] FIN", "expected FIN, got RST");
    noisy("reset-after=500", "GET head body[..500] silence", "expected silence, got RST");
    wrong("reset-after=500", "GET head body[..500] open", "the next request: expected a head, got RST");
    right("truncate-after=500", "GET head body[..500] FIN");
    wrong("truncate-after=500", "GET head body[..500] RST", "expected RST, got FIN");
    noisy("truncate-after=500", "GET head body[..500] silence", "expected silence, got FIN");
    wrong("truncate-after=500", "GET head body[..500] open", "the next request: expected a head, got FIN");
    right("stall-after=500", "GET head body[..500] silence");
    right("ok", "GET head body open");
    right("ok", "GET head body silence");
    wrong("ok, framing=close", "GET head body open", "the next request: expected \"content-length: 1000\"");
    // It ends behind the next reply, which is correct.
    wrong("ok, truncate-after=end", "GET head body open", "the next request: expected a head, got FIN");
    wrong("ok, reset-after=end", "GET head body open", "the next request: expected a head, got RST");
    right("hang", "GET silence");
    right("reset", "GET RST");
    right("drop", "GET FIN");
}

#[test]
fn lengths() {
    wrong("reset-after=500", "GET head body[..499] RST", "expected RST, got \"");
    wrong("reset-after=500", "GET head body[..501] RST", "expected 501 bytes, got 500 and then RST");
    wrong("truncate-after=500", "GET head body[..499] FIN", "expected FIN, got \"");
    wrong("truncate-after=500", "GET head body[..501] FIN", "expected 501 bytes, got 500 and then FIN");
    noisy("stall-after=500", "GET head body[..499] silence", "expected silence, got \"");
    wrong("ok", "GET head body[..999] open", "expected no more bytes, got \"");
    wrong("ok", "GET head body[..1001] open", "there are 1000 bytes, and none at 0..1001");
}

#[test]
fn what_does_not_come() {
    let wrong = [
        ("stall-after=500", "GET head body[..500] FIN", "expected FIN, got silence"),
        ("stall-after=500", "GET head body[..500] RST", "expected RST, got silence"),
        ("stall-after=500", "GET head body[..500] open", "the next request: expected a head, got silence"),
        ("ok", "GET head body FIN", "expected FIN, got silence"),
        ("stall-after=500", "GET head body[..501] silence", "expected 501 bytes, got 500 and then silence"),
        ("ok", "GET head body \"x\" open", "expected 1 bytes, got 0 and then silence"),
        ("ok", "HEAD head body open", "expected 1000 bytes, got 0 and then silence"),
    ];
    std::thread::scope(|scope| {
        for (entry, wire, expected) in wrong {
            scope.spawn(move || {
                let error = check_within(entry, wire, IMPATIENCE).unwrap_err();
                assert!(error.message().starts_with(expected), "{error}");
            });
        }
    });
}

#[test]
fn bytes() {
    right("corrupt-at=500", "GET head body[..500] flipped[500..501] body[501..] open");
    wrong("corrupt-at=500", "GET head body open", "byte 500: expected \"...");
    wrong("corrupt-at=500", "GET head body[..499] flipped[499..500] body[500..] open", "byte 0: expected \"");
    wrong("ok", "GET head body[1..] open", "byte 0: expected \"");
    wrong("ok", "GET head other open", "byte 0: expected \"");
    wrong(
        "framing=chunked",
        "GET head body open",
        "expected \"content-length: 1000\", got \"transfer-encoding: chunked\"",
    );
    let chunked = "GET head{-content-length; transfer-encoding: chunked} ";
    right("framing=chunked", &format!("{chunked} chunk(body) last-chunk open"));
    right("framing=chunked", &format!("{chunked} \"3E8\\r\\n\" body[..5] body[5..] \"\\r\\n\" \"0\\r\\n\\r\\n\" open"));
    right("framing=chunked", "GET reply(200 body){transfer-encoding: chunked} open");
    wrong("framing=chunked", &format!("{chunked} chunk(body[..500]) FIN"), "byte 0: expected \"1F4\\r\\n\", got \"3E8");
    wrong("framing=chunked", &format!("{chunked} chunk(body) FIN"), "expected FIN, got \"0\\r\\n\\r\\n\"");
    wrong("framing=chunked", &format!("{chunked} chunk(body) open"), "");
}

#[test]
fn heads() {
    right("truncate-after=0", "GET head FIN");
    right("ok", "GET \"HTTP/1.1 200 OK\\r\\n\" headers body open");
    right("ok", "GET head[..9] head[9..] body open");
    wrong("ok", "GET head[..9] FIN", "expected FIN, got \"200 OK");
    wrong(
        "ok",
        "GET head{content-length: 500} body open",
        "expected \"content-length: 500\", got \"content-length: 1000\"",
    );
    wrong("ok", "GET head{-etag} body open", "got \"etag: ");
    wrong("ok", "GET head{x: y} body open", "expected \"x: y\", which is missing");
    wrong("ok", "GET \"HTTP/1.1 200 OK\\r\\n\" headers{-date} body open", "got \"date: ");
    right("ok", "HEAD head open");
    right("ok", "GET{range: bytes=500-} head body[500..] open");
    wrong("ok", "GET{range: bytes=500-} head body open", "byte 0: expected");
    right("ok", "GET head body GET{range: bytes=-1} head body[999..] HEAD head open");
}

#[test]
fn replies() {
    right("status=503 retry-after=2s", "GET reply(503){retry-after: 2} open");
    wrong("status=503 retry-after=2s", "GET reply(500) open", "expected status 500, got \"HTTP/1.1 503");
    wrong("status=503 retry-after=2s", "GET reply(503){retry-after: 3} open", "expected \"retry-after: 3\"");
    wrong("status=503 retry-after=2s", "GET reply(503){-retry-after} open", "got `retry-after`, which is not expected");
    wrong("status=503", "GET reply(503 \"x\") open", "byte 0: expected \"x\", got \"503 Serv");
    wrong("status=503", "GET reply(503 \"503 Service Unavailable\") open", "expected 23 bytes of a body, got 24");
    wrong("truncate-after=500", "GET reply(200) open", "expected the rest of a body, got \"");
    right("framing=close", "GET reply(200 body){connection: close} FIN");
    right("status=204", "GET reply(204) open");
    right("revision=2", "GET reply(200){etag: ..-r2\"} open");
    wrong("ok", "GET reply(200){etag: ..-r2\"} open", "expected \"etag: ..-r2\\\"\"");
}

#[test]
fn times() {
    right("delay=100ms", "GET ~100ms head body open");
    wrong("ok", "GET ~10s head body open", "it came after ");
    wrong("delay=100ms", "GET ~10s head body open", "it came after ");
    right("stall-after=500 stall-for=100ms", "GET head body[..500] ~100ms body[500..] open");
    wrong("stall-after=500 stall-for=1ms", "GET head body[..500] ~10s body[500..] open", "it came after ");
    wrong("stall-after=500 stall-for=100ms", "GET head body[..499] ~100ms body[499..] open", "it came after ");
    right("reset-after=500 pause=100ms", "GET head body[..500] ~100ms RST");
    wrong("reset-after=500", "GET head body[..500] ~10s RST", "it came after ");
}

#[test]
fn wrong_texts_say_where() {
    let error = check("reset-after=500", "GET head body[..500] FIN").unwrap_err();
    assert_eq!(
        error.to_string(),
        "reset-after=500: expected FIN, got RST\n  GET head body[..500] FIN\n                       ^^^"
    );
    assert_eq!((error.entry(), error.place()), ("reset-after=500", Some(21..24)));
    let error = check("reset-afer=500", "GET FIN").unwrap_err();
    assert!(error.message().contains("did you mean `reset-after`?"), "{error}");
    assert_eq!(error.place(), None);
    assert_eq!(check("ok", "GET").unwrap_err().message(), "how does it end?");
}

/// A server that the check does not know, with `reply` for whatever is asked.
fn raw(reply: &'static [u8], wire: &str) -> Result<(), String> {
    use std::{
        io::{Read as _, Write as _},
        net::TcpListener,
    };

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
        stream.write_all(reply).unwrap();
    });
    let result =
        compare::play(&notation::Wire::parse(wire).unwrap(), addr, &servers::Servers::start("ok").unwrap(), PATIENCE);
    server.join().unwrap();
    result.map_err(|error| Mismatch::new("raw", wire, error).message())
}

#[test]
fn bytes_of_others() {
    assert_eq!(raw(b"3e8;x\r\n", "GET \"3e8;x\\r\\n\" FIN"), Ok(()));
    assert_eq!(raw(b"2\r\nab\r\n0\r\n\r\n", "GET chunk(\"ab\") last-chunk FIN"), Ok(()));
    assert_eq!(raw(b"a\r\n0123456789\r\n", "GET chunk(\"0123456789\") FIN"), Ok(()));
    assert_eq!(raw(b"A\r\n0123456789\r\n", "GET chunk(\"0123456789\") FIN"), Ok(()));
    assert_eq!(
        raw(b"B\r\n0123456789\r\n", "GET chunk(\"0123456789\") FIN"),
        Err(r#"byte 0: expected "A\r\n", got "B\r\n01234...""#.to_owned())
    );
    // Stored, not compressed: not the way of the check itself.
    let coded = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x03\0\xfc\xffabc\xc2\x41\x24\x35\x03\0\0\0";
    assert_eq!(raw(coded, "GET gzip(\"abc\") FIN"), Ok(()));
    assert_eq!(raw(coded, "GET gzip(\"abd\") FIN"), Err(r#"byte 2: expected "abd", got "abc""#.to_owned()));
    assert!(raw(b"abc", "GET gzip(\"abc\") FIN").unwrap_err().starts_with("expected bytes with a coding"));
}

/// A connection that ends as soon as it is there is seen to, however far the client has come.
#[test]
fn ends_of_connections_at_once() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    const TRIES: usize = 50;
    let servers = servers::Servers::start("ok").unwrap();
    let see = |wire: &str| {
        let wire = notation::Wire::parse(wire).unwrap();
        for _ in 0..TRIES {
            let differs = compare::play(&wire, addr, &servers, PATIENCE).err();
            assert!(differs.is_none(), "{wire:?}: {differs:?}");
        }
    };
    let accept = |is_reset: bool| {
        for _ in 0..2 * TRIES {
            let stream = socket2::Socket::from(listener.accept().unwrap().0);
            if is_reset {
                stream.set_linger(Some(Duration::ZERO)).unwrap();
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| accept(true));
        see("RST");
        see("GET RST");
    });
    std::thread::scope(|scope| {
        scope.spawn(|| accept(false));
        see("FIN");
        see("FIN");
    });
}
