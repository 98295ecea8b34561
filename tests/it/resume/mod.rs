//! Requests for a part of a file that are answered in another way than they should be, what a reply says of the file, and
//! files that have become others.

mod ends;
mod headers;
mod validators;
mod versions;

use std::time::{Duration, UNIX_EPOCH};

use flaky_server::{Exchange, FlakyServer, Rule, matchers::path};

use crate::support::{Raw, Reply, Request, content, get, settled, start};

const LEN: usize = 1_000;
const OTHER: usize = 700;

/// When `/f` was modified, and a second and a day later.
const DATE: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const SECOND_LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
const DAY_LATER: &str = "Mon, 07 Nov 1994 08:49:37 GMT";

fn bytes() -> &'static [u8] {
    static BYTES: std::sync::OnceLock<&[u8]> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| content(LEN))
}

fn other() -> &'static [u8] {
    static OTHER_BYTES: std::sync::OnceLock<&[u8]> = std::sync::OnceLock::new();
    OTHER_BYTES.get_or_init(|| content(OTHER))
}

/// The second revision of `/f`.
fn revised() -> Vec<u8> {
    bytes().iter().map(|byte| byte ^ 2).collect()
}

/// What a client got, and what the journal says of it.
#[derive(Debug)]
struct Got {
    reply: Reply,
    /// The entity tag of the file, and that of the other one.
    tags: [String; 2],
    exchange: Exchange,
}

impl Got {
    /// Status and headers as text, sorted and without the date; the file's tag is `TAG`, the other one's `OTHER`.
    fn head(&self) -> String {
        let [tag, other] = self.tags.each_ref().map(|tag| tag.trim_matches('"'));
        let headers = self.reply.head.headers.iter().filter(|(name, _)| name != "date");
        let mut lines: Vec<_> = headers.map(|(name, value)| format!("{name}: {value}")).collect();
        lines.sort();
        let text = format!("{}\n{}", self.reply.status(), lines.join("\n"));
        text.replace(tag, "TAG").replace(other, "OTHER")
    }
}

/// Asks for `/f` on a connection that goes on behind the reply. In the values of headers `TAG` is the file's entity tag.
#[track_caller]
fn ask(script: &str, method: &str, headers: &[(&str, &str)]) -> Got {
    let dir = tempfile::tempdir().unwrap();
    let server = serve(dir.path(), &format!("{script}, ok"));
    let mut raw = Raw::connect(server.addr());
    let tags = ["/g", "/other"].map(|path| raw.ask(&get(path)).header("etag").unwrap().to_owned());
    let mut request = Request::new(method, "/f");
    for (name, value) in headers {
        request = request.header(name, &value.replace("TAG", tags[0].trim_matches('"')));
    }
    let reply = raw.ask(&request);
    assert!(reply.complete, "{script}: {reply:?}");
    let next = raw.ask(&Request::new(method, "/f"));
    assert_eq!((next.status(), next.header("etag")), (200, Some(&*tags[0])), "{script}: the connection goes on");
    drop(raw);
    let exchange = settled(server.journal(), 4).remove(2);
    Got { reply, tags, exchange }
}

/// Serves `/f`, under another name as `/g`, and `/other`; what happens happens to `/f`.
fn serve(dir: &std::path::Path, script: &str) -> FlakyServer {
    let modified = UNIX_EPOCH + Duration::from_secs(784_111_777);
    for (name, bytes, modified) in
        [("f", bytes(), modified), ("other", other(), modified + Duration::from_secs(24 * 60 * 60))]
    {
        std::fs::write(dir.join(name), bytes).unwrap();
        std::fs::File::options().write(true).open(dir.join(name)).unwrap().set_modified(modified).unwrap();
    }
    std::fs::hard_link(dir.join("f"), dir.join("g")).unwrap();
    let rule = Rule::when(path("/f")).script(script).expect("the script is right");
    start(FlakyServer::builder().rule(rule).serve_dir(dir))
}

/// Checks the head, the body, and whether something has happened.
#[track_caller]
fn check(script: &str, headers: &[(&str, &str)], head: &str, body: &[u8], applied: bool) {
    let got = ask(script, "GET", headers);
    assert_eq!(got.head(), head, "{script} {headers:?}");
    assert!(got.reply.body == body, "{script} {headers:?}: {} bytes, {}", got.reply.len, body.len());
    assert_eq!(got.exchange.applied, applied, "{script} {headers:?}: {:?}", got.exchange);
    assert_eq!(got.exchange.plan, script);
}

/// The head of the whole.
fn whole() -> String {
    format!(
        "200\naccept-ranges: bytes\ncontent-length: {LEN}\ncontent-type: application/octet-stream\netag: \"TAG\"\n\
         last-modified: {DATE}"
    )
}

/// The head of a part, its last byte included.
fn part(first: usize, last: usize) -> String {
    format!(
        "206\naccept-ranges: bytes\ncontent-length: {}\ncontent-range: bytes {first}-{last}/{LEN}\n\
         content-type: application/octet-stream\netag: \"TAG\"\nlast-modified: {DATE}",
        last - first + 1
    )
}

/// The head of a 416 that says this of the range; its text has so many bytes.
fn refused(content_range: &str, len: usize) -> String {
    format!("416\ncontent-length: {len}\ncontent-range: {content_range}\ncontent-type: text/plain; charset=utf-8")
}
