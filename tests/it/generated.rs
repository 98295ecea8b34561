//! Fixtures that are computed, as they are on the wire.

use std::io::{Read as _, Seek as _, SeekFrom};

use flaky_server::{By, ByteSize, End, FlakyServer, Generated, MountError, StartError};
use sha2::{Digest as _, Sha256};

use crate::support::{Ending, Framing, Raw, Reply, Request, builder, get, settled, start};

const TIB: u64 = 1 << 40;

/// Serves 1 TiB as `/huge.tar.gz`, and follows `script`.
fn huge(script: &str) -> FlakyServer {
    start(builder(script).serve_generated("/huge.tar.gz", ByteSize::b(TIB)))
}

/// What a server has under a path, from one byte to another.
#[track_caller]
fn part(server: &FlakyServer, path: &str, from: u64, to: u64) -> Vec<u8> {
    let mut fixture = server.fixture(path).unwrap();
    fixture.seek(SeekFrom::Start(from)).unwrap();
    let mut bytes = Vec::new();
    fixture.take(to - from).read_to_end(&mut bytes).unwrap();
    assert_eq!(bytes.len() as u64, to - from);
    bytes
}

fn whole(server: &FlakyServer, path: &str, revision: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    server.fixture(path).unwrap().revision(revision).read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_end_of_1_tib() {
    let server = huge("ok");
    let mut raw = Raw::connect(server.addr());
    let head = raw.ask(&Request::new("HEAD", "/huge.tar.gz"));
    assert_eq!((head.status(), head.header("content-length")), (200, Some("1099511627776")));
    assert_eq!((head.header("content-type"), head.header("last-modified")), (Some("application/gzip"), None));
    let reply = raw.ask(&get("/huge.tar.gz").range("bytes=-100000"));
    assert_eq!((reply.status(), reply.complete), (206, true));
    let range = format!("bytes {}-{}/{TIB}", TIB - 100_000, TIB - 1);
    assert_eq!(reply.header("content-range"), Some(range.as_str()));
    assert!(reply.body == part(&server, "/huge.tar.gz", TIB - 100_000, TIB));
    // Checksum and length of the archive, fixed for ever.
    assert_eq!(reply.body[99_992..], [0xc7, 0x9a, 0xc1, 0xe8, 0x00, 0x62, 0x00, 0xf6]);
}

/// A break in a reply that begins at `from`, behind `len` bytes.
#[track_caller]
fn check_break(term: &str, from: u64, len: u64, ending: Ending) {
    let server = huge(term);
    let expected = part(&server, "/huge.tar.gz", from, from + len);
    let mut raw = Raw::connect(server.addr());
    raw.send(&get("/huge.tar.gz").range(&format!("bytes={from}-")).to_bytes());
    let reply = raw.compare(&expected, None);
    assert_eq!((reply.status(), reply.framing), (206, Framing::Length(TIB - from)), "{term}");
    assert_eq!((reply.len, reply.wrong_at, reply.ending), (len, None, Some(ending)), "{term}");
    let exchange = settled(server.journal(), 1).remove(0);
    assert_eq!(exchange.body_acked.unwrap_or(len), len, "{term}: {exchange:?}");
    assert_eq!((exchange.start, exchange.applied, exchange.by), (Some(from), true, Some(By::Server)), "{term}");
    let end = if ending == Ending::Reset { End::Rst } else { End::Fin };
    assert_eq!((exchange.end, exchange.note), (Some(end), None), "{term}");
}

#[test]
fn breaks_are_exact_beyond_4_gib() {
    check_break("reset-at=5GB", 4_999_997_000, 3000, Ending::Reset);
    check_break("reset-at=4294967296", (1 << 32) - 2_000_001, 2_000_001, Ending::Reset);
    check_break("truncate-at=4294967297", 1 << 32, 1, Ending::Eof);
    check_break("reset-at=50%", TIB / 2 - 77, 77, Ending::Reset);
    check_break("reset-after=2MB", 1_000_000_000_001, 2_000_000, Ending::Reset);
    check_break("truncate-after=0", TIB - 1, 0, Ending::Eof);
    check_break("reset-at=end-1", TIB - 70_000, 69_999, Ending::Reset);
}

#[test]
fn a_byte_is_corrupted_beyond_4_gib() {
    let server = huge("corrupt-at=5GB");
    let mut expected = part(&server, "/huge.tar.gz", 4_999_900_000, 5_000_100_000);
    let request = get("/huge.tar.gz").range("bytes=4999900000-5000099999");
    let reply = Raw::connect(server.addr()).ask(&request);
    assert!(reply.body != expected);
    expected[100_000] = !expected[100_000];
    assert!(reply.complete && reply.body == expected);
    // It has fired: the rest of the truth comes at the next attempt.
    expected[100_000] = !expected[100_000];
    assert!(Raw::connect(server.addr()).ask(&request).body == expected);
}

/// The names and lengths of what is in an archive; the decoders compare the checksums.
#[track_caller]
fn entries(archive: &[u8]) -> Vec<(String, u64)> {
    let mut unzipped = Vec::new();
    flate2::read::GzDecoder::new(archive).read_to_end(&mut unzipped).unwrap();
    let mut archive = tar::Archive::new(unzipped.as_slice());
    let entry = |entry: std::io::Result<tar::Entry<'_, _>>| {
        let entry = entry.unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), entry.size())
    };
    archive.entries().unwrap().map(entry).collect()
}

