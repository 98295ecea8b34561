//! Replies that the server of the trials never gives: they are written out, one for each request.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use model_downloader::{DownloadError, Policy, Report, Request, Target, Url, download};

/// What is to arrive.
const FILE: &str = "0123456789";

/// The first four bytes of ten, and the connection's end.
const BREAKS_OFF: &str = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123";

/// All of them.
const WHOLE: &str = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123456789";

/// Three more.
const PART: &str = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 4-6/10\r\nContent-Length: 3\r\n\
                    Connection: close\r\n\r\n456";

/// And the last three.
const REST: &str = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 7-9/10\r\nContent-Length: 3\r\n\
                    Connection: close\r\n\r\n789";

/// Of all of them, nothing is missing.
const NOTHING_BEHIND: &str = "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\
                              Connection: close\r\n\r\n";

/// A server that says this, and then nothing more.
struct Server {
    url: Url,
    /// The lines of the requests.
    heads: mpsc::Receiver<Vec<String>>,
}

fn serve(replies: &[&'static str]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/fixture.bin", listener.local_addr().unwrap()).parse().unwrap();
    let (sender, heads) = mpsc::channel();
    let replies = replies.to_vec();
    thread::spawn(move || {
        for reply in replies {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map(|line| line.unwrap().to_ascii_lowercase());
            sender.send(lines.take_while(|line| !line.is_empty()).collect()).unwrap();
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    Server { url, heads }
}

fn run(request: &Request, mut policy: Policy) -> Result<Report, DownloadError> {
    policy.retrying.backoff.base = Duration::from_millis(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(download(request, &policy))
}

/// Downloads from a server that says this, and needs all of it for the file. Returns the heads of the requests.
#[track_caller]
fn heads(replies: &[&'static str]) -> Vec<Vec<String>> {
    let Server { url, heads } = serve(replies);
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("fixture.bin");
    let report = run(&Request::new(url, Target::File(target.clone())), Policy::default()).unwrap();
    assert_eq!(fs::read_to_string(target).unwrap(), FILE);
    assert_eq!((report.bytes, report.retries as usize), (10, replies.len() - 1));
    heads.try_iter().collect()
}

/// What each request says in this field.
fn values(heads: &[Vec<String>], name: &str) -> Vec<Option<String>> {
    let value = |line: &String| Some(line.split_once(':').filter(|(found, _)| *found == name)?.1.trim().to_owned());
    heads.iter().map(|head| head.iter().find_map(value)).collect()
}

#[track_caller]
fn check(replies: &[&'static str], ranges: &[Option<&str>]) {
    let heads = heads(replies);
    assert_eq!(values(&heads, "range"), ranges.iter().map(|range| range.map(str::to_owned)).collect::<Vec<_>>());
    // Who asks for a range says of which version.
    let versions = ranges.iter().map(|range| range.map(|_| r#""a""#.to_owned())).collect::<Vec<_>>();
    assert_eq!(values(&heads, "if-range"), versions);
    // Never in another coding: the bytes are to be those of the file.
    assert_eq!(values(&heads, "accept-encoding"), vec![Some("identity".to_owned()); replies.len()]);
    let agent = concat!("model-downloader/", env!("CARGO_PKG_VERSION"));
    assert_eq!(values(&heads, "user-agent"), vec![Some(agent.to_owned()); replies.len()]);
}

#[test]
fn of_a_part_that_is_shorter_than_the_rest_every_byte_counts() {
    let ranges = [None, Some("bytes=4-"), Some("bytes=7-")];
    check(&[BREAKS_OFF, PART, REST], &ranges);
    // It is the part that says how long the file is.
    let chunked =
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\n0123\r\n";
    check(&[chunked, PART, REST], &ranges);
}

#[test]
fn a_part_that_is_longer_than_the_rest_starts_over() {
    let part = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 4-9/10\r\n\
                Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n8\r\n456789ab\r\n0\r\n\r\n";
    check(&[BREAKS_OFF, part, WHOLE], &[None, Some("bytes=4-"), None]);
}

#[test]
fn without_a_strong_validator_nothing_is_resumed() {
    let weak = "HTTP/1.1 200 OK\r\nETag: W/\"a\"\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123";
    let none = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\n0123";
    check(&[weak, none, WHOLE], &[None, None, None]);
}

#[test]
fn of_an_empty_body_nothing_is_resumed() {
    let nothing = "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 10\r\nConnection: close\r\n\r\n";
    check(&[nothing, WHOLE], &[None, None]);
}

#[test]
fn with_what_cannot_be_gone_on_with_the_whole_is_asked_for() {
    for refused in [REST, NOTHING_BEHIND] {
        check(&[BREAKS_OFF, refused, WHOLE], &[None, Some("bytes=4-"), None]);
    }
}

#[test]
fn the_server_is_asked_about_what_a_cache_has() {
    let Server { url, heads } = serve(&[WHOLE, NOTHING_BEHIND]);
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("fixture.bin");
    let mut request = Request::new(url, Target::File(target.clone()));
    request.cache = Some(dir.path().join("cache"));
    // A run that leaves all of it there: it wants another digest, and keeps what does not have it.
    request.sha256 = Some("0".repeat(64).parse().unwrap());
    let mut policy = Policy::default();
    policy.keeping.trust_cache = true;
    run(&request, policy).unwrap_err();

    request.sha256 = None;
    run(&request, Policy::default()).unwrap();
    assert_eq!(fs::read_to_string(target).unwrap(), FILE);
    assert_eq!(values(&heads.try_iter().collect::<Vec<_>>(), "range"), [None, Some("bytes=10-".to_owned())]);
}
