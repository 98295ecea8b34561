//! Files that have become others.

use super::{DATE, DAY_LATER, LEN, OTHER, SECOND_LATER, ask, bytes, check, other, part, refused, revised, whole};
use crate::support::{Raw, builder, content, get, settled, start};

const RANGE: (&str, &str) = ("Range", "bytes=500-599");

fn second(head: String) -> String {
    head.replace("\"TAG\"", "\"TAG-r2\"").replace(DATE, SECOND_LATER)
}

/// The head of the file as if the other one had taken its place.
fn swapped(head: String) -> String {
    let head = head.replace("\"TAG\"", "\"OTHER\"").replace(DATE, DAY_LATER);
    head.replace(&format!("content-length: {LEN}\n"), &format!("content-length: {OTHER}\n"))
        .replace(&format!("/{LEN}\n"), &format!("/{OTHER}\n"))
}

#[test]
fn a_revision_with_validators_of_its_own() {
    check("revision=2", &[], &second(whole()), &revised(), true);
    for own in ["\"TAG\"", DATE] {
        check("revision=2", &[RANGE, ("If-Range", own)], &second(whole()), &revised(), true);
        let (head, body) = (second(part(500, 599)), &revised()[500..600]);
        check("revision=2 ignore-if-range", &[RANGE, ("If-Range", own)], &head, body, true);
    }
    for new in ["\"TAG-r2\"", SECOND_LATER] {
        check("revision=2", &[RANGE, ("If-Range", new)], &second(part(500, 599)), &revised()[500..600], true);
    }
}

#[test]
fn a_revision_with_a_validator_of_the_file() {
    let tag = whole().replace(DATE, SECOND_LATER);
    check("revision=2 same-etag", &[], &tag, &revised(), true);
    let (tagged, dated) = (part(500, 599).replace(DATE, SECOND_LATER), part(500, 599).replace("TAG", "TAG-r2"));
    let body = &revised()[500..600];
    check("revision=2 same-etag", &[RANGE, ("If-Range", "\"TAG\"")], &tagged, body, true);
    check("revision=2 same-etag", &[RANGE, ("If-Range", DATE)], &tag, &revised(), true);
    // That is a 304 of the file as well.
    check("revision=2 same-etag", &[("If-None-Match", "\"TAG\"")], "304\netag: \"TAG\"", b"", false);
    check("revision=1", &[], &whole(), bytes(), false);
    check("revision=2 same-last-modified", &[RANGE, ("If-Range", DATE)], &dated, body, true);
    let both = "revision=2 same-etag same-last-modified";
    check(both, &[RANGE, ("If-Range", DATE)], &part(500, 599), body, true);
    let weak = |head: String| head.replace("\"TAG\"", "W/\"TAG\"").replace(DATE, SECOND_LATER);
    check("revision=2 same-etag weak-etag", &[], &weak(whole()), &revised(), true);
    // Nothing of a 304 is another, but for the tag.
    let unmodified = ask("revision=2 same-last-modified", "GET", &[("If-None-Match", "\"TAG-r2\"")]);
    assert_eq!((unmodified.head(), unmodified.exchange.applied), ("304\netag: \"TAG-r2\"".to_owned(), false));
}

#[test]
fn bytes_in_memory_have_no_time() {
    let server = start(builder("revision=2 same-last-modified").serve_bytes("/f", bytes()));
    let reply = Raw::connect(server.addr()).ask(&get("/f"));
    assert!(reply.header("last-modified").is_none() && reply.body == revised());
    assert!(!settled(server.journal(), 1)[0].applied);
}

#[test]
fn another_file_in_its_place() {
    check("replaced-by=/other", &[], &swapped(whole()), other(), true);
    check("replaced-by=/other?a=b", &[], &swapped(whole()), other(), true);
    check("replaced-by=/other", &[RANGE], &swapped(part(500, 599)), &other()[500..600], true);
    for own in ["\"TAG\"", DATE] {
        check("replaced-by=/other", &[RANGE, ("If-Range", own)], &swapped(whole()), other(), true);
    }
    let new = ("If-Range", DAY_LATER);
    check("replaced-by=/other", &[RANGE, new], &swapped(part(500, 599)), &other()[500..600], true);
    let tail = part(690, 699).replace("content-length: 1000\n", "");
    check("replaced-by=/other", &[("Range", "bytes=690-")], &swapped(tail), &other()[690..], true);
    let text = b"416 Range Not Satisfiable: the fixture ends before the range\n";
    check("replaced-by=/other", &[("Range", "bytes=700-")], &refused("bytes */700", text.len()), text, true);
    let head = ask("replaced-by=/other", "HEAD", &[RANGE]);
    assert_eq!((head.head(), head.exchange.applied), (swapped(whole()), true));
    let failed = ask("replaced-by=/other", "GET", &[("If-Match", "\"TAG\"")]);
    assert_eq!((failed.reply.status(), failed.exchange.applied), (412, true));
    let behind_both = ask("replaced-by=/other unknown-total", "GET", &[("Range", "bytes=2000-")]);
    assert_eq!(behind_both.head(), refused("bytes */*", text.len()));
}

