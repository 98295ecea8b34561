//! Which terms make a whole reply something else than what was asked for: held against all that the reference shows, so
//! that a new term has to say it.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::ops::Range;
use std::sync::{Mutex, OnceLock};
use std::thread;

use flaky_server::decision::reference;
use flaky_server::{End, Entry, Fault, FlakyServer, Rule};

use crate::support::{PATIENCE, content, settled, start};

const THREADS: usize = 8;
const LEN: usize = 1000;

/// What is asked for: the whole, or a part of it.
const ASKED: [Option<Range<usize>>; 3] = [None, Some(500..LEN), Some(100..200)];

/// What a client makes of a reply that it takes for whole. It believes the head, and is not strict about it.
struct Whole {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Whole {
    /// `None` if the reply is none, or is not whole.
    fn of(mut bytes: &[u8]) -> Option<Self> {
        loop {
            let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            bytes = &bytes[end + 4..];
            let status = head.strip_prefix("http/1.1 ")?.split(' ').next()?.parse().ok()?;
            if status < 200 {
                continue;
            }
            let mut whole = Self { status, head, body: Vec::new() };
            whole.body = match (whole.field("transfer-encoding"), whole.field("content-length")) {
                _ if matches!(status, 204 | 304) => Vec::new(),
                (Some("chunked"), _) => chunks(bytes)?,
                (_, Some(length)) => bytes.get(..length.parse().ok()?)?.to_vec(),
                _ => bytes.to_vec(),
            };
            return Some(whole);
        }
    }

    fn field(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(other, _)| *other == name).map(|(_, value)| value.trim())
    }

    /// Whether it is what was asked for, or says that it is not.
    fn is_right(&self, file: &[u8], asked: Option<&Range<usize>>) -> bool {
        match self.status {
            // It is decoded before it is compared, which is for other tests.
            _ if self.field("content-encoding").is_some() => true,
            200 => asked.is_none() && self.body == file,
            206 => asked.is_some_and(|part| {
                let says = self.field("content-range").and_then(|it| it.rsplit_once('/'));
                let is_part = says.is_some_and(|(says, total)| {
                    says == format!("bytes {}-{}", part.start, part.end - 1) && ["1000", "*"].contains(&total)
                });
                is_part && self.body == file[part.clone()]
            }),
            201..=299 | 304 => false,
            _ => true,
        }
    }
}

/// What is in the chunks, up to the last one.
fn chunks(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let end = bytes.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&bytes[..end]).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(content);
        }
        content.extend_from_slice(bytes.get(end + 2..end.checked_add(2)?.checked_add(size)?)?);
        bytes = bytes.get(end + 4 + size..)?;
    }
}

/// The file, and another one.
fn files() -> [&'static [u8]; 2] {
    static FILES: OnceLock<[&[u8]; 2]> = OnceLock::new();
    *FILES.get_or_init(|| [content(LEN), content(300)])
}

/// Whether a client that asks once gets something else than it asked for, and cannot tell by the end of the connection.
fn is_wrong(entry: &Entry, asked: Option<&Range<usize>>) -> bool {
    let rule = Rule::any().script(entry.as_str()).unwrap();
    let [file, other] = files();
    let builder = FlakyServer::builder().rule(rule).seed(7).mirror(true);
    let server = start(builder.serve_bytes("/file", file).serve_bytes("/other", other));
    let Ok(mut stream) = TcpStream::connect(server.addr()) else { return false };
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let range = asked.map_or(String::new(), |part| format!("range: bytes={}-{}\r\n", part.start, part.end - 1));
    let mut bytes = Vec::new();
    let sent = write!(stream, "GET /file HTTP/1.1\r\nhost: test\r\nconnection: close\r\n{range}\r\n");
    let whole = sent.and_then(|()| stream.read_to_end(&mut bytes)).ok().and_then(|_| Whole::of(&bytes));
    drop(stream);
    let is_complete = settled(server.journal(), 1)[0].end == Some(End::Complete);
    is_complete && whole.is_some_and(|whole| !whole.is_right(file, asked))
}

#[test]
fn what_changes_the_content_says_so() {
    // Who is silent would have to be waited for.
    let shows = reference().flat_map(|spec| spec.shows()).filter(|show| !show.wire.contains("silence"));
    let entries: BTreeSet<&str> = shows.map(|show| show.entry).collect();
    let (left, wrong) = (Mutex::new(entries.iter()), Mutex::new(Vec::new()));
    let next = || left.lock().unwrap().next().and_then(|entry| entry.parse::<Entry>().ok());
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some(entry) = next() {
                    if ASKED.iter().any(|asked| is_wrong(&entry, asked.as_ref())) {
                        wrong.lock().unwrap().push(entry);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    let changes = |entry: &Entry| entry.terms().iter().filter(|it| it.changes_content()).cloned().collect::<Vec<_>>();
    let name = |term: Fault| term.spec().name();
    let silent: Vec<_> = wrong.iter().filter(|entry| changes(entry).is_empty()).map(Entry::as_str).collect();
    assert!(silent.is_empty(), "`changes_content` of one of their terms is to say so: {silent:?}");
    let seen: BTreeSet<_> = wrong.iter().map(changes).filter(|terms| terms.len() == 1).flatten().map(name).collect();
    let say: BTreeSet<_> = entries.iter().flat_map(|entry| changes(&entry.parse().unwrap())).map(name).collect();
    assert_eq!(seen, say, "those that were seen, and those that say it");
}
