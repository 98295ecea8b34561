//! Bytes that are not those of the fixture.

use std::io::Write as _;

use flaky_server::{FlakyServer, Schedule};

use super::{LEN, ask, bytes, check, other, serve};
use crate::support::{Ending, Raw, Request, builder, content, get, settled, start};

/// The content, from this place on as `change` has it.
fn changed(from: usize, change: impl Fn(usize, u8) -> u8) -> Vec<u8> {
    let change = |(at, byte): (usize, &u8)| if at < from { *byte } else { change(at, *byte) };
    bytes().iter().enumerate().map(change).collect()
}

fn flipped(places: &[usize]) -> Vec<u8> {
    changed(0, |at, byte| if places.contains(&at) { !byte } else { byte })
}

#[test]
fn a_byte_is_inverted() {
    for (n, at) in [("0", 0), ("1", 1), ("50%", LEN / 2), ("262144", 262_144), ("end-1", LEN - 1), ("300000", LEN - 1)]
    {
        check(&format!("corrupt-after={n}"), &get("/f"), &flipped(&[at]), true);
    }
    check("corrupt-after=300001", &get("/f"), bytes(), false);
}

#[test]
fn a_byte_of_this_response_is_inverted_again_and_again() {
    let server = serve("corrupt-after=10 x2, ok");
    let mut raw = Raw::connect(server.addr());
    for expected in [!bytes()[1_010], !bytes()[1_010], bytes()[1_010]] {
        let reply = raw.ask(&get("/f").range("bytes=1000-1999"));
        assert_eq!((reply.status(), reply.body.len(), reply.body[10]), (206, 1_000, expected));
        assert!(reply.body[..10] == bytes()[1_000..1_010] && reply.body[11..] == bytes()[1_011..2_000]);
    }
    drop(raw);
    assert!(settled(server.journal(), 3).iter().all(|exchange| exchange.applied));
}

/// Where a body differs from the content.
fn differences(body: &[u8]) -> Vec<usize> {
    assert_eq!(body.len(), LEN);
    (0..LEN).filter(|&at| body[at] != bytes()[at]).inspect(|&at| assert_eq!(body[at], !bytes()[at])).collect()
}

#[test]
fn bytes_are_inverted_by_chance() {
    let places = |server: &FlakyServer, path: &str| differences(&Raw::connect(server.addr()).ask(&get(path)).body);
    for count in [1, 2, 1_000, 10_000] {
        let server = serve(&format!("corrupt-bytes={count} x*"));
        let first = places(&server, "/f");
        assert_eq!(first.len(), count);
        let second = places(&server, "/f");
        assert!(second.len() == count && second != first && places(&server, "/f?x") != first);
        // The schedule that was played corrupts the same bytes with the same seed, and others with another one.
        let again = |seed: u64| {
            let rules = Schedule::parse_rules(&server.played().to_string()).unwrap();
            let server = start(FlakyServer::builder().rules(rules).seed(seed).serve_bytes("/f", bytes()));
            [places(&server, "/f"), places(&server, "/f")]
        };
        assert_eq!(again(7), [first.clone(), second.clone()]);
        assert_ne!(again(8), [first, second]);
    }
    for framing in super::FRAMINGS {
        let got = ask(&format!("corrupt-bytes=5 framing={framing}"), &get("/f"), false);
        assert_eq!((differences(&got.reply.body).len(), got.exchange.applied), (5, true));
    }
}

#[test]
fn there_have_to_be_as_many_bytes() {
    for (range, len) in [("bytes=0-4", 5), ("bytes=0-3", 4)] {
        let got = ask("corrupt-bytes=5", &get("/f").range(range), false);
        let inverted = got.reply.body.iter().zip(bytes()).filter(|(got, own)| **got == !**own).count();
        assert_eq!(
            (got.reply.body.len(), inverted, got.exchange.applied),
            (len, if len == 5 { 5 } else { 0 }, len == 5)
        );
    }
}

#[test]
fn zeros() {
    for (n, from) in [("0", 0), ("1", 1), ("50%", LEN / 2), ("262143", 262_143), ("300000", LEN - 1)] {
        check(&format!("zeros-after={n}"), &get("/f"), &changed(from, |_, _| 0), true);
    }
    check("zeros-after=300001", &get("/f"), bytes(), false);
    let part = changed(1_500, |_, _| 0);
    check("zeros-after=50%", &get("/f").range("bytes=1000-1999"), &part[1_000..2_000], true);
}

