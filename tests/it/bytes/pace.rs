//! How fast the body goes out.

use std::time::{Duration, Instant};

use super::{LEN, ask, bytes, check, serve};
use crate::support::{Ending, PATIENCE, Raw, Reply, Request, get, settled};

/// The reply, and how long it takes until it is whole, or silence follows behind so many bytes.
fn time(script: &str, silent_behind: Option<u64>) -> (Reply, Duration) {
    let server = serve(script);
    let mut raw = Raw::connect(server.addr());
    let start = Instant::now();
    raw.send(&get("/f").to_bytes());
    let reply = raw.compare(bytes(), silent_behind);
    assert_eq!(reply.wrong_at, None, "{script}");
    (reply, start.elapsed())
}

#[test]
fn pieces_in_their_time() {
    // Three pieces, two pauses; the first goes out at once.
    for framing in super::FRAMINGS {
        let script = format!("drip=150kB/100ms framing={framing}");
        let (reply, elapsed) = time(&script, None);
        assert!(reply.complete && elapsed >= Duration::from_millis(200), "{script}: {elapsed:?}");
    }
    check("drip=100kB/1ms", &get("/f"), bytes(), true);
}

#[test]
fn no_pause_within_a_piece_or_before_it() {
    for framing in super::FRAMINGS {
        // The last is larger than a block of content.
        for piece in [1, 1_000, 299_000] {
            let (reply, _) = time(&format!("drip={piece}/1h framing={framing}"), Some(piece));
            assert_eq!((reply.len, reply.ending), (piece, Some(Ending::Silence)), "{framing}");
        }
    }
    for piece in [LEN, LEN + 1] {
        assert!(time(&format!("drip={piece}/1h"), None).0.complete);
    }
}

#[test]
fn the_last_piece_before_a_break_may_be_smaller() {
    for n in [999, 1_000, 1_001, 2_500] {
        let server = serve(&format!("drip=1000/20ms reset-after={n}"));
        let mut raw = Raw::connect(server.addr());
        let start = Instant::now();
        raw.send(&get("/f").to_bytes());
        let reply = raw.compare(bytes(), None);
        assert_eq!((reply.len, reply.wrong_at, reply.ending), (n, None, Some(Ending::Reset)));
        let pauses = (n as u32 - 1) / 1_000;
        assert!(start.elapsed() >= Duration::from_millis(20) * pauses);
        assert!(settled(server.journal(), 1)[0].applied);
    }
}

#[test]
fn a_burst_and_then_the_throttle() {
    // At 1 B/s nobody would wait for the burst, nor for what follows it.
    for framing in super::FRAMINGS {
        let server = serve(&format!("throttle=1B/s burst=270kB framing={framing}"));
        let mut raw = Raw::connect(server.addr());
        let start = Instant::now();
        raw.send(&get("/f").to_bytes());
        raw.head();
        let mut got = 0;
        while got < 270_000 {
            got += raw.some();
            assert!(start.elapsed() < PATIENCE, "{framing}: {got}");
        }
        // And some bytes for the sizes of chunks.
        assert!(got as u64 <= 270_100 + start.elapsed().as_secs(), "{framing}: {got}");
    }
    let (reply, elapsed) = time("throttle=1kB/s burst=299801", None);
    assert!(reply.complete && elapsed >= Duration::from_millis(160), "{elapsed:?}");
    check("throttle=1MB/s burst=299kB", &get("/f"), bytes(), true);
}

#[test]
fn nothing_is_left_for_the_throttle() {
    for (n, applied) in [(LEN - 1, true), (LEN, false), (LEN + 1, false)] {
        let got = ask(&format!("throttle=100MB/s burst={n}"), &get("/f"), false);
        assert_eq!((got.reply.complete, got.exchange.applied), (true, applied), "{n}");
    }
    for term in ["drip=1kB/1s", "throttle=1kB/s burst=1"] {
        assert!(!ask(term, &Request::new("HEAD", "/f"), true).exchange.applied, "{term}");
    }
}
