//! Clients of HTTP/1.0: what they are spared, and every reply has its date.

use super::bytes;
use crate::support::{Ending, Framing, Raw, Request, get, ok, serve};

/// The replies of a server: what is asked for, and the status.
const ASKED: [(&str, &str, &str, u16); 9] = [
    ("GET", "/f", "X: y", 200),
    ("HEAD", "/f", "X: y", 200),
    ("GET", "/f", "Range: bytes=0-1", 206),
    ("GET", "/f", "Range: bytes=0-1,5-6", 206),
    ("GET", "/f", "Range: bytes=100000-", 416),
    ("GET", "/f", "If-None-Match: *", 304),
    ("GET", "/missing", "X: y", 404),
    ("OPTIONS", "/f", "X: y", 200),
    ("BREW", "/f", "X: y", 501),
];

#[test]
fn every_reply_in_every_framing() {
    for script in ["ok x*", "framing=chunked x*", "framing=close x*"] {
        let server = serve(script, bytes());
        for (method, target, header, status) in ASKED {
            for keep in [false, true] {
                let what = format!("{script}: {method} {target} {header}, keep: {keep}");
                let (name, value) = header.split_once(": ").unwrap();
                let mut request = Request::new(method, target).http10().header(name, value);
                if keep {
                    request = request.header("Connection", "keep-alive");
                }
                let mut raw = Raw::connect(server.addr());
                let reply = raw.ask(&request);
                assert_eq!((reply.status(), reply.complete), (status, true), "{what}");
                assert_eq!(reply.head.version, "HTTP/1.0", "{what}");
                assert_eq!(reply.header("transfer-encoding"), None, "{what}");
                let date = reply.header("date").unwrap_or_else(|| panic!("no date: {what}"));
                assert!(httpdate::parse_http_date(date).is_ok() && date.ends_with(" GMT"), "{what}");
                // What ends with the connection cannot keep it.
                let kept = keep && reply.framing != Framing::Close;
                if kept {
                    assert_eq!(reply.header("connection"), Some("keep-alive"), "{what}");
                    assert_eq!(raw.ask(&get("/missing").http10()).status(), 404, "{what}");
                }
                if reply.ending.is_none() {
                    assert_eq!(raw.ending(), Ending::Eof, "{what}");
                }
            }
        }
    }
}

#[test]
fn no_interim_reply() {
    let server = ok(bytes());
    let mut raw = Raw::connect(server.addr());
    // It knows nothing of expectations (RFC 9110 §10.1.1).
    raw.send(b"GET /f HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
    assert_eq!(raw.quiet(), Ending::Silence);
    raw.send(b"body");
    assert_eq!(raw.reply("GET").status(), 200);
}

#[test]
fn the_date_stands_in_every_reply_of_http_1_1_as_well() {
    for script in ["ok x*", "framing=close x*", "status=503 x*"] {
        let server = serve(script, bytes());
        for (method, target, header, _) in ASKED {
            let (name, value) = header.split_once(": ").unwrap();
            let reply = Raw::connect(server.addr()).ask(&Request::new(method, target).header(name, value));
            let date = reply.header("date").map(httpdate::parse_http_date);
            assert!(matches!(date, Some(Ok(_))), "{script}: {method} {target}: {:?}", reply.head);
        }
    }
    // Those that are not ours to make.
    for bytes_sent in ["garbage\r\n\r\n", "GET /f HTTP/1.1\r\n\r\n", "GET /f HTTP/1.1\r\nHost : a\r\n\r\n"] {
        let server = ok(bytes());
        let mut raw = Raw::connect(server.addr());
        raw.send(bytes_sent.as_bytes());
        let reply = raw.reply("GET");
        assert_eq!((reply.status(), reply.header("date").is_some()), (400, true), "{bytes_sent:?}");
    }
}