#[test]
fn another_file_with_a_validator_of_the_first() {
    let kept = swapped(whole()).replace("OTHER", "TAG");
    check("replaced-by=/other same-etag", &[], &kept, other(), true);
    check(
        "replaced-by=/other same-etag same-last-modified",
        &[RANGE, ("If-Range", "\"TAG\"")],
        &part(500, 599).replace("/1000", "/700"),
        &other()[500..600],
        true,
    );
}

#[test]
fn nothing_in_its_place() {
    for (path, why) in [
        ("/absent", "`/absent` cannot take its place: no fixture is served under this path"),
        ("/%zz", "`/%zz` cannot take its place: "),
    ] {
        let got = ask(&format!("replaced-by={path}"), "GET", &[]);
        assert_eq!((got.head(), got.exchange.applied), (whole(), false), "{path}");
        assert!(got.reply.body == bytes());
        assert!(got.exchange.note.as_deref().is_some_and(|note| note.starts_with(why)), "{:?}", got.exchange);
    }
    // The same file under another name is the same file.
    check("replaced-by=/g", &[], &whole(), bytes(), false);
}

#[test]
fn the_name_tells_the_media_type() {
    let builder = builder("replaced-by=/b.zip, ok").serve_bytes("/a.json", "{}").serve_bytes("/b.zip", "zip");
    let reply = Raw::connect(start(builder).addr()).ask(&get("/a.json"));
    assert_eq!((reply.header("content-type"), reply.text().as_str()), (Some("application/json"), "zip"));
}

#[test]
fn versions_are_coded() {
    let scripts = [
        "gzip=1",
        "gzip=1 revision=2",
        "gzip=1 revision=2 same-etag",
        "gzip=1 replaced-by=/other",
        "gzip=1 replaced-by=/other same-etag",
        "gzip=1 replaced-by=/absent",
        "gzip=1",
    ];
    let server = start(
        builder(&format!("{}, ok", scripts.join(", "))).serve_bytes("/f", bytes()).serve_bytes("/other", other()),
    );
    let mut raw = Raw::connect(server.addr());
    let replies = scripts.map(|_| raw.ask(&get("/f")));
    let tag = replies[0].header("etag").unwrap();
    assert!(tag.ends_with("-gzip1\""));
    for (n, expected) in [bytes(), &revised(), &revised(), other(), other(), bytes(), bytes()].into_iter().enumerate() {
        let mut decoded = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*replies[n].body), &mut decoded).unwrap();
        assert!(decoded == expected, "{}", scripts[n]);
        let has_tag = ![1, 3].contains(&n);
        assert_eq!(replies[n].header("etag") == Some(tag), has_tag, "{}", scripts[n]);
    }
    let applied: Vec<_> = settled(server.journal(), scripts.len()).iter().map(|exchange| exchange.applied).collect();
    assert_eq!(applied, [true, true, true, true, true, false, true]);
}

#[test]
fn files_that_were_compressed_before() {
    let (gz, other_gz) = (content(60), content(50));
    let server = start(
        builder("ok, replaced-by=/other, replaced-by=/other same-etag, ok")
            .precompressed(true)
            .serve_bytes("/f", bytes())
            .serve_bytes("/f.gz", gz)
            .serve_bytes("/other", other())
            .serve_bytes("/other.gz", other_gz),
    );
    let mut raw = Raw::connect(server.addr());
    let replies = [(); 3].map(|()| raw.ask(&get("/f").header("Accept-Encoding", "gzip")));
    assert!(replies[0].body == gz && replies[1].body == other_gz && replies[2].body == other_gz);
    let [own, new, kept] = replies.each_ref().map(|reply| reply.header("etag"));
    assert!(own != new && own == kept);
    assert!(replies.iter().all(|reply| reply.header("content-encoding") == Some("gzip")));
}
