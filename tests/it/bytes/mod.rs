//! What becomes of the bytes of a body: other ones, fewer, coded, and in their time.

mod changed;
mod coded;
mod other;
mod pace;
mod short;

use flaky_server::{Entry, Exchange, FlakyServer, Rule, matchers::path};

use crate::support::{Framing, Raw, Reply, Request, content, get, settled, start};

const LEN: usize = 300_001;
const FRAMINGS: [&str; 3] = ["length", "chunked", "close"];

fn bytes() -> &'static [u8] {
    static BYTES: std::sync::OnceLock<&[u8]> = std::sync::OnceLock::new();
    BYTES.get_or_init(|| content(LEN))
}

/// The other fixture: shorter, so that it has to be sent over and over.
fn other() -> &'static [u8] {
    static OTHER: std::sync::OnceLock<&[u8]> = std::sync::OnceLock::new();
    OTHER.get_or_init(|| content(70_001))
}

/// Follows the script for `/f` alone.
fn serve(script: &str) -> FlakyServer {
    let rule = Rule::when(path("/f")).script(script).expect("the script is right");
    let builder = FlakyServer::builder().rule(rule).seed(7);
    start(builder.serve_bytes("/f", bytes()).serve_bytes("/other", other()).serve_bytes("/empty", ""))
}

/// What a client got, and what the journal says of it.
#[derive(Debug)]
struct Got {
    reply: Reply,
    exchange: Exchange,
}

/// Asks once, behind a correct reply on the same connection if that is `reused`. The connection goes on, unless its end
/// is the body's.
#[track_caller]
fn ask(script: &str, request: &Request, reused: bool) -> Got {
    let script = if reused { format!("ok, {script}") } else { script.to_owned() };
    let server = serve(&format!("{script}, ok"));
    let mut raw = Raw::connect(server.addr());
    if reused {
        assert!(raw.ask(&Request::new(&request.method, "/f")).complete);
    }
    let reply = raw.ask(request);
    if reply.framing != Framing::Close {
        let next = raw.ask(&get("/other"));
        assert!(next.complete && next.body == other(), "{script}: the connection goes on");
    }
    drop(raw);
    let position = usize::from(reused);
    let exchange =
        settled(server.journal(), position + 1 + usize::from(reply.framing != Framing::Close)).remove(position);
    Got { reply, exchange }
}

/// Whether a reply to GET has exactly this body, in all framings, on fresh and reused connections.
#[track_caller]
fn check(script: &str, request: &Request, expected: &[u8], applied: bool) {
    for framing in FRAMINGS {
        for reused in [false, true] {
            let script = if framing == "length" { script.to_owned() } else { format!("{script} framing={framing}") };
            let Got { reply, exchange } = ask(&script, request, reused);
            let framed = match framing {
                "length" => Framing::Length(expected.len() as u64),
                "chunked" => Framing::Chunked,
                _ => Framing::Close,
            };
            assert_eq!((reply.framing, reply.complete), (framed, true), "{script}, reused: {reused}");
            let wrong = reply.body.iter().zip(expected).position(|(got, expected)| got != expected);
            assert_eq!((reply.body.len(), wrong), (expected.len(), None), "{script}, reused: {reused}");
            let entry: Entry = script.parse().unwrap();
            assert_eq!((exchange.applied, exchange.plan.as_str()), (applied, entry.as_str()), "{exchange:?}");
            assert_eq!(exchange.body_sent, expected.len() as u64, "{exchange:?}");
        }
    }
}
