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

/// The last six of them.
const REST_OF_SIX: &str = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 4-9/10\r\n\
                           Content-Length: 6\r\nConnection: close\r\n\r\n456789";

/// All but the first three.
const PART_FROM_3: &str = "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes 3-9/10\r\n\
                           Content-Length: 7\r\nConnection: close\r\n\r\n3456789";

/// Of all of them, nothing is missing.
const NOTHING_BEHIND: &str = "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */10\r\nContent-Length: 0\r\n\
                              Connection: close\r\n\r\n";

/// A server that says this, and then nothing more.
struct Server {
    origin: String,
    url: Url,
    /// The lines of the requests.
    heads: mpsc::Receiver<Vec<String>>,
}

fn serve<T: AsRef<str>>(replies: &[T]) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let url = format!("{origin}/fixture.bin").parse().unwrap();
    let (sender, heads) = mpsc::channel();
    let replies: Vec<_> = replies.iter().map(|reply| reply.as_ref().to_owned()).collect();
    thread::spawn(move || {
        for reply in replies {
            let (mut stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(&stream).lines().map(|line| line.unwrap().to_ascii_lowercase());
            sender.send(lines.take_while(|line| !line.is_empty()).collect()).unwrap();
            stream.write_all(reply.as_bytes()).unwrap();
        }
    });
    Server { origin, url, heads }
}

fn run(request: &Request, mut policy: Policy) -> Result<Report, DownloadError> {
    policy.retrying.backoff.base = Duration::from_millis(1);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(download(request, &policy))
}

/// Downloads from a server that says this, and needs all of it for the file. Returns the heads of the requests.
#[track_caller]
fn heads(replies: &[&str]) -> Vec<Vec<String>> {
    let Server { url, heads, .. } = serve(replies);
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
fn check(replies: &[&str], ranges: &[Option<&str>]) {
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

/// A 206 with this range, framing and body.
fn part(range: &str, framing: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Range: bytes {range}\r\n{framing}\r\n\
         Connection: close\r\n\r\n{body}"
    )
}

#[test]
fn a_part_that_is_longer_than_it_says_starts_over() {
    let ranges = [None, Some("bytes=4-"), None];
    let chunked = |range, body| part(range, "Transfer-Encoding: chunked", body);
    for part in [
        chunked("4-9/10", "8\r\n456789ab\r\n0\r\n\r\n"),
        // No more than the file has, and more than anybody knows of.
        chunked("4-6/10", "5\r\n456xx\r\n0\r\n\r\n"),
        part("4-6/10", "Content-Length: 5", "456xx"),
    ] {
        check(&[BREAKS_OFF, &part, WHOLE], &ranges);
    }
}

#[test]
fn a_part_that_is_shorter_than_it_says_is_not_believed_or_completed() {
    let short = part("4-9/10", "Content-Length: 3", "456");
    check(&[BREAKS_OFF, &short, WHOLE], &[None, Some("bytes=4-"), None]);
    let short = part("4-9/10", "Transfer-Encoding: chunked", "3\r\n456\r\n0\r\n\r\n");
    check(&[BREAKS_OFF, &short, REST], &[None, Some("bytes=4-"), Some("bytes=7-")]);
}

#[test]
fn of_a_part_that_begins_earlier_no_byte_is_there_twice() {
    for first in ["2-9/10", "0-9/10"] {
        let body = &FILE[first[..1].parse().unwrap()..];
        let part = part(first, &format!("Content-Length: {}", body.len()), body);
        check(&[BREAKS_OFF, &part], &[None, Some("bytes=4-")]);
    }
    // Also if it breaks off where it has not come to what is missing.
    let breaks_off = part("2-9/10", "Content-Length: 8", "2");
    check(&[BREAKS_OFF, &breaks_off, PART_FROM_3], &[None, Some("bytes=4-"), Some("bytes=3-")]);
}

#[test]
fn a_length_that_is_told_once_is_known() {
    let part = part("4-9/*", "Content-Length: 6", "456789");
    check(&[BREAKS_OFF, &part], &[None, Some("bytes=4-")]);
    let chunked =
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\n0123\r\n";
    check(&[chunked, &part, WHOLE], &[None, Some("bytes=4-"), None]);
}

#[test]
fn several_parts_are_none() {
    let body = "--x\r\nContent-Type: text/plain\r\nContent-Range: bytes 4-9/10\r\n\r\n456789\r\n--x--\r\n";
    let parts = format!(
        "HTTP/1.1 206 Partial Content\r\nETag: \"a\"\r\nContent-Type: multipart/byteranges; boundary=x\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    check(&[BREAKS_OFF, &parts, WHOLE], &[None, Some("bytes=4-"), None]);
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
    let Server { url, heads, .. } = serve(&[WHOLE, NOTHING_BEHIND]);
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

/// A 302 to there.
fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

/// What is asked of two servers, of which the first one redirects to the second: with a name and a password, a cookie,
/// and a key in a field of its own.
#[track_caller]
fn asked_of_both(spoil: fn(&mut Policy)) -> [Vec<Vec<String>>; 2] {
    let second = serve(&[BREAKS_OFF, REST_OF_SIX]);
    let to = format!("{}/signed", second.origin);
    let first = serve(&[redirect("/moved"), redirect(&to), redirect("/moved"), redirect(&to)]);
    let dir = tempfile::tempdir().unwrap();
    let target = dir.path().join("fixture.bin");
    let url = first.origin.replace("://", "://name:secret@") + "/fixture.bin";
    let mut request = Request::new(url.parse().unwrap(), Target::File(target.clone()));
    request.fields = ["Cookie: a=b", "X-Key: c"].map(|field| field.parse().unwrap()).into();
    let mut policy = Policy::default();
    spoil(&mut policy);
    let report = run(&request, policy).unwrap();
    assert_eq!((fs::read_to_string(target).unwrap().as_str(), report.retries), (FILE, 1));
    [first, second].map(|server| server.heads.try_iter().collect())
}

#[test]
fn what_was_given_for_one_server_is_sent_to_no_other() {
    let key = |value: &str| Some(value.to_owned());
    let [first, second] = asked_of_both(|_| {});
    for (name, value) in [("authorization", "basic bmftztpzzwnyzxq="), ("cookie", "a=b"), ("x-key", "c")] {
        assert_eq!(values(&first, name), vec![key(value); 4], "{name}");
        assert_eq!(values(&second, name), vec![None; 2], "{name}");
    }
    // What is about the file goes where the file is.
    assert_eq!(values(&second, "range"), [None, key("bytes=4-")]);
    assert_eq!(values(&second, "if-range"), [None, key(r#""a""#)]);
    assert_eq!(values(&second, "accept-encoding"), vec![key("identity"); 2]);
    // And nobody is told where we came from.
    assert_eq!(values(&second, "referer"), vec![None; 2]);

    let [_, second] = asked_of_both(|policy| policy.redirecting.guard_credentials = false);
    assert_eq!(values(&second, "cookie"), vec![key("a=b"); 2]);
}

#[test]
fn each_attempt_begins_at_the_url_that_was_given() {
    let [first, second] = asked_of_both(|_| {});
    let lines = |heads: &[Vec<String>]| heads.iter().map(|head| head[0].clone()).collect::<Vec<_>>();
    let asked = ["get /fixture.bin http/1.1", "get /moved http/1.1"];
    assert_eq!(lines(&first), [asked, asked].concat());
    assert_eq!(lines(&second), vec!["get /signed http/1.1"; 2]);
}
