//! A short body, consistently.

use super::{LEN, ask, bytes, check, other, serve};
use crate::support::{Ending, Framing, Raw, Request, get, settled};

#[test]
fn the_first_bytes_are_all_there_are() {
    for (n, len) in [("0", 0), ("1", 1), ("50%", LEN / 2), ("262144", 262_144), ("299999", LEN - 2), ("end-1", LEN - 1)]
    {
        check(&format!("short-body={n}"), &get("/f"), &bytes()[..len], true);
    }
    for n in ["300001", "300002", "end", "100%"] {
        check(&format!("short-body={n}"), &get("/f"), bytes(), false);
    }
}

#[test]
fn the_other_headers_are_those_of_the_whole() {
    for request in [get("/f"), get("/f").range("bytes=1000-1999"), Request::new("HEAD", "/f")] {
        let headers = |script: &str| {
            let mut headers = ask(script, &request, false).reply.head.headers;
            headers.retain(|(name, _)| name != "date");
            headers
        };
        let (mut whole, short) = (headers("ok"), headers("short-body=10"));
        for (name, value) in &mut whole {
            if name == "content-length" {
                "10".clone_into(value);
            }
        }
        assert_eq!(short, whole);
    }
}

#[test]
fn head_says_the_same() {
    for (n, length, applied) in
        [("50%", "150000", true), ("0", "0", true), ("end-1", "300000", true), ("end", "300001", false)]
    {
        for reused in [false, true] {
            let got = ask(&format!("short-body={n}"), &Request::new("HEAD", "/f"), reused);
            assert_eq!((got.reply.header("content-length"), got.exchange.applied), (Some(length), applied), "{n}");
        }
    }
    let got = ask("short-body=50% framing=chunked", &Request::new("HEAD", "/f"), false);
    assert_eq!((got.reply.header("content-length"), got.exchange.applied), (None, false));
}

#[test]
fn a_range_is_short_and_its_headers_are_not_changed() {
    let request = get("/f").range("bytes=1000-1999");
    for (n, len, applied) in [("50%", 500, true), ("999", 999, true), ("1000", 1_000, false)] {
        check(&format!("short-body={n}"), &request, &bytes()[1_000..1_000 + len], applied);
        let got = ask(&format!("short-body={n}"), &request, true);
        assert_eq!((got.reply.status(), got.reply.header("content-range")), (206, Some("bytes 1000-1999/300001")));
    }
}

#[test]
fn breaks_up_to_the_end_and_not_behind_it() {
    for (n, applied) in [(999, true), (1_000, true), (1_001, false)] {
        for framing in super::FRAMINGS {
            let server = serve(&format!("short-body=1000 reset-after={n} framing={framing}, ok"));
            let mut raw = Raw::connect(server.addr());
            raw.send(&get("/f").to_bytes());
            let reply = raw.compare(&bytes()[..1_000], None);
            assert_eq!((reply.len, reply.wrong_at), (n.min(1_000), None), "{n} {framing}");
            if framing == "length" {
                assert_eq!(reply.framing, Framing::Length(1_000));
            }
            if applied {
                assert_eq!(reply.ending.unwrap_or_else(|| raw.ending()), Ending::Reset, "{n} {framing}");
            } else if framing != "close" {
                assert!(reply.complete && raw.ask(&get("/other")).body == other(), "{n} {framing}");
            }
            drop(raw);
            assert_eq!(
                server.journal().wait_for(1, crate::support::PATIENCE).unwrap()[0].applied,
                applied,
                "{n} {framing}"
            );
        }
    }
}

#[test]
fn a_short_error_page() {
    let got = ask("status=503 short-body=4", &get("/f"), true);
    assert_eq!((got.reply.status(), got.reply.text().as_str(), got.exchange.applied), (503, "503 ", true));
}

#[test]
fn an_orderly_end_behind_it_is_a_fin() {
    let server = serve("short-body=5 truncate-after=5");
    let mut raw = Raw::connect(server.addr());
    let reply = raw.ask(&get("/f"));
    assert_eq!((reply.body.as_slice(), reply.framing, raw.ending()), (&bytes()[..5], Framing::Length(5), Ending::Eof));
    drop(raw);
    assert!(settled(server.journal(), 1)[0].applied);
}
