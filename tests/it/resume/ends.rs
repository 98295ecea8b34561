//! Where a part begins and ends.

use super::{LEN, ask, bytes, check, part, whole};
use crate::support::{Request, builder, content, get, start};

/// Checks which bytes come where these are asked for; their last one included.
#[track_caller]
fn comes(script: &str, asked: &str, (first, last): (usize, usize), applied: bool) {
    check(script, &[("Range", &format!("bytes={asked}"))], &part(first, last), &bytes()[first..=last], applied);
}

#[test]
fn earlier() {
    comes("range-earlier=1", "500-", (499, 999), true);
    comes("range-earlier=100", "500-599", (400, 599), true);
    comes("range-earlier=100", "-10", (890, 999), true);
    for (bytes, first) in [(499, 1), (500, 0), (501, 0), (u64::MAX, 0)] {
        comes(&format!("range-earlier={bytes}"), "500-", (first, 999), true);
    }
    comes("range-earlier=1", "0-", (0, 999), false);
    comes("range-earlier=1", "0-9", (0, 9), false);
    comes("range-earlier=1", "1-1", (0, 1), true);
}

#[test]
fn later() {
    comes("range-later=1", "500-", (501, 999), true);
    comes("range-later=1", "0-", (1, 999), true);
    comes("range-later=99", "500-599", (599, 599), true);
    for bytes in [100, 101, u64::MAX] {
        comes(&format!("range-later={bytes}"), "500-599", (500, 599), false);
    }
}

#[test]
fn shorter() {
    comes("range-shorter=1", "500-", (500, 998), true);
    comes("range-shorter=50%", "500-", (500, 749), true);
    comes("range-shorter=50%", "500-502", (500, 501), true);
    comes("range-shorter=end-1", "500-599", (500, 500), true);
    for bytes in ["98", "99", "100", "101", "100%", "end"] {
        let last = if bytes == "98" { 501 } else { 500 };
        comes(&format!("range-shorter={bytes}"), "500-599", (500, last), true);
    }
    for (bytes, asked, last) in [("0", "500-599", 599), ("end-101", "500-599", 599), ("1", "500-500", 500)] {
        comes(&format!("range-shorter={bytes}"), asked, (500, last), false);
    }
}

#[test]
fn longer() {
    comes("range-longer=1", "500-599", (500, 600), true);
    for (bytes, last) in [(399, 998), (400, 999), (401, 999), (u64::MAX, 999)] {
        comes(&format!("range-longer={bytes}"), "500-599", (500, last), true);
    }
    comes("range-longer=1", "500-", (500, 999), false);
    comes("range-longer=1", "500-999", (500, 999), false);
}

#[test]
fn one_part_of_several() {
    let media = "application/octet-stream";
    for (asked, first, last) in [("500-599", 500, 599), ("-1", 999, 999), ("0-", 0, 999)] {
        let got = ask("multipart-range", "GET", &[("Range", &format!("bytes={asked}"))]);
        let boundary = format!("flaky-{}", got.tags[0].trim_matches('"'));
        let body = [
            format!("--{boundary}\r\ncontent-type: {media}\r\ncontent-range: bytes {first}-{last}/{LEN}\r\n\r\n")
                .as_bytes(),
            &bytes()[first..=last],
            format!("\r\n--{boundary}--\r\n").as_bytes(),
        ]
        .concat();
        assert!(got.reply.body == body, "{}", got.reply.text());
        let expected = part(first, last)
            .replace(&format!("content-length: {}\n", last - first + 1), &format!("content-length: {}\n", body.len()))
            .replace(&format!("content-range: bytes {first}-{last}/{LEN}\n"), "")
            .replace(media, "multipart/byteranges; boundary=flaky-TAG");
        assert_eq!(got.head(), expected);
        assert!(got.exchange.applied);
        assert_eq!((got.exchange.body_sent, got.exchange.start), (body.len() as u64, None));
    }
}

const TERMS: [&str; 5] = ["range-earlier=1", "range-later=1", "range-shorter=1", "range-longer=1", "multipart-range"];

#[test]
fn without_a_range_nothing_changes() {
    for term in TERMS {
        check(term, &[], &whole(), bytes(), false);
        check(term, &[("Range", "bytes=5-4")], &whole(), bytes(), false);
        check(term, &[("Range", "bytes=5-"), ("If-Range", "\"x\"")], &whole(), bytes(), false);
        let head = ask(term, "HEAD", &[("Range", "bytes=5-9")]);
        assert_eq!((head.head(), head.exchange.applied), (whole(), false), "{term}");
        let refused = ask(term, "GET", &[("Range", "bytes=1000-")]);
        let (status, range) = (refused.reply.status(), refused.reply.header("content-range"));
        assert_eq!((status, range, refused.exchange.applied), (416, Some("bytes */1000"), false), "{term}");
        let several = ask(term, "GET", &[("Range", "bytes=5-9,20-29")]);
        assert_eq!((several.reply.status(), several.exchange.applied), (206, false), "{term}");
        assert!(several.reply.header("content-type").unwrap().starts_with("multipart/byteranges; "), "{term}");
    }
}

/// What is asked for from the start with `Range` is answered as such, whatever a term does.
#[test]
fn terms_that_change_nothing() {
    comes("range-start=0", "0-", (0, 999), false);
    comes("range-start=500", "500-599", (500, 599), false);
    comes("range-start=501", "500-599", (501, 599), true);
    check("ignore-range", &[("Range", "bytes=0-")], &whole(), bytes(), true);
    check("unsatisfiable", &[("Range", "bytes=1000-")], &super::refused("bytes */1000", REFUSED.len()), REFUSED, false);
}

const REFUSED: &[u8] = b"416 Range Not Satisfiable: the fixture ends before the range\n";

#[test]
fn what_is_coded_has_no_parts() {
    let server = start(builder("gzip=1 multipart-range, gzip=1, ok").serve_bytes("/f", content(1_000)));
    let mut raw = crate::support::Raw::connect(server.addr());
    let replies = [(); 2].map(|()| raw.ask(&get("/f").range("bytes=5-99")));
    assert_eq!(replies.each_ref().map(|reply| reply.header("content-range")), [Some("bytes 5-99/1023"); 2]);
    assert!(replies[0].body == replies[1].body);
    let exchanges = crate::support::settled(server.journal(), 2);
    assert_eq!([0, 1].map(|n: usize| exchanges[n].applied), [false, true]);
}

#[test]
fn breaks_are_exact_in_other_parts_too() {
    for (script, first) in [("range-earlier=100", 400), ("range-later=100", 600), ("range-longer=1kB", 500)] {
        for n in [0, 1, 99, 100] {
            let server = start(builder(&format!("{script} reset-after={n}, ok")).serve_bytes("/f", bytes()));
            let mut raw = crate::support::Raw::connect(server.addr());
            let reply = raw.ask(&Request::new("GET", "/f").range("bytes=500-799"));
            assert_eq!(reply.ending, Some(crate::support::Ending::Reset), "{script} {n}");
            assert!(reply.body == bytes()[first..first + n], "{script} {n}: {} bytes", reply.len);
            let exchange = crate::support::settled(server.journal(), 1).remove(0);
            assert_eq!((exchange.applied, exchange.start), (true, Some(first as u64)), "{exchange:?}");
        }
    }
}