#[test]
fn an_archive_and_its_next_revision() {
    let server = start(builder("ok, revision=2 x*").serve_generated("/a/app-1.0.tar.gz", ByteSize::b(1_000_001)));
    let mut raw = Raw::connect(server.addr());
    let replies: Vec<Reply> = (0..2).map(|_| raw.ask(&get("/a/app-1.0.tar.gz"))).collect();
    for (reply, revision) in replies.iter().zip(1..) {
        assert_eq!((reply.status(), reply.len, reply.complete), (200, 1_000_001, true));
        assert!(reply.body == whole(&server, "/a/app-1.0.tar.gz", revision));
        let data = ("app-1.0/data.bin".to_owned(), 996_864);
        let entries = entries(&reply.body);
        assert_eq!((entries[0].0.as_str(), &entries[1]), ("app-1.0/README.txt", &data));
    }
    let (first, second) = (&replies[0], &replies[1]);
    assert_ne!(first.header("etag"), second.header("etag"));
    let same = first.body.iter().zip(&second.body).filter(|(a, b)| a == b).count();
    assert!(same < 10_000, "{same} bytes are the same");
}

#[test]
fn the_same_for_ever() {
    let serve = |path: &str, generated: Generated| {
        let server = start(FlakyServer::builder().serve_generated(path, generated));
        let tag = Raw::connect(server.addr()).ask(&Request::new("HEAD", path)).header("etag").unwrap().to_owned();
        let hash: String = Sha256::digest(whole(&server, path, 1)).iter().map(|byte| format!("{byte:02x}")).collect();
        (tag, hash)
    };
    let size = ByteSize::kb(200);
    let mut seen = std::collections::BTreeSet::new();
    for (path, generated, start_of_hash) in [
        ("/app.tar.gz", Generated::new(size), "f649546a3760d71f"),
        ("/app.tar.gz", Generated::new(size).seed(7), "f8efabda844e3571"),
        ("/other.tar.gz", Generated::new(size), "104c0426224574e1"),
        ("/app.tar", Generated::new(size), "17f3defc19feec06"),
        ("/app.gz", Generated::new(size), "108aa835b50b9c53"),
        ("/app.bin", Generated::new(size), "bbf10767db8ff2c7"),
        ("/app.bin", Generated::new(ByteSize::kb(201)), "9e1c8c4d182e685a"),
    ] {
        let (tag, hash) = serve(path, generated);
        assert_eq!(hash[..16], *start_of_hash, "{path} {generated:?}");
        assert!(seen.insert(tag) && seen.insert(hash), "{path} {generated:?}");
    }
}

#[test]
fn what_cannot_be_generated() {
    let error = |builder: flaky_server::FlakyServerBuilder| match builder.start() {
        Err(StartError::Content(error)) => error,
        other => panic!("{other:?}"),
    };
    let generate = |path: &str, size: u64| FlakyServer::builder().serve_generated(path, ByteSize::b(size));
    let small = error(generate("/a.tar.gz", 3095));
    assert!(matches!(small, MountError::TooSmall { size: 3095, least: 3096, .. }), "{small:?}");
    let large = error(generate("/a", 1 << 63));
    assert!(matches!(large, MountError::TooLarge { .. }), "{large:?}");
    let twice = error(generate("/a", 1).serve_bytes("/a", "b"));
    assert!(matches!(twice, MountError::Duplicate { .. }), "{twice:?}");
    assert!(matches!(error(generate("a", 1)), MountError::Url { .. }));
    assert_eq!(start(generate("/a", (1 << 63) - 1)).fixture("/a").unwrap().len(), (1 << 63) - 1);
}

#[test]
fn a_reader_can_be_moved() {
    let server = start(FlakyServer::builder().serve_generated("/f", ByteSize::kb(300)));
    let bytes = whole(&server, "/f", 1);
    let mut fixture = server.fixture("/f").unwrap();
    let mut byte = [0];
    let mut check = |to: SeekFrom, position: u64| {
        assert_eq!(fixture.seek(to).unwrap(), position, "{to:?}");
        let read = fixture.read(&mut byte).unwrap();
        assert_eq!(bytes.get(position as usize), byte.get(..read).and_then(<[u8]>::first), "{to:?}");
        assert_eq!(fixture.stream_position().unwrap(), position + read as u64, "{to:?}");
    };
    check(SeekFrom::Start(200_000), 200_000);
    check(SeekFrom::Current(-1), 200_000);
    check(SeekFrom::Current(50_000), 250_001);
    check(SeekFrom::End(-1), 299_999);
    check(SeekFrom::End(0), 300_000);
    check(SeekFrom::Start(u64::MAX), u64::MAX);
    check(SeekFrom::Start(0), 0);
    for before in [SeekFrom::Current(-2), SeekFrom::End(-300_001)] {
        assert_eq!(fixture.seek(before).unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    }
    assert_eq!(fixture.stream_position().unwrap(), 1);
}