#[test]
fn another_fixture() {
    let with = |from| changed(from, |at, _| other()[at % other().len()]);
    for (n, from) in [("0", 0), ("1", 1), ("50%", LEN / 2), ("70001", 70_001), ("300000", LEN - 1)] {
        check(&format!("splice=/other@{n}"), &get("/f"), &with(from), true);
    }
    check("splice=/other@300001", &get("/f"), bytes(), false);
    // The place in the body counts, not that in the fixture.
    let part = [&bytes()[1_000..1_500], &other()[500..1_000]].concat();
    check("splice=/other?x=1@50%", &get("/f").range("bytes=1000-1999"), &part, true);
}

#[test]
fn another_fixture_that_has_to_be_read_or_computed() {
    // On a file system in memory no read is known to be one that does not wait.
    let folder = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let file = content(600_000);
    std::fs::File::create(folder.path().join("file")).unwrap().write_all(file).unwrap();
    let server = start(
        builder("splice=/file@1000, splice=/made@1000, ok")
            .serve_bytes("/f", bytes())
            .serve_dir(folder.path())
            .serve_generated("/made", flaky_server::ByteSize::kb(5)),
    );
    let mut made = Vec::new();
    std::io::Read::read_to_end(&mut server.fixture("/made").unwrap(), &mut made).unwrap();
    let mut raw = Raw::connect(server.addr());
    for other in [file, &made] {
        let reply = raw.ask(&get("/f"));
        assert!(reply.body == changed(1_000, |at, _| other[at % other.len()]));
    }
    assert!(raw.ask(&get("/f")).body == bytes());
    // The body that is cut has to be read as well; spliced into itself it is what it was.
    assert!(raw.ask(&get("/file")).body == file);
    let reply = raw.ask(&get("/file"));
    let cut = |(at, byte): (usize, &u8)| if at < 1_000 { *byte } else { made[at % made.len()] };
    assert!(reply.body == file.iter().enumerate().map(cut).collect::<Vec<_>>());
}

#[test]
fn nothing_to_splice_in() {
    for (path, why) in [
        ("/absent", "`/absent` cannot be spliced in: no fixture is served under this path"),
        ("/empty", "`/empty` is empty: there is nothing to splice in"),
        ("/%zz", "`/%zz` cannot be spliced in: "),
    ] {
        let got = ask(&format!("splice={path}@50%"), &get("/f"), true);
        assert!(got.reply.complete && got.reply.body == bytes());
        let note = got.exchange.note.as_deref().unwrap_or_default();
        assert!(!got.exchange.applied && note.starts_with(why), "{note}");
    }
    // Where it could not happen anyhow there is nothing to say.
    let got = ask("splice=/absent@1MB", &get("/f"), false);
    assert_eq!((got.exchange.applied, got.exchange.note), (false, None));
}

#[test]
fn head_has_no_bytes() {
    for term in ["corrupt-after=0", "corrupt-bytes=1", "zeros-after=0", "splice=/other@0"] {
        let got = ask(term, &Request::new("HEAD", "/f"), true);
        assert_eq!((got.reply.header("content-length"), got.exchange.applied), (Some("300001"), false), "{term}");
    }
}

#[test]
fn up_to_a_break_and_through_a_stall() {
    for (change, expected) in [
        ("zeros-after=1000", changed(1_000, |_, _| 0)),
        ("splice=/other@1000", changed(1_000, |at, _| other()[at % other().len()])),
        ("corrupt-after=1000", flipped(&[1_000])),
    ] {
        for (n, applied) in [(1_001, true), (1_000, false), (200_000, true)] {
            let server = serve(&format!("{change} reset-after={n}"));
            let mut raw = Raw::connect(server.addr());
            raw.send(&get("/f").to_bytes());
            let reply = raw.compare(&expected, None);
            assert_eq!((reply.len, reply.wrong_at, reply.ending), (n, None, Some(Ending::Reset)), "{change} {n}");
            assert_eq!(settled(server.journal(), 1)[0].applied, applied, "{change} {n}");
        }
        check(&format!("{change} stall-after=500 stall-for=1ms"), &get("/f"), &expected, true);
    }
}

#[test]
fn what_the_client_did_not_wait_for_did_not_happen() {
    // More than all buffers between a server and a client that does not read.
    let large = content(32_000_000);
    for term in ["zeros-after=end-1", "splice=/f@end-1", "corrupt-after=end-1"] {
        let server = crate::support::serve(term, large);
        let mut raw = Raw::connect(server.addr());
        raw.send(&get("/f").to_bytes());
        raw.head();
        raw.reset();
        assert!(!settled(server.journal(), 1)[0].applied, "{term}");
    }
}
