//! The whole is sent in a content coding.

use std::io::Read as _;

use flate2::read::GzDecoder;

use super::{ask, bytes, check, serve};
use crate::support::{Ending, Raw, Request, builder, content, get, settled, start};

fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut decoded).unwrap();
    decoded
}

#[test]
fn so_many_times_over() {
    let mut tags = vec![ask("ok", &get("/f"), false).reply.header("etag").unwrap().to_owned()];
    for times in 1..=3 {
        let got = ask(&format!("gzip={times}"), &get("/f").header("accept-encoding", "identity"), true);
        assert_eq!(got.reply.header("content-encoding"), Some("gzip"));
        let content = (0..times).fold(got.reply.body.clone(), |coded, _| decoded(&coded));
        assert!(content == bytes() && got.exchange.applied, "{times}");
        tags.push(got.reply.header("etag").unwrap().to_owned());
        // The same each time, in every framing.
        check(&format!("gzip={times}"), &get("/f"), &got.reply.body, true);
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4);
}

#[test]
fn ranges_preconditions_and_lengths_are_those_of_what_is_sent() {
    let coded = ask("gzip=2", &get("/f"), false).reply;
    let (tag, len) = (coded.header("etag").unwrap(), coded.body.len());
    let plain = ask("ok", &get("/f"), false).reply.header("etag").unwrap().to_owned();

    let head = ask("gzip=2", &Request::new("HEAD", "/f"), false);
    assert_eq!(head.reply.header("content-length"), Some(len.to_string().as_str()));
    assert_eq!((head.reply.header("etag"), head.exchange.applied), (Some(tag), true));

    let part = ask("gzip=2", &get("/f").range("bytes=100-199").header("if-range", tag), false).reply;
    assert_eq!((part.status(), part.body.as_slice()), (206, &coded.body[100..200]));
    assert_eq!(part.header("content-range"), Some(format!("bytes 100-199/{len}").as_str()));
    let whole = ask("gzip=2", &get("/f").range("bytes=100-199").header("if-range", &plain), false).reply;
    assert_eq!((whole.status(), whole.body.len()), (200, len));

    assert_eq!(ask("gzip=2", &get("/f").header("if-none-match", tag), false).reply.status(), 304);
    assert_eq!(ask("gzip=2", &get("/f").header("if-none-match", &plain), false).reply.status(), 200);
}

#[test]
fn broken_as_any_other_body() {
    let whole = ask("gzip=1", &get("/f"), false);
    // What is sent begins nowhere in the file.
    assert_eq!(whole.exchange.start, None);
    let coded = whole.reply.body;
    check("gzip=1 short-body=50%", &get("/f"), &coded[..coded.len() / 2], true);
    let server = serve("gzip=1 reset-after=1000");
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes());
    let reply = raw.compare(&coded, None);
    assert_eq!((reply.len, reply.wrong_at, reply.ending), (1_000, None, Some(Ending::Reset)));
}

#[test]
fn a_revision_is_coded() {
    let got = ask("gzip=1 revision=2", &get("/f"), false);
    let revision = ask("revision=2", &get("/f"), false).reply.body;
    assert!(revision != bytes() && decoded(&got.reply.body) == revision);
}

#[test]
fn what_is_large_or_no_fixture_is_sent_as_it_is() {
    let large = content(16 * 1024 * 1024 + 1);
    let server = start(builder("gzip=1 splice=/absent@50%").serve_bytes("/f", large));
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/f").to_bytes());
    let reply = raw.compare(large, None);
    assert_eq!((reply.complete, reply.wrong_at, reply.header("content-encoding")), (true, None, None));
    drop(raw);
    let exchange = settled(server.journal(), 1).remove(0);
    // All that could not be done is said.
    let note = "a fixture that is coded may have 16777216 bytes, and this one has 16777217; `/absent` cannot be spliced \
                in: no fixture is served under this path";
    assert_eq!((exchange.applied, exchange.note.as_deref()), (false, Some(note)));

    let server = start(builder("gzip=1 x*").serve_bytes("/f", bytes()));
    let mut raw = Raw::connect(server.addr());
    for (request, status) in
        [(get("/absent"), 404), (Request::new("OPTIONS", "/f"), 200), (get("/f").range("bytes=1000000-"), 416)]
    {
        let reply = raw.ask(&request);
        assert_eq!((reply.status(), reply.header("content-encoding")), (status, None));
    }
    drop(raw);
    assert!(settled(server.journal(), 3).iter().all(|exchange| !exchange.applied));
}

#[test]
fn headers_that_lie() {
    for framing in super::FRAMINGS {
        let got =
            ask(&format!("content-encoding=gzip content-type=text/html;%20x framing={framing}"), &get("/f"), true);
        assert!(got.reply.complete && got.reply.body == bytes() && got.exchange.applied);
        assert_eq!(got.reply.header("content-encoding"), Some("gzip"));
        assert_eq!(got.reply.header("content-type"), Some("text/html; x"));
        assert!(got.reply.header("etag").is_some());
    }
    let got = ask("content-type=text/html status=503", &get("/f"), false);
    assert_eq!((got.reply.status(), got.reply.header("content-type")), (503, Some("text/html")));
    let got = ask("content-encoding=br gzip=1", &get("/f"), false);
    assert_eq!(got.reply.header("content-encoding"), Some("br"));
    assert!(decoded(&got.reply.body) == bytes());
    let got = ask("content-type=a/b", &Request::new("HEAD", "/f"), false);
    assert_eq!((got.reply.header("content-type"), got.exchange.applied), (Some("a/b"), true));
}
